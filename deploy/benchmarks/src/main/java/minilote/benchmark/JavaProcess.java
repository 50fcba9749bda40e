package minilote.benchmark;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import minilote.datasets.Json;

/** Processes of the benchmark: one at a time, each ended when the benchmark is. */
final class JavaProcess {
  /** They end with this process; in one hook, since none can be added once it ends. */
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroy)));
  }

  private JavaProcess() {}

  /** A contender's main class in a JVM of its own. */
  static final class Of implements Contender {
    private final String name;
    private final Class<?> main;
    private final List<String> options;
    private final Map<String, String> environment;
    private final Path logs;

    /**
     * @param options of the JVM
     * @param environment set besides what this process has
     * @param logs the folder for what it says
     */
    Of(
        String name,
        Class<?> main,
        List<String> options,
        Map<String, String> environment,
        Path logs) {
      this.name = name;
      this.main = main;
      this.options = options;
      this.environment = environment;
      this.logs = logs;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Outcome run(Work work) throws IOException, InterruptedException {
      Ended ended = start(work.toJson());
      return Outcome.fromJson(Json.parse(ended.output())).withWallSeconds(ended.seconds());
    }

    /** Runs the class with arguments. */
    Ended start(String... arguments) throws IOException, InterruptedException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(options);
      command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), main.getName()));
      command.addAll(List.of(arguments));
      Map<String, String> variables = new HashMap<>(environment);
      variables.put("CLASSPATH", System.getProperty("java.class.path", ""));
      return JavaProcess.run(command, variables, logs.resolve(name + ".log"));
    }
  }

  /** What a process wrote on standard output, and how long it ran. */
  record Ended(String output, double seconds) {}

  /**
   * Runs a command to its end.
   *
   * @param log receives its standard error
   * @throws IOException if it fails, with the last lines of that
   */
  static Ended run(List<String> command, Map<String, String> environment, Path log)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectError(Redirect.to(log.toFile()));
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    long began = System.nanoTime();
    Process process = builder.start();
    RUNNING.add(process);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    double seconds = (System.nanoTime() - began) * 1e-9;
    RUNNING.remove(process);
    if (code != 0) {
      List<String> lines = Files.readAllLines(log);
      throw new IOException(
          "%s ended with %d; the end of %s:%n%s"
              .formatted(
                  command,
                  code,
                  log,
                  String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()))));
    }
    return new Ended(output, seconds);
  }

  /** Gives a contender's outcome to who started it. */
  @SuppressWarnings("SystemOut")
  static void answer(Outcome outcome) {
    System.out.println(outcome.toJson());
  }

  /** Says something on standard error. */
  @SuppressWarnings("SystemOut")
  static void log(String line) {
    System.err.println(line);
  }
}
