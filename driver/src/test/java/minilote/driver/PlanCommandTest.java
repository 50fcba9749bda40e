package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plans for a machine that takes 1 ms a row and 10 ms a step of several executors, and nothing for
 * all else, on a link that takes no time worth mentioning.
 */
class PlanCommandTest {
  @TempDir static Path folder;
  private static String machine;

  @BeforeAll
  static void copyMachine() throws IOException {
    Path file = folder.resolve("machine.json");
    try (InputStream in = PlanCommandTest.class.getResourceAsStream("machine.json")) {
      Files.copy(in, file);
    }
    machine = file.toString();
  }

  private static String plan(String... more) {
    String[] arguments = new String[more.length + 7];
    String[] first = {"plan", "--machine", machine, "--bandwidth", "1000GB/s", "--latency", "0us"};
    System.arraycopy(first, 0, arguments, 0, first.length);
    System.arraycopy(more, 0, arguments, first.length, more.length);
    return Program.succeed(arguments);
  }

  @Test
  void plan_ofAMachineFile_showsStepsAndFromWhichBatchCommunicationIsLittle() {
    String text = plan("--batch", "1024", "--lanes", "2", "--executors", "1,2");
    assertTrue(
        text.contains(
            """
            batch  E    step  compute  update  exchange  waiting   ex/s  speed-up   eff.
             1024  1  1024.0   1024.0    0.00      0.00     0.00  1,000      1.00  100 %
             1024  2   522.0    512.0    0.00      10.0     0.00  1,962      1.96   98 %
            """),
        text);
    assertTrue(
        text.replaceAll("\\s+", " ").contains("connected by 8000 Gb/s with 0 µs of latency"), text);
    // 10 ms are less than a tenth of 10 + B/2 ms from 181 on.
    assertTrue(
        text.replaceAll("\\s+", " ")
            .contains(
                "On 2 executors communication takes less than 10 % of a step from batch 256 on."),
        text);
    text.lines().forEach(line -> assertTrue(line.length() <= 80, line));
  }

  @Test
  void plan_asJson_hasTheSameFiguresUnrounded() throws IOException {
    JsonNode json =
        new ObjectMapper()
            .readTree(plan("--batch", "1024", "--lanes", "2", "--executors", "2", "--json"));
    JsonNode step = json.get("steps").get(0);
    assertEquals(0.522, step.get("seconds").asDouble(), 1e-5);
    assertEquals(1.024 / 0.522, step.get("speed_up").asDouble(), 1e-4);
    assertEquals(1.024 / 0.522 / 2, step.get("efficiency").asDouble(), 1e-4);
    assertEquals(2, step.get("executors").asInt());
    JsonNode enough = json.get("communication_below_a_tenth").get(0);
    assertEquals(256, enough.get("from_batch").asInt());
    assertEquals("dense 256 softmax", json.get("machine").get("network").asText());
  }

  @Test
  void plan_withExamples_spreadsAnEpochsBeginningOverItsSteps() throws IOException {
    JsonNode json =
        new ObjectMapper()
            .readTree(
                plan(
                    "--batch",
                    "1024",
                    "--lanes",
                    "2",
                    "--executors",
                    "2",
                    "--json",
                    "--examples",
                    "10240"));
    assertEquals(0.05, json.get("steps").get(0).get("job_seconds").asDouble(), 1e-12);
  }

  @Test
  void plan_local_hasTheJobOfOneProcessAndOneExecutorThatOfACluster() throws IOException {
    String[] options = {"--batch", "1024", "--lanes", "2", "--examples", "10240"};
    String text = plan(with(options, "--executors", "1,local"));
    assertTrue(text.lines().anyMatch(line -> line.startsWith(" 1024  local  ")), text);
    JsonNode json =
        new ObjectMapper().readTree(plan(with(options, "--executors", "1,local", "--json")));
    JsonNode local = json.get("steps").get(0);
    assertEquals(0, local.get("executors").asInt());
    assertEquals(0.025, local.get("job_seconds").asDouble(), 1e-12);
    JsonNode one = json.get("steps").get(1);
    assertEquals(1, one.get("executors").asInt());
    assertEquals(0.05, one.get("job_seconds").asDouble(), 1e-12);
    assertEquals(
        one.get("seconds").asDouble() / local.get("seconds").asDouble(),
        local.get("speed_up").asDouble(),
        1e-12);
  }

  private static String[] with(String[] options, String... more) {
    return Stream.of(options, more).flatMap(Stream::of).toArray(String[]::new);
  }

  @Test
  void plan_fewerLanesThanCores_saysSo() {
    String text = plan("--batch", "128", "--executors", "4", "--cores", "2");
    assertTrue(text.contains("2 lanes at batch 128 keep at most 2 of 8 cores busy"), text);
  }

  @Test
  void plan_otherNetworkThanMeasured_isRefused() {
    Program.Outcome outcome =
        Program.run("plan", "--machine", machine, "--network", "dense 8 softmax");
    assertEquals(Minilote.WRONG_INPUT, outcome.exitCode());
    assertEquals(
        "minilote: --network \"dense 8 softmax\": %s was measured with \"dense 256 softmax\"; leave the option out, or measure again without --machine"
            .formatted(machine),
        outcome.err().strip());
  }
}
