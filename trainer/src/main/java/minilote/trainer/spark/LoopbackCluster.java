package minilote.trainer.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;

/**
 * A standalone cluster on this machine for executors with one core each, which are processes of
 * their own; its master and worker live in this one. Spark's {@code local-cluster} is the same, but
 * writes into Spark's own folder, which may not be ours to write into, and leaves there what it
 * wrote.
 */
final class LoopbackCluster implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int ANY_PORT = 0;

  private final RpcEnv master;
  private final RpcEnv worker;
  private final Path folder;

  /**
   * Starts it.
   *
   * @param executors how many there will be
   * @param megabytes of memory, each
   */
  LoopbackCluster(SparkConf settings, int executors, int megabytes) throws IOException {
    SparkConf conf =
        settings
            .clone()
            .set("spark.master.rest.enabled", "false")
            .set("spark.shuffle.service.enabled", "false");
    this.folder = Files.createTempDirectory("minilote-plan-cluster");
    this.master = Master.startRpcEnvAndEndpoint(HOST, ANY_PORT, ANY_PORT, conf)._1();
    this.worker =
        Worker.startRpcEnvAndEndpoint(
            HOST,
            ANY_PORT,
            ANY_PORT,
            executors,
            executors * megabytes,
            new String[] {master()},
            folder.toString(),
            Option.apply(1),
            conf,
            Option.empty());
  }

  /** The URL for {@code spark.master}. */
  String master() {
    return master.address().toSparkURL();
  }

  @Override
  public void close() {
    worker.shutdown();
    master.shutdown();
    worker.awaitTermination();
    master.awaitTermination();
    if (!FileUtil.fullyDelete(folder.toFile())) {
      throw new UncheckedIOException(new IOException(folder + " cannot be deleted"));
    }
  }
}
