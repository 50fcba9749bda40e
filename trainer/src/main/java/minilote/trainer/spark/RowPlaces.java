package minilote.trainer.spark;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where the training examples of a {@link SpreadSplit} are, as one JVM sees it. */
final class RowPlaces {
  /** The owner of rows of this JVM that can be used where they are. */
  static final int IN_PLACE = -1;

  private final long[] firstRanks;
  private final int[] owners;
  private final @Nullable HeldPartition[] held;
  private final List<String> others;

  /**
   * For the JVM at {@code here}.
   *
   * @param firstRanks the rank of each partition's first training example
   * @param addresses where the JVM is that holds each partition
   * @throws IllegalStateException where this JVM does not hold what it is said to
   */
  RowPlaces(SpreadSplit split, long[] firstRanks, List<String> addresses, String here) {
    this.firstRanks = firstRanks;
    this.others = addresses.stream().distinct().filter(address -> !address.equals(here)).toList();
    this.owners = new int[addresses.size()];
    this.held = new HeldPartition[addresses.size()];
    for (int partition = 0; partition < owners.length; partition++) {
      int owner = others.indexOf(addresses.get(partition));
      owners[partition] = owner;
      if (owner < 0) {
        HeldPartition mine = split.held(partition);
        if (mine == null) {
          throw new IllegalStateException(
              "partition %d of the examples is no longer held here".formatted(partition));
        }
        held[partition] = mine;
        owners[partition] = mine.isMapped() ? others.size() : IN_PLACE;
      }
    }
  }

  /** How many other JVMs hold some. */
  int others() {
    return others.size();
  }

  /** Where another JVM is. */
  String address(int other) {
    return others.get(other);
  }

  /** The partition of the training example of this rank. */
  int partition(long rank) {
    int low = 0;
    int high = firstRanks.length; // The first partition that begins behind the rank is in between.
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (firstRanks[middle] > rank) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low - 1;
  }

  /** The place of a training example in its partition. */
  int index(long rank, int partition) {
    return (int) (rank - firstRanks[partition]);
  }

  /**
   * Who holds a partition: one of the other JVMs; this one, {@link #IN_PLACE}; or this one in a
   * file, by the number {@link #others}.
   */
  int owner(int partition) {
    return owners[partition];
  }

  /** A partition that this JVM holds. */
  HeldPartition held(int partition) {
    return Objects.requireNonNull(held[partition]);
  }

  /** Whether any rows have to be copied before they can be used. */
  boolean copies() {
    for (int owner : owners) {
      if (owner != IN_PLACE) {
        return true;
      }
    }
    return false;
  }
}
