package minilote.trainer.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import org.jspecify.annotations.Nullable;
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
    try {
      delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
