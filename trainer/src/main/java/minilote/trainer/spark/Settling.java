package minilote.trainer.spark;

import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.RDDBlockId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job that settles, before an epoch, which JVM gives whom the rows of a {@link SpreadSplit}:
 * each partition is held by one, the one that Spark has kept it in, or, the first time and when an
 * executor was lost, by one that reads it now. Later it only finds out that nothing has changed.
 */
final class Settling extends PartitionTask<byte[], String> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(Settling.class);

  /** Where all tasks run in the driver's JVM. */
  static final String THIS_JVM = "";

  /** What is too large for Spark to keep in memory, and may not be in a file as it is. */
  private static final String NOWHERE = "nowhere";

  private final Broadcast<SpreadSplit> split;
  private final int rdd;
  private final boolean local;
  private final int exchangePort;

  /**
   * The job.
   *
   * @param rdd the id of the RDD that reads the split
   * @param local whether all tasks run in the driver's JVM
   */
  Settling(Broadcast<SpreadSplit> split, int rdd, boolean local, int exchangePort) {
    this.split = split;
    this.rdd = rdd;
    this.local = local;
    this.exchangePort = exchangePort;
  }

  /** Lets the JVMs at these addresses hold nothing of a split any more. */
  static void undo(SpreadSplit split, List<String> addresses, int exchangePort) {
    SpreadSplit.release(split.id());
    for (String address : new TreeSet<>(addresses)) {
      if (!address.equals(THIS_JVM) && !address.equals(NOWHERE)) {
        try {
          RowServer.release(split.id(), Exchange.get(exchangePort).connect(address));
        } catch (UncheckedIOException e) {
          LOG.debug("The executor at {} is gone, with what it held", address, e);
        }
      }
    }
  }

  /** Whether every partition is held by some JVM, so that rows can be asked for. */
  static boolean isComplete(List<String> addresses) {
    return !addresses.contains(NOWHERE);
  }

  /** Holds a partition, and says where this JVM's exchange listens. */
  @Override
  String run(int partition, Iterator<byte[]> blocks) {
    SparkEnv env = SparkEnv.get();
    BlockManager manager = env.blockManager();
    SpreadSplit here = split.value().here();
    boolean inMemory = manager.memoryStore().contains(new RDDBlockId(rdd, partition));
    if (!inMemory && env.securityManager().getIOEncryptionKey().isDefined()) {
      here.drop(partition);
      return NOWHERE;
    }
    here.hold(
        partition, blocks, inMemory, () -> manager.diskBlockManager().createTempLocalBlock()._2());
    if (local) {
      return THIS_JVM;
    }
    Exchange exchange = Exchange.get(exchangePort);
    RowServer.serve(here, exchange);
    return exchange.address();
  }
}
