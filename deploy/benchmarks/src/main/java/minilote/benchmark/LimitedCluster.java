package minilote.benchmark;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minilote.datasets.UserError;

/**
 * A standalone Spark cluster whose two single-core workers talk over a link of limited bandwidth:
 * each in a network namespace of its own, joined by a pair of virtual interfaces. Master and driver
 * are beside the first worker. Needs Linux, {@code ip}, {@code tc} and the rights to use them.
 */
final class LimitedCluster implements AutoCloseable {
  private static final String MEMORY = "3g";
  private static final String FIRST = "10.201.77.1";
  private static final String SECOND = "10.201.77.2";
  private static final long START_MILLIS = 180_000;
  private static final long POLL_MILLIS = 200;

  private final Path spark;
  private final Path folder;
  private final String near;
  private final String far;
  private final List<Process> processes = new ArrayList<>();
  private final Thread atEnd = new Thread(this::stop);
  private final String master;

  /**
   * Starts it.
   *
   * @param spark the folder with Spark's jars
   * @param folder for logs and the workers' files
   * @throws UserError where this machine has no such links, with the reason
   */
  LimitedCluster(Path spark, Path folder, long bitsASecond)
      throws IOException, InterruptedException {
    String id = Long.toString(ProcessHandle.current().pid() % 100_000);
    this.spark = spark;
    this.folder = Files.createDirectories(folder);
    this.near = "mlnear" + id;
    this.far = "mlfar" + id;
    Runtime.getRuntime().addShutdownHook(atEnd);
    try {
      link(id, bitsASecond);
      int port = freePort();
      this.master = "spark://%s:%d".formatted(FIRST, port);
      start(
          near,
          FIRST,
          "org.apache.spark.deploy.master.Master",
          List.of("--host", FIRST, "--port", String.valueOf(port), "--webui-port", "0"),
          "I have been elected leader!");
      worker(near, FIRST);
      worker(far, SECOND);
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void link(String id, long bitsASecond) throws IOException, InterruptedException {
    try {
      ip("netns add " + near);
      ip("netns add " + far);
      ip("link add mla%s netns %s type veth peer name mlb%s netns %s".formatted(id, near, id, far));
      ends(near, "mla" + id, FIRST, bitsASecond);
      ends(far, "mlb" + id, SECOND, bitsASecond);
    } catch (IOException e) {
      throw new UserError(
          "no limited link on this machine: "
              + String.valueOf(e.getMessage()).replaceAll("\\s+", " "),
          e);
    }
  }

  private void ends(String namespace, String name, String address, long bitsASecond)
      throws IOException, InterruptedException {
    ip("-n %s link set lo up".formatted(namespace));
    ip("-n %s addr add %s/24 dev %s".formatted(namespace, address, name));
    ip("-n %s link set %s up".formatted(namespace, name));
    // As large as what the kernel hands over at once, and a queue that drops nothing.
    call(
        "tc -n %s qdisc add dev %s root tbf rate %dbit burst 128kb limit 64mb"
            .formatted(namespace, name, bitsASecond));
  }

  private void ip(String words) throws IOException, InterruptedException {
    call("ip " + words);
  }

  private void call(String command) throws IOException, InterruptedException {
    JavaProcess.run(List.of(command.split(" ")), Map.of(), folder.resolve("link.log"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void worker(String namespace, String address) throws IOException, InterruptedException {
    start(
        namespace,
        address,
        "org.apache.spark.deploy.worker.Worker",
        List.of(
            "--host",
            address,
            "--cores",
            "1",
            "--memory",
            MEMORY,
            "--webui-port",
            "0",
            "--work-dir",
            folder.resolve(namespace).toString(),
            master),
        "Successfully registered with master");
  }

  private void start(
      String namespace, String address, String main, List<String> options, String begun)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-cp", spark.resolve("jars") + "/*", main));
    command.addAll(options);
    Path log = folder.resolve(main.substring(main.lastIndexOf('.') + 1) + "-" + namespace + ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("SPARK_HOME", spark.toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("SPARK_LOCAL_IP", address);
    environment.put("SPARK_LOCAL_HOSTNAME", address);
    environment.remove("LOG4J_CONFIGURATION_FILE"); // Spark's own tells what is waited for.
    Process process = builder.start();
    processes.add(process);
    long end = System.currentTimeMillis() + START_MILLIS;
    while (!Files.readString(log).contains(begun)) {
      if (!process.isAlive() || System.currentTimeMillis() > end) {
        throw new IOException("%s did not start: see %s".formatted(main, log));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /**
   * A program that does what another one does, beside the master.
   *
   * @param program such as deploy/minilote
   */
  Path launcher(Path program) throws IOException {
    Path launcher = folder.resolve("launcher");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        SPARK_LOCAL_IP=%s SPARK_LOCAL_HOSTNAME=%s exec ip netns exec %s '%s' "$@"
        """
            .formatted(FIRST, FIRST, near, program));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    return launcher;
  }

  /** What spark-submit needs in order to run on both workers. */
  List<String> options() {
    return List.of(
        "--master",
        master,
        "--executor-memory",
        MEMORY,
        "--executor-cores",
        "1",
        "--total-executor-cores",
        "2");
  }

  private void stop() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      Process process = processes.get(i);
      process.destroy();
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    for (String namespace : List.of(near, far)) {
      if (!Files.exists(Path.of("/run/netns", namespace))) {
        continue;
      }
      try {
        ip("netns del " + namespace);
      } catch (IOException e) {
        JavaProcess.log("benchmark: the network namespace %s is left".formatted(namespace));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atEnd);
    stop();
  }
}
