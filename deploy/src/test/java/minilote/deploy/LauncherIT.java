package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * deploy/minilote: what it hands to Spark and to Minilote, and what it says where something is
 * missing.
 */
class LauncherIT {
  @TempDir static Path folder;
  private static Path standIn;

  @BeforeAll
  static void compile() throws IOException {
    standIn = StandIn.in(folder);
  }

  private static Program minilote(String... arguments) {
    return new Program(Project.MINILOTE, arguments).environment("MINILOTE_JAR", standIn);
  }

  static List<Path> sparks() {
    return Project.sparks();
  }

  @Test
  void help_asked_namesCommandsOptionsAndEnvironment() throws Exception {
    for (String option : List.of("--help", "-h")) {
      Program.Result result = minilote(option).environment("JAVA_HOME", "/nowhere").run();
      assertEquals(0, result.exitCode(), result.toString());
      for (String word :
          List.of(
              "prepare",
              "train",
              "study ",
              "evaluate",
              "predict",
              "reproduce",
              "sharpness",
              "interpolate",
              "hessian",
              "landscape",
              "norms",
              "lesson ",
              "plan",
              "networks",
              "--master",
              "--driver-memory",
              "--conf",
              "SPARK_HOME",
              "JAVA_HOME",
              "MINILOTE_JAR",
              "MINILOTE_LOG_LEVEL")) {
        assertTrue(result.out().contains(word), word);
      }
      result.outLines().forEach(line -> assertTrue(line.length() <= 80, line));
      assertEquals("", result.err());
    }
  }

  @Test
  void arguments_none_helpOnStandardErrorAndWrongInput() throws Exception {
    Program.Result result = minilote().run();
    assertEquals(2, result.exitCode());
    assertEquals("", result.out());
    assertTrue(result.err().contains("COMMAND"), result.err());
  }

  @Test
  void arguments_afterCommand_reachMiniloteAsTheyAre() throws Exception {
    Program.Result result =
        minilote("tell", "0", "two words", "", "a\nline", "é*$HOME", "--master", "--conf", "x=y")
            .run();
    assertEquals(0, result.exitCode(), result.toString());
    assertEquals(
        List.of(
            "argument <tell>",
            "argument <0>",
            "argument <two words>",
            "argument <>",
            "argument <a\\nline>",
            "argument <é*$HOME>",
            "argument <--master>",
            "argument <--conf>",
            "argument <x=y>"),
        result.outLines().stream().filter(line -> line.startsWith("argument")).toList());
  }

  @Test
  void options_beforeCommand_reachSpark() throws Exception {
    Program.Result result =
        minilote(
                "--master=local[1]",
                "--driver-memory",
                "300m",
                "--conf",
                "spark.words=two words",
                "--name",
                "a name",
                "tell",
                "0")
            .run();
    assertEquals(0, result.exitCode(), result.toString());
    assertTrue(
        result
            .outLines()
            .containsAll(
                List.of(
                    "memory 300",
                    "spark.master=local[1]",
                    "spark.words=two words",
                    "spark.app.name=a name")),
        result.out());
  }

  @Test
  void options_none_allCoresAndHalfOfTheMemory() throws Exception {
    Program.Result result = minilote("tell", "0").run();
    assertTrue(result.outLines().contains("spark.master=local[*]"), result.toString());
    assertTrue(result.outLines().contains("threads 1"), result.toString());
    var machine =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    double half = Math.min(31 << 10, machine.getTotalMemorySize() / 2.0 / (1 << 20));
    double memory =
        result.outLines().stream()
            .filter(line -> line.startsWith("memory "))
            .mapToLong(line -> Long.parseLong(line.substring("memory ".length())))
            .sum();
    assertEquals(half, memory, 0.01 * half);
  }

  @Test
  void sparkDefaults_ofTheUser_stay() throws Exception {
    Path configuration = Files.createDirectory(folder.resolve("configuration"));
    Files.writeString(
        configuration.resolve("spark-defaults.conf"),
        """
        # spark.master    local[7]
        spark.master      local[3]
        spark.driver.memory=384m
        spark.ui.enabled  true
        """);
    Program.Result result =
        minilote("tell", "0").environment("SPARK_CONF_DIR", configuration).run();
    assertTrue(
        result
            .outLines()
            .containsAll(List.of("spark.master=local[3]", "memory 384", "spark.ui.enabled=true")),
        result.toString());
  }

  @Test
  void exitCode_ofTheProgram_isPassedOn() throws Exception {
    assertEquals(7, minilote("tell", "7").run().exitCode());
  }

  @Test
  void log_unlessAsked_showsWarningsOnStandardErrorOnly() throws Exception {
    Program.Result quiet = minilote("tell", "0").run();
    assertEquals(1, quiet.err().lines().count(), quiet.toString());
    assertTrue(quiet.err().endsWith("WARN Example: a warning\n"), quiet.toString());
    Program.Result loud = minilote("tell", "0").environment("MINILOTE_LOG_LEVEL", "info").run();
    assertTrue(loud.err().contains("INFO Example: an information\n"), loud.toString());
    assertFalse(loud.out().contains("information"), loud.toString());
  }

  @Test
  void termination_signal_reachesTheProgram() throws Exception {
    Process process = minilote("wait").start();
    var err = Program.read(process.getErrorStream());
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertEquals("waiting", out.readLine());
      process.toHandle().destroy();
      assertEquals("ended in order", out.readLine(), err::join);
    }
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(128 + 15, process.exitValue());
  }

  @ParameterizedTest
  @MethodSource("sparks")
  void sparkHome_set_isTheSparkThatRuns(Path spark) throws Exception {
    Program.Result result = minilote("tell", "0").environment("SPARK_HOME", spark).run();
    assertEquals(0, result.exitCode(), result.toString());
    assertTrue(result.outLines().contains("version " + Project.version(spark)), result.toString());
  }

  @Test
  void sparkHome_installation_itsOwnProgramIsCalled() throws Exception {
    Path spark = Files.createDirectories(folder.resolve("installation"));
    Files.createDirectory(spark.resolve("jars"));
    Files.createDirectory(spark.resolve("bin"));
    executable(spark.resolve("bin/spark-class"), "printf '<%s>\\n' \"$@\"; exit 5");
    Program.Result result =
        minilote("--master", "yarn", "tell", "0", "a b").environment("SPARK_HOME", spark).run();
    assertEquals(5, result.exitCode(), result.toString());
    assertEquals(
        List.of(
            "<org.apache.spark.deploy.SparkSubmit>",
            "<--master>",
            "<yarn>",
            "<--class>",
            "<minilote.driver.Minilote>",
            "<" + standIn + ">",
            "<tell>",
            "<0>",
            "<a b>"),
        result.outLines());
  }

  @Test
  void symbolicLink_toTheProgram_works() throws Exception {
    Path link = Project.ROOT.resolve("deploy/target/link-to-minilote");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of("../minilote"));
    Program.Result result =
        new Program(link, "tell", "0").environment("MINILOTE_JAR", standIn).in(folder).run();
    assertEquals(0, result.exitCode(), result.toString());
  }

  @Test
  void jar_notBuilt_saysHowToBuildIt() throws Exception {
    Program.Result result =
        minilote("train").environment("MINILOTE_JAR", folder.resolve("none.jar")).run();
    assertSentence(1, result, "none.jar, where there is no file.");
  }

  @Test
  void java_tooOld_saysWhichIsAndWhichIsNeeded() throws Exception {
    Path home = Files.createDirectories(folder.resolve("old"));
    Files.createDirectory(home.resolve("bin"));
    executable(home.resolve("bin/java"), "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");
    assertSentence(
        1,
        minilote("train").environment("JAVA_HOME", home).run(),
        "is too old (11.0.2): let JAVA_HOME name a JDK or JRE 17 or newer.");
    executable(home.resolve("bin/java"), "echo 'java version \"1.8.0_402\"' >&2");
    assertSentence(
        1, minilote("train").environment("JAVA_HOME", home).run(), "is too old (1.8.0_402)");
  }

  @Test
  void java_missing_saysSo() throws Exception {
    assertSentence(
        1,
        minilote("train").environment("JAVA_HOME", folder.resolve("nowhere")).run(),
        "where there is no bin/java");
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("bash", "dirname", "basename", "sed", "env")) {
      Path found =
          Stream.of("/bin", "/usr/bin")
              .map(bin -> Path.of(bin, tool))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      executable(tools.resolve(tool), "exec " + found + " \"$@\"");
    }
    assertSentence(
        1,
        minilote("train").environment("JAVA_HOME", null).environment("PATH", tools).run(),
        "There is no Java: install a JDK 17 or newer");
  }

  @Test
  void sparkHome_withoutJars_saysSo() throws Exception {
    assertSentence(
        1,
        minilote("train").environment("SPARK_HOME", folder.resolve("nothing")).run(),
        "where there is no folder jars");
  }

  @Test
  void options_incomplete_areWrongInput() throws Exception {
    assertSentence(2, minilote("--master").run(), "Spark's option --master has no value");
    assertSentence(2, minilote("--master", "local").run(), "There is no command");
  }

  @Test
  void option_unknownToSpark_isSaidAndFails() throws Exception {
    Program.Result result = minilote("--no-such-option", "x", "tell", "0").run();
    assertEquals(1, result.exitCode(), result.toString());
    assertTrue(result.err().contains("Unrecognized option: --no-such-option"), result.toString());
  }

  private static void assertSentence(int exitCode, Program.Result result, String part) {
    assertEquals(exitCode, result.exitCode(), result.toString());
    assertEquals(1, result.err().lines().count(), result.toString());
    assertTrue(result.err().startsWith("minilote: "), result.toString());
    assertTrue(result.err().contains(part), result.toString());
    assertEquals("", result.out());
  }

  private static void executable(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
