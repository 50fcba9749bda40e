package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import minilote.trainer.network.NamedNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wrong input of every kind, with the exact sentence that the user sees: {@code wrong-input.txt}.
 */
class WrongInputTest {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final String PREFIX = "minilote: ";

  @TempDir static Path folder;

  /** A line of the table. */
  record Case(List<String> arguments, String sentence) {
    @Override
    public String toString() {
      return String.join(" ", arguments);
    }
  }

  @BeforeAll
  static void makeFixtures() throws IOException {
    WrongInputFixtures.make(folder);
  }

  @AfterEach
  void nothingWasBegun() throws IOException {
    Path begun = folder.resolve("new");
    boolean there = Files.exists(begun);
    if (there) {
      try (Stream<Path> files = Files.walk(begun)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    assertEquals(false, there, "wrong input must leave no folder behind");
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    List<String> arguments = null;
    for (String line : table().lines().toList()) {
      if (line.startsWith("$")) {
        arguments = words(line.substring(1));
      } else if (!line.isBlank() && !line.startsWith("#") && arguments != null) {
        cases.add(new Case(arguments, line));
        arguments = null;
      }
    }
    return cases;
  }

  private static String table() {
    try (InputStream in = WrongInputTest.class.getResourceAsStream("wrong-input.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    while (word.find()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    return words;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void run_wrongInput_saysItsSentenceAndEndsWith2(Case wrong) {
    Program.Outcome outcome = run(wrong.arguments());
    List<String> lines = outcome.err().lines().toList();
    String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    String names = String.join(", ", NamedNetwork.NAMES);
    assertEquals(
        PREFIX + wrong.sentence(),
        last.replace(folder.toString(), "{dir}").replace(names, "{names}"));
    assertEquals(Minilote.WRONG_INPUT, outcome.exitCode());
    assertTrue(lines.stream().noneMatch(line -> line.startsWith("\tat ")), outcome.err());
    assertEquals("", outcome.out());
  }

  @Test
  void cases_ofTheTable_areMany() {
    assertTrue(cases().size() >= 60, cases().size() + " cases");
    long commands =
        cases().stream()
            .filter(c -> !c.arguments().isEmpty())
            .map(c -> c.arguments().get(0))
            .distinct()
            .count();
    assertTrue(commands >= 5, commands + " commands");
  }

  @Test
  void run_wrongInputWithJson_givesTheSentenceAsJson() throws IOException {
    Program.Outcome outcome =
        run(List.of("train", "--out", "{dir}/new", "--epochs", "few", "--json"));
    assertEquals(
        "--epochs few: it must be a whole number",
        new ObjectMapper().readTree(outcome.out()).get("error").asText());
    assertEquals(Minilote.WRONG_INPUT, outcome.exitCode());
  }

  @Test
  void run_wrongInputWithVerbose_showsWhereItArose() {
    Program.Outcome outcome =
        run(List.of("evaluate", "{dir}/nowhere", "--data", "{dir}/data", "--verbose"));
    assertTrue(outcome.err().contains("\tat minilote."), outcome.err());
  }

  private static Program.Outcome run(List<String> arguments) {
    return Program.run(
        arguments.stream()
            .map(word -> word.replace("{dir}", folder.toString()))
            .toArray(String[]::new));
  }
}
