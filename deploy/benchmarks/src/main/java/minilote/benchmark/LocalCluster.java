package minilote.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A standalone Spark cluster on this machine, by {@code deploy/cluster}, until it is closed. */
final class LocalCluster implements AutoCloseable {
  private static final String MEMORY = "4g";

  private final Path program;
  private final Path folder;
  private final String master;
  private final Thread atEnd = new Thread(this::stop);

  private LocalCluster(Path program, Path folder, String master) {
    this.program = program;
    this.folder = folder;
    this.master = master;
    Runtime.getRuntime().addShutdownHook(atEnd);
  }

  /** Starts single-core workers, each a process of its own. */
  static LocalCluster start(Path program, int workers, Path folder)
      throws IOException, InterruptedException {
    JavaProcess.Ended started =
        JavaProcess.run(
            List.of(
                program.toString(),
                "start",
                "--workers",
                String.valueOf(workers),
                "--cores",
                "1",
                "--memory",
                MEMORY,
                "--dir",
                folder.toString()),
            Map.of(),
            folder.resolveSibling("cluster.log"));
    return new LocalCluster(program, folder, started.output().strip());
  }

  /** What spark-submit needs in order to run on so many of the workers. */
  List<String> options(int workers) {
    return List.of(
        "--master",
        master,
        "--executor-memory",
        MEMORY,
        "--executor-cores",
        "1",
        "--total-executor-cores",
        String.valueOf(workers));
  }

  private void stop() {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program.toString(), "stop", "--dir", folder.toString()));
    try {
      JavaProcess.run(command, Map.of(), folder.resolveSibling("cluster.log"));
    } catch (IOException e) {
      JavaProcess.log("benchmark: the cluster in " + folder + " may still run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atEnd);
    stop();
  }
}
