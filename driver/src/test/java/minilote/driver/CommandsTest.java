package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import minilote.datasets.UserError;
import minilote.trainer.network.Activation;
import minilote.trainer.network.NamedNetwork;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each command as a user gives it, on small data. */
class CommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Fixtures files;

  @BeforeAll
  static void makeFixtures() throws IOException {
    files = new Fixtures(folder);
    files.images("images");
    Program.succeed(
        "prepare",
        "--dataset",
        "images",
        "--from",
        files.name("images"),
        "--to",
        files.name("data"));
    train("run", "4");
  }

  private static String train(String out, String epochs, String... more) {
    String[] arguments = {
      "train",
      "--data",
      files.name("data"),
      "--network",
      "dense 4 relu, dense 2 softmax",
      "--batch",
      "5",
      "--epochs",
      epochs,
      "--learning-rate",
      "0.1",
      "--out",
      files.name(out)
    };
    return Program.succeed(with(arguments, more));
  }

  private static JsonNode json(String text) throws IOException {
    return JSON.readTree(text);
  }

  private static JsonNode result(String run) throws IOException {
    return json(Files.readString(files.path(run + "/result.json")));
  }

  @Test
  void prepare_again_saysThatItIsThere() throws IOException {
    Program.Outcome outcome =
        Program.run(
            "prepare",
            "--dataset",
            "images",
            "--from",
            files.name("images"),
            "--to",
            files.name("data"),
            "--json");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertTrue(json(outcome.out()).get("unchanged").asBoolean(), outcome.out());
    assertEquals(16, json(outcome.out()).get("splits").get("train").get("examples").asInt());
  }

  @Test
  void prepare_csvWithNumbersAsItsTarget_warnsThatTheyBecomeClasses() throws IOException {
    StringBuilder rows = new StringBuilder("length,quality\n");
    for (int i = 0; i < 40; i++) {
      rows.append(i).append(".5,").append(3 + i % 8).append('\n');
    }
    files.text("wine.csv", rows.toString());
    String[] prepare = {"prepare", "--dataset", "csv", "--from", files.name("wine.csv"), "--to"};
    Program.Outcome unsaid = Program.run(with(prepare, files.name("wine")));
    assertEquals(0, unsaid.exitCode(), unsaid.err());
    assertTrue(
        unsaid
            .err()
            .replaceAll("\\s+", " ")
            .contains(
                "WARNING: the target column holds numbers, of which 8 classes are made (3, 4, 5, 6, 7, 8, …); --target numbers takes them"),
        unsaid.err());
    Program.Outcome said = Program.run(with(prepare, files.name("wine2"), "--target", "class"));
    assertEquals(0, said.exitCode(), said.err());
    assertFalse(said.err().contains("WARNING"), said.err());
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void train_ofARun_leavesEverythingInItsFolder() throws IOException {
    for (String file :
        List.of("run.json", "metrics.jsonl", "result.json", "model.safetensors", "report.html")) {
      assertTrue(Files.size(files.path("run/" + file)) > 0, file);
    }
    assertEquals(4, Files.readAllLines(files.path("run/metrics.jsonl")).size());
    assertEquals(1.0, result("run").get("test_accuracy").asDouble());
    String report = Files.readString(files.path("run/report.html"));
    assertTrue(report.contains("100.00\u00a0% of the test examples"), report);
    try (Stream<Path> all = Files.walk(files.path("run"))) {
      assertEquals(
          List.of(), all.filter(file -> file.getFileName().toString().startsWith(".")).toList());
    }
  }

  @Test
  void train_withJson_putsTheResultAloneOnStandardOutput() throws IOException {
    JsonNode json = json(train("json", "1", "--json"));
    assertEquals(result("json").get("weights_sha256"), json.get("weights_sha256"));
    assertTrue(json.get("report").asText().endsWith("json/report.html"), json.toString());
    assertFalse(json.has("profile"), json.toString());
  }

  @Test
  void train_withJsonAndProfile_hasTheSharesOfTime() throws IOException {
    JsonNode profile = json(train("profiled", "1", "--json", "--profile")).get("profile");
    assertTrue(profile.get("seconds_per_step").asDouble() > 0, profile.toString());
    double all = 0;
    for (JsonNode share : profile.get("shares")) {
      all += share.asDouble();
    }
    assertEquals(1, all, 1e-6);
  }

  @Test
  void train_firstLines_saySizesBatchLanesSlotsAndBlas() {
    Program.Outcome outcome =
        Program.run(
            "train",
            "--data",
            files.name("data"),
            "--network",
            "dense 2 softmax",
            "--batch",
            "5",
            "--epochs",
            "1",
            "--out",
            files.name("lines"));
    assertEquals(0, outcome.exitCode(), outcome.err());
    for (String line :
        List.of(
            "network     dense 2 softmax",
            "parameters  98",
            "data        images: 15 training, 1 validation, 4 test examples",
            "batch       5 examples over the whole cluster, 3 updates an epoch",
            "lanes       2 a batch, in ",
            "engine      ",
            "epoch 1/1  loss ")) {
      assertTrue(outcome.err().lines().anyMatch(l -> l.startsWith(line)), outcome.err());
    }
    assertTrue(
        outcome.out().contains("report  file:" + files.name("lines/report.html")), outcome.out());
    assertFalse(outcome.err().contains("INFO"), "Spark's log must be quiet:\n" + outcome.err());
  }

  @Test
  void train_aNetworkFromAFile_isTheSameAsItsWords() throws IOException {
    files.text(
        "network.json",
        """
        {"layers": [{"kind": "dense", "units": 4, "activation": "relu"},
                    {"kind": "dense", "units": 2, "activation": "softmax"}]}
        """);
    Program.succeed(
        "train",
        "--data",
        files.name("data"),
        "--network",
        files.name("network.json"),
        "--batch",
        "5",
        "--epochs",
        "4",
        "--learning-rate",
        "0.1",
        "--out",
        files.name("fromfile"));
    assertEquals(result("run").get("weights_sha256"), result("fromfile").get("weights_sha256"));
  }

  @Test
  void train_fromAnInitialModelForNoEpoch_hasItsWeights() throws IOException {
    train("again", "0", "--init", files.name("run"));
    assertEquals(result("run").get("weights_sha256"), result("again").get("weights_sha256"));
  }

  /** A run's second epoch ends with the weights of the same run over two epochs. */
  @Test
  void train_fromAnEpochOfARun_hasItsWeights_andIsReproducedWhileTheyAreThere() throws IOException {
    train("kept", "3", "--keep", "3");
    train("two", "2");
    String[] from = {"--init", files.name("kept"), "--init-epoch", "2"};
    train("begun", "0", from);
    assertEquals(result("two").get("weights_sha256"), result("begun").get("weights_sha256"));
    train("warm", "1", from);
    assertNotEquals(result("two").get("weights_sha256"), result("warm").get("weights_sha256"));
    JsonNode run = json(Files.readString(files.path("warm/run.json")));
    assertEquals(result("two").get("weights_sha256"), run.get("resolved").get("init_sha256"));
    assertEquals(2, run.get("resolved").get("init_epoch").asInt());
    assertTrue(Files.readString(files.path("warm/report.html")).contains("(after epoch 2)"));
    JsonNode again = json(Program.succeed("reproduce", files.name("warm"), "--json"));
    assertTrue(again.get("identical").asBoolean(), again.toString());

    String checkpoint = run.get("settings").get("init").asText();
    Path state = Path.of(java.net.URI.create(checkpoint)).resolve("state.safetensors");
    byte[] bytes = Files.readAllBytes(state);
    bytes[bytes.length - 1] ^= 1;
    Files.write(state, bytes);
    Program.Outcome damaged = Program.run("reproduce", files.name("warm"));
    assertEquals(Minilote.WRONG_INPUT, damaged.exitCode(), damaged.err());
    assertTrue(damaged.err().contains("state.safetensors has SHA-256 "), damaged.err());
    try (Stream<Path> parts = Files.list(state.getParent())) {
      for (Path part : parts.toList()) {
        Files.delete(part);
      }
    }
    Files.delete(state.getParent());
    Program.Outcome gone = Program.run("reproduce", files.name("warm"));
    assertEquals(Minilote.WRONG_INPUT, gone.exitCode(), gone.err());
    assertTrue(
        gone.err()
            .contains("--init %s: this checkpoint is not there any more".formatted(checkpoint)),
        gone.err());
  }

  /** A resumed run begins with them, too, and refuses others. */
  @Test
  void resume_ofARunFromAnEpochThatIsAnotherNow_isRefused() throws IOException {
    train("base", "2");
    train("tobase", "1", "--init", files.name("base"), "--init-epoch", "1");
    Files.delete(files.path("tobase/result.json"));
    files.edit("tobase/run.json", "\"init_sha256\" : \"", "\"init_sha256\" : \"0");
    Program.Outcome outcome = Program.run("train", "--out", files.name("tobase"), "--resume");
    assertEquals(Minilote.WRONG_INPUT, outcome.exitCode(), outcome.err());
    assertTrue(outcome.err().contains(" is not the model that the run in "), outcome.err());
    files.edit("tobase/run.json", "\"init_sha256\" : \"0", "\"init_sha256\" : \"");
    Program.succeed("train", "--out", files.name("tobase"), "--resume");
  }

  /** Images of training alone are augmented: evaluation gives what training found at its end. */
  @Test
  void train_augmented_isReproducedAndEvaluatedOnImagesAsTheyAre() throws IOException {
    train("augmented", "2", "--augment", "Crop 1,flip, cutout 2");
    JsonNode settings = json(Files.readString(files.path("augmented/run.json"))).get("settings");
    assertEquals("crop 1, flip, cutout 2", settings.get("augmentation").asText());
    assertTrue(
        Files.readString(files.path("augmented/report.html")).contains("crop 1, flip, cutout 2"));
    JsonNode again =
        json(Program.succeed("reproduce", files.name("augmented"), "--partitions", "3", "--json"));
    assertTrue(again.get("identical").asBoolean(), again.toString());
    JsonNode evaluated =
        json(
            Program.succeed(
                "evaluate", files.name("augmented"), "--data", files.name("data"), "--json"));
    assertEquals(result("augmented").get("test_loss"), evaluated.get("loss"));
    train("plain", "2");
    assertNotEquals(
        result("plain").get("weights_sha256"), result("augmented").get("weights_sha256"));
    settings = json(Files.readString(files.path("plain/run.json"))).get("settings");
    assertEquals("none", settings.get("augmentation").asText());
  }

  @Test
  void train_resumedAfterTheEnd_showsTheResultAndTouchesNothing() throws IOException {
    String shown = train("ended", "2");
    Files.setLastModifiedTime(files.path("ended/result.json"), FileTime.fromMillis(1000));
    Program.Outcome again = Program.run("train", "--out", files.name("ended"), "--resume");
    assertEquals(0, again.exitCode(), again.err());
    assertEquals(shown, again.out());
    assertEquals("This run is finished: nothing is left to do. Its result:\n", again.err());
    assertEquals(
        FileTime.fromMillis(1000), Files.getLastModifiedTime(files.path("ended/result.json")));
  }

  @Test
  void evaluate_ofARun_givesWhatItsResultSays() throws IOException {
    JsonNode json = json(Program.succeed("evaluate", files.name("run"), "--json"));
    assertEquals(result("run").get("test_loss").asDouble(), json.get("loss").asDouble());
    assertEquals(result("run").get("test_accuracy").asDouble(), json.get("accuracy").asDouble());
    assertEquals("bright", json.get("classes").get(0).get("name").asText());
    assertEquals(4, json.get("examples").asInt());
  }

  @Test
  void predict_ofImageFiles_givesTheMostProbableClassFirst() throws IOException {
    files.image("night.png", 10);
    files.image("day.png", 240);
    JsonNode predictions =
        json(Program.succeed(
                "predict",
                files.name("run"),
                files.name("night.png"),
                files.name("day.png"),
                "--json"))
            .get("predictions");
    assertEquals("dark", predictions.get(0).get("classes").get(0).get("name").asText());
    assertEquals("bright", predictions.get(1).get("classes").get(0).get("name").asText());
    assertEquals(
        1.0,
        predictions.get(0).get("classes").get(0).get("probability").asDouble()
            + predictions.get(0).get("classes").get(1).get("probability").asDouble(),
        1e-6);
    String table = Program.succeed("predict", files.name("run"), files.name("night.png"));
    assertTrue(
        table.lines().findFirst().orElse("").matches(".*night.png +dark +\\d+\\.\\d\\d %"), table);
  }

  @Test
  void predict_ofADataSet_writesALineAnExample() throws IOException {
    Program.succeed(
        "predict", files.name("run"), "--data", files.name("data"), "--out", files.name("p.csv"));
    List<String> lines = Files.readAllLines(files.path("p.csv"));
    assertEquals("id,actual,predicted,bright,dark", lines.get(0));
    assertEquals(5, lines.size());
    for (String line : lines.subList(1, 5)) {
      String[] cells = line.split(",", -1);
      assertEquals(cells[1], cells[2], line);
    }
    Program.succeed(
        "predict",
        files.name("run"),
        "--data",
        files.name("data"),
        "--split",
        "train",
        "--out",
        files.name("p.csv"),
        "--overwrite");
    assertEquals(17, Files.readAllLines(files.path("p.csv")).size());
  }

  @Test
  void reproduce_ofARun_saysIdenticalForAnyPartitions() throws IOException {
    JsonNode json =
        json(
            Program.succeed(
                "reproduce",
                files.name("run"),
                "--partitions",
                "3",
                "--synchronizer",
                "tree-aggregate",
                "--json"));
    assertTrue(json.get("identical").asBoolean(), json.toString());
    assertEquals("all-reduce", json.get("synchronizer").asText());
    assertEquals("tree-aggregate", json.get("again_synchronizer").asText());
  }

  @Test
  void reproduce_ofAChangedRun_saysNotIdenticalAndEndsWith1() throws IOException {
    train("changed", "1");
    String sha256 = result("changed").get("weights_sha256").asText();
    files.edit(
        "changed/result.json", sha256, sha256.replace(sha256.charAt(0), 'e').replace('0', 'f'));
    Program.Outcome outcome = Program.run("reproduce", files.name("changed"));
    assertEquals(Minilote.FAILED, outcome.exitCode(), outcome.err());
    assertTrue(outcome.out().startsWith("NOT identical"), outcome.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "prepare", "train", "evaluate", "predict", "reproduce", "plan", "networks"})
  void help_ofEachCommand_hasAnExampleAndFits80Columns(String command) {
    String help =
        command.isEmpty() ? Program.succeed("--help") : Program.succeed(command, "--help");
    assertTrue(help.contains("\n  minilote " + (command.isEmpty() ? "prepare" : command)), help);
    for (String line : help.lines().toList()) {
      // Examples are there to be copied: also those with the launcher's name end in their line.
      int more = line.startsWith("  minilote ") ? "deploy/".length() : 0;
      assertTrue(line.length() + more <= 80, line);
    }
    assertFalse(help.contains("${"), help);
  }

  @Test
  void help_ofTrain_namesAllUnits() {
    String known = assertThrows(UserError.class, () -> Activation.parse("")).getMessage();
    String help = Program.succeed("train", "--help").replaceAll("\\s+", " ");
    Matcher matcher = Pattern.compile("known: ([^)]*\\)?[^)]*)\\)").matcher(known);
    assertTrue(matcher.find(), known);
    for (String word : matcher.group(1).split(", ", -1)) {
      assertTrue(help.contains(word), word);
    }
  }

  @Test
  void networks_all_listsEachOnALine() throws IOException {
    List<String> lines = Program.succeed("networks").lines().toList();

    assertEquals(NamedNetwork.NAMES.size() + 1, lines.size());
    assertTrue(
        lines.stream()
            .map(line -> line.replaceAll(" +", " "))
            .anyMatch("c1 1,116,970 3x32x32 Two pairs of convolutions and a dense layer"::equals),
        String.join("\n", lines));
    lines.forEach(line -> assertTrue(line.length() <= 80, line));

    JsonNode networks = json(Program.succeed("networks", "--json")).get("networks");
    assertEquals(NamedNetwork.NAMES, networks.findValuesAsText("name"));
    for (JsonNode network : networks) {
      assertTrue(network.get("parameters").asInt() > 0, network.toString());
    }
  }

  @Test
  void networks_one_showsTheFileToBeCopied() throws IOException {
    String text = NamedNetwork.of("c1").text();

    assertEquals(text, Program.succeed("networks", "C1").replace(System.lineSeparator(), "\n"));
    JsonNode json = json(Program.succeed("networks", "c1", "--json"));
    assertEquals(text, json.get("text").asText());
    assertEquals("[3,32,32]", json.get("input").toString());
    assertEquals(NamedNetwork.of("c1").description().toWords(), json.get("words").asText());
  }

  @Test
  void train_nameOrFileOfWords_keepsTheWords() throws IOException {
    Configuration configuration = new Configuration();
    String words = NamedNetwork.of("m1").description().toWords();
    files.text("copy.txt", Program.succeed("networks", "m1"));
    files.text("copy.json", NamedNetwork.of("m1").description().toJson().toString());

    for (String given :
        List.of("m1", "M1", words, files.name("copy.txt"), files.name("copy.json"))) {
      assertEquals(words, NetworkOption.read(given, configuration).toWords(), given);
    }
    files.text("two.txt", "# as the others\ndense 4 relu,\n\ndense 2 softmax\n");
    train("words", "1");
    Program.succeed(
        "train",
        "--data",
        files.name("data"),
        "--network",
        files.name("two.txt"),
        "--batch",
        "5",
        "--epochs",
        "1",
        "--learning-rate",
        "0.1",
        "--out",
        files.name("named"));
    assertEquals(
        result("words").get("weights_sha256").asText(),
        result("named").get("weights_sha256").asText());
    assertEquals(
        json(Files.readString(files.path("words/run.json"))).findValue("network"),
        json(Files.readString(files.path("named/run.json"))).findValue("network"));
  }

  @Test
  void version_isAsked_isShown() {
    assertTrue(Program.succeed("--version").matches("minilote \\d+\\.\\d+.*\\R"));
  }
}
