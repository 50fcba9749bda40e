package minilote.trainer.spark;

import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.RDDBlockId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * The job that settles which JVM gives others the rows of a {@link SpreadSplit}: each partition is
 * held by one, by the one that Spark has kept it in or, the first time and when an executor was
 * lost, by one that reads it now.
 */
final class Settling extends PartitionTask<byte[], String> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(Settling.class);

  /** Where all tasks run in the driver's JVM. */
  static final String THIS_JVM = "";

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
      if (!address.equals(THIS_JVM)) {
        try {
          RowServer.release(split.id(), Exchange.get(exchangePort).connect(address));
        } catch (RuntimeException e) {
          LOG.debug("The executor at {} is gone, with what it held", address, e);
        }
      }
    }
  }

  /** Holds a partition, and says where this JVM's exchange listens. */
  @Override
  String run(int partition, Iterator<byte[]> blocks) {
    SparkEnv env = SparkEnv.get();
    BlockManager manager = env.blockManager();
    SpreadSplit here = split.value().here();
    HeldPartition known = here.held(partition);
    if (manager.memoryStore().contains(new RDDBlockId(rdd, partition))) {
      here.hold(
          partition,
          HeldPartition.inMemory(blocks, here.trainingRows(partition), here.files().recordBytes()));
    } else if (known == null || !known.isMapped()) {
      here.hold(partition, inFile(partition, blocks, here, env));
    }
    if (local) {
      return THIS_JVM;
    }
    Exchange exchange = Exchange.get(exchangePort);
    RowServer.serve(here, exchange);
    return exchange.address();
  }

  private static HeldPartition inFile(
      int partition, Iterator<byte[]> blocks, SpreadSplit here, SparkEnv env) {
    Option<byte[]> key = env.securityManager().getIOEncryptionKey();
    return HeldPartition.inFile(
        env.blockManager().diskBlockManager().createTempLocalBlock()._2(),
        blocks,
        here.trainingRows(partition),
        here.files().recordBytes(),
        key.isDefined() ? new FileCipher(key.get().length) : null);
  }
}
