package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a study leaves in its folder, for people. */
class StudyCommandTest {
  @TempDir static Path folder;
  private static Fixtures files;

  @BeforeAll
  static void prepare() throws IOException {
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
    Program.succeed(study("study"));
  }

  private static String[] study(String out) {
    return new String[] {
      "study",
      "--data",
      files.name("data"),
      "--network",
      "dense 4 relu, dense 2 softmax",
      "--batch",
      "2,7",
      "--seeds",
      "2",
      "--epochs",
      "2",
      "--runs",
      files.name("study/runs"),
      "--measures",
      "norms,landscape,interpolation",
      "--json",
      "--out",
      files.name(out)
    };
  }

  private static String text(String file) throws IOException {
    return Files.readString(files.path(file));
  }

  @Test
  void study_thatHasEnded_hasAPageWhoseLinksAreThere() throws IOException {
    String html = text("study/report.html");
    Matcher link = Pattern.compile("href=\"([^\"]*)\"").matcher(html);
    int examined = 0;
    while (link.find()) {
      if (!link.group(1).equals("data:,")) {
        assertTrue(Files.size(files.path("study/" + link.group(1))) > 0, link.group(1));
        examined++;
      }
    }
    assertTrue(examined > 4 * 5, examined + " links");
    assertTrue(html.contains("Loss, batch 2 to batch 7"), html);
    assertTrue(html.contains("<svg class=\"chart\""), html);
    assertTrue(html.contains(" study --data %s ".formatted(files.name("data"))), html);
    assertTrue(
        html.contains("--network &#39;dense 4 relu, dense 2 softmax&#39; --batch 2,7 "), html);
  }

  /** The middle of a slice is the run itself. */
  @Test
  void landscape_isOfEachRun_aroundItsOwnLoss() throws IOException {
    JsonNode study = new ObjectMapper().readTree(text("study/study.json"));
    assertEquals(4, study.get("landscapes").size());
    for (int i = 0; i < 4; i++) {
      JsonNode run = study.get("runs").get(i);
      JsonNode slice = study.get("landscapes").get(i);
      assertEquals(run.get("key"), slice.get("run"));
      assertEquals(41, slice.get("loss").size());
      assertEquals(0.0, slice.get("coordinates").get(20).asDouble());
      assertEquals(run.get("train_loss"), slice.get("loss").get(20));
    }
    assertTrue(Files.exists(files.path("study/figures/landscape.svg")));
  }

  @Test
  void study_again_writesAllAnewWithoutSpark() throws IOException {
    String page = text("study/report.html");
    for (String file : new String[] {"report.html", "study.json", "tables/runs.csv"}) {
      Files.delete(files.path("study/" + file));
    }
    Program.Outcome again = Program.run(study("study"));
    assertEquals(0, again.exitCode(), again.err());
    assertFalse(again.err().contains("Spark"), again.err());
    assertEquals(page, text("study/report.html"));
    assertTrue(text("study/tables/runs.csv").contains(",seed,"), page);
    JsonNode json = new ObjectMapper().readTree(again.out());
    assertTrue(json.get("finished").asBoolean(), json.toString());
    assertTrue(json.get("report").asText().endsWith("study/report.html"), json.toString());
  }

  /** Figures that cannot be written: where their folder is to be, there is a file. */
  @Test
  void study_whoseReportCannotBeWritten_endsWellAndSaysSo() throws IOException {
    files.text("other/figures", "x");
    Program.Outcome outcome = Program.run(study("other"));
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertTrue(outcome.err().contains("WARNING: the report in "), outcome.toString());
    assertTrue(outcome.err().contains(" is not whole: "), outcome.toString());
    assertTrue(Files.exists(files.path("other/study.json")), outcome.toString());
    assertTrue(Files.exists(files.path("other/report.html")), outcome.toString());
  }

  @Test
  void study_ofAnotherNetwork_inTheSameFolder_isRefused() throws IOException {
    String before = text("study/study.json");
    String[] other = study("study");
    other[4] = "dense 5 relu, dense 2 softmax";
    Program.Outcome outcome = Program.run(other);
    assertEquals(Minilote.WRONG_INPUT, outcome.exitCode(), outcome.err());
    assertTrue(
        outcome.err().contains("the study in it has --network dense 4 relu, dense 2 softmax,"),
        outcome.err());
    assertEquals(before, text("study/study.json"));
  }

  @Test
  void study_withMoreSeeds_goesOnInTheSameFolder() throws IOException {
    Program.succeed(study("more"));
    String[] more = study("more");
    more[8] = "3";
    Program.succeed(more);
    assertTrue(text("more/study.json").contains("\"runs\" : 3"), text("more/study.json"));
  }
}
