package minilote.trainer.spark;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;

/**
 * How a task comes to rows that are spread over the JVMs: it takes those that its own holds, and
 * asks the others for theirs while it computes (see {@link RowWindow}). Any part in any task.
 */
final class FetchedRows implements Rows.Source {
  private static final long serialVersionUID = 1L;

  private final EpochShape shape;
  private final Broadcast<SpreadSplit> split;
  private final long[] firstRanks;
  private final String[] addresses;
  private final int exchangePort;
  private final double timeoutSeconds;

  /**
   * Rows of an epoch of {@code shape}.
   *
   * @param firstRanks the rank of each partition's first training example
   * @param addresses what {@link Settling} found
   * @param exchangePort see {@link minilote.trainer.run.Synchronization}
   * @param timeoutSeconds how long rows are waited for
   */
  FetchedRows(
      EpochShape shape,
      Broadcast<SpreadSplit> split,
      long[] firstRanks,
      List<String> addresses,
      int exchangePort,
      double timeoutSeconds) {
    this.shape = shape;
    this.split = split;
    this.firstRanks = firstRanks;
    this.addresses = addresses.toArray(String[]::new);
    this.exchangePort = exchangePort;
    this.timeoutSeconds = timeoutSeconds;
  }

  @Override
  public boolean anywhere() {
    return true;
  }

  @Override
  public Rows open(Iterator<byte[]> held, int part, long from, long to) {
    SpreadSplit here = split.value().here();
    PartPositions positions = new PartPositions(shape, part, from, to);
    TaskContext task = TaskContext.get();
    Patience patience = new Patience(task, timeoutSeconds);
    if (addresses[0].equals(Settling.THIS_JVM)) { // And so all of them.
      RowPlaces places = new RowPlaces(here, firstRanks, List.of(addresses), Settling.THIS_JVM);
      return new RowWindow(
          shape.order(),
          positions,
          places,
          here.files().recordBytes(),
          (owner, piece, first, rows, count) -> {
            throw new IllegalStateException("all examples are here");
          },
          patience);
    }
    Exchange exchange = Exchange.get(exchangePort);
    RowPlaces places = new RowPlaces(here, firstRanks, List.of(addresses), exchange.address());
    RowFetcher fetcher = new RowFetcher(here, shape.order(), positions, places, exchange, patience);
    task.addTaskCompletionListener((TaskCompletionListener) ended -> fetcher.close());
    return fetcher.rows();
  }
}
