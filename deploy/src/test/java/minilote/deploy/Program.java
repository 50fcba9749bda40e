package minilote.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A program that a test runs as a process, with the environment of a user who has set nothing. */
final class Program {
  /** What a program that ended has left. */
  record Result(int exitCode, String out, String err) {
    List<String> outLines() {
      return out.lines().toList();
    }

    @Override
    public String toString() {
      return "exit code " + exitCode + "\n--- out\n" + out + "--- err\n" + err;
    }
  }

  /** Variables that steer the programs under test, and that a developer may have set. */
  private static final List<String> STEERING =
      List.of("SPARK_", "MINILOTE_", "LOG4J_", "OPENBLAS_", "MASTER", "JAVA_TOOL_OPTIONS");

  private final List<String> command = new ArrayList<>();
  private final Map<String, @Nullable String> environment = new TreeMap<>();
  private Path folder = Project.ROOT;
  private Duration limit = Duration.ofMinutes(2);

  Program(Path program, String... arguments) {
    command.add(program.toString());
    command.addAll(List.of(arguments));
  }

  Program with(String... arguments) {
    command.addAll(List.of(arguments));
    return this;
  }

  /** Sets a variable of the environment; null unsets it. */
  Program environment(String name, @Nullable Object value) {
    environment.put(name, value == null ? null : value.toString());
    return this;
  }

  Program in(Path folder) {
    this.folder = folder;
    return this;
  }

  Program within(Duration limit) {
    this.limit = limit;
    return this;
  }

  Process start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> STEERING.stream().anyMatch(prefix -> name.startsWith(prefix)));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    environment.forEach(
        (name, value) -> {
          if (value == null) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  /**
   * Runs the program to its end; one that takes longer than the limit is ended, and the test fails
   * with what it has said.
   */
  Result run() throws IOException, InterruptedException {
    Process process = start();
    CompletableFuture<String> out = read(process.getInputStream());
    CompletableFuture<String> err = read(process.getErrorStream());
    boolean ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    Result result = new Result(process.exitValue(), out.join(), err.join());
    if (!ended) {
      throw new AssertionError(command + " did not end within " + limit + ": " + result);
    }
    return result;
  }

  static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.completeExceptionally(e);
              }
            },
            "reader");
    thread.setDaemon(true);
    thread.start();
    return text;
  }
}
