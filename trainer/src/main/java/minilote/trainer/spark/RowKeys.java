package minilote.trainer.spark;

import java.io.Serializable;
import java.lang.ref.SoftReference;
import minilote.datasets.ExampleKeys;
import minilote.datasets.TrainingIds;
import minilote.datasets.ValidationSplit;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a part's rows, in the order of the rows. A key belongs to an example's id, and that
 * is computed: from the row's position its rank, by the inverse of the epoch's permutation, and
 * from the rank the id. So it is the same however the row comes here, and nothing has to come with
 * it. Nothing is computed for rows whose keys are not asked for.
 */
final class RowKeys {
  private final Source source;
  private final PartPositions positions;
  private final EpochOrder order;
  private final ExampleKeys keys;
  private @Nullable TrainingIds ids;

  private RowKeys(Source source, int part, long from, long to) {
    EpochShape shape = source.shape;
    this.source = source;
    this.positions = new PartPositions(shape, part, from, to);
    this.order = shape.order();
    this.keys = new ExampleKeys(shape.seed(), shape.epoch());
  }

  /** The next row's key; the first call gives the first row's. */
  long next() {
    TrainingIds known = ids;
    if (known == null) {
      known = source.ids();
      ids = known;
    }
    return keys.of(known.id(order.rank(positions.next())));
  }

  /** How a task comes to the keys of its rows; crosses Spark with the task. */
  static final class Source implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The last ones of this JVM, for all its tasks, which come and go with every step. */
    private static @Nullable SoftReference<Known> last;

    private record Known(long examples, double fraction, long seed, TrainingIds ids) {}

    private final EpochShape shape;
    private final long examples;
    private final double validationFraction;
    private final long validationSeed;

    /** Of an epoch of {@code shape} of those examples that are not for validation. */
    Source(EpochShape shape, long examples, ValidationSplit validation) {
      this.shape = shape;
      this.examples = examples;
      this.validationFraction = validation.fraction();
      this.validationSeed = validation.seed();
    }

    /** The keys of the rows that {@link Rows.Source#open} leads to. */
    RowKeys open(int part, long from, long to) {
      return new RowKeys(this, part, from, to);
    }

    private TrainingIds ids() {
      synchronized (Source.class) {
        Known known = last == null ? null : last.get();
        if (known == null
            || known.examples != examples
            || known.fraction != validationFraction
            || known.seed != validationSeed) {
          ValidationSplit split = new ValidationSplit(examples, validationFraction, validationSeed);
          known = new Known(examples, validationFraction, validationSeed, new TrainingIds(split));
          last = new SoftReference<>(known);
        }
        return known.ids;
      }
    }
  }
}
