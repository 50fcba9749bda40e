package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that trains, and is told to end. */
class StopSignalTest {
  private static final int SIGTERM_STATUS = 128 + 15;

  @TempDir Path folder;

  @Test
  @Timeout(180)
  void train_afterSigterm_leavesACheckpointFromWhichItEndsWithTheSameBits() throws Exception {
    Fixtures files = new Fixtures(folder);
    files.table("table.csv");
    Program.succeed(
        "prepare",
        "--dataset",
        "csv",
        "--from",
        files.name("table.csv"),
        "--to",
        files.name("data"));
    List<String> train = new ArrayList<>(List.of("train", "--data", files.name("data")));
    train.addAll(List.of("--network", "dense 8 tanh, dense 3 softmax", "--batch", "7"));
    train.addAll(List.of("--epochs", "12", "--seed", "3", "--out"));

    Path log = files.path("log.txt");
    Process process = process(train, files.name("stopped"), log);
    awaitEpoch(process, log);
    process.destroy(); // SIGTERM
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "still running:\n" + read(log));

    String said = read(log);
    assertEquals(SIGTERM_STATUS, process.exitValue(), said);
    assertTrue(said.contains("Stopping: the step that is under way ends"), said);
    assertTrue(
        said.contains("minilote train --out file:" + files.name("stopped") + " --resume"), said);
    assertFalse(Files.exists(files.path("stopped/result.json")), said);
    assertTrue(Files.exists(files.path("stopped/report.html")), said);

    Program.succeed("train", "--out", files.name("stopped"), "--resume");
    train.add(files.name("undisturbed"));
    Program.succeed(train.toArray(String[]::new));
    assertEquals(weights(files, "undisturbed"), weights(files, "stopped"));
  }

  private static String weights(Fixtures files, String run) throws IOException {
    return new ObjectMapper()
        .readTree(files.path(run + "/result.json").toFile())
        .get("weights_sha256")
        .asText();
  }

  private static Process process(List<String> arguments, String out, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--add-opens") || option.startsWith("-Djdk.reflect")) {
        command.add(option);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Minilote.class.getName()));
    command.addAll(arguments);
    command.add(out);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static void awaitEpoch(Process process, Path log) throws InterruptedException {
    while (!read(log).contains("epoch  2/12")) {
      assertTrue(process.isAlive(), () -> "ended too soon:\n" + read(log));
      Thread.sleep(20);
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
