package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run's report in a real browser, which has no network. With the profile browser; chromium is to
 * be on the PATH.
 */
class ReportIT {
  /** Appended to a copy of the report: says what the browser has made of it. */
  private static final String MEASURE =
      """
      <script>
      addEventListener("load", () => {
        const charts = [...document.querySelectorAll("svg.chart")].map(svg => {
          const box = svg.getBoundingClientRect();
          return {width: box.width, height: box.height, paths: svg.querySelectorAll("path").length};
        });
        const measured = document.createElement("pre");
        measured.textContent = "measured" + JSON.stringify({
          charts,
          visible: document.documentElement.clientWidth,
          wide: document.documentElement.scrollWidth,
          loaded: performance.getEntriesByType("resource").map(entry => entry.name),
          title: document.title
        }) + "end";
        document.body.append(measured);
      });
      </script>
      """;

  @TempDir static Path folder;
  private static Path browser;

  @BeforeAll
  static void train() throws Exception {
    assumeTrue(
        Project.property("minilote.browser").equals("required"),
        "skipped: needs Chromium on the PATH; mvn verify -Pbrowser runs it");
    browser =
        Stream.of(System.getenv("PATH").split(":", -1))
            .flatMap(
                bin ->
                    Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(bin, name)))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() -> new AssertionError("There is no chromium on the PATH."));
    Path data = folder.resolve("data");
    for (List<String> words :
        List.of(
            List.of("prepare", "--dataset", "sample", "--to", data.toString()),
            List.of(
                "train",
                "--data",
                data.toString(),
                "--network",
                "dense 16 relu, dense 10 softmax",
                "--batch",
                "500",
                "--epochs",
                "3",
                "--out",
                folder.resolve("run").toString()))) {
      Program.Result result = new Program(Project.MINILOTE, words.toArray(String[]::new)).run();
      assertEquals(0, result.exitCode(), result.toString());
    }
    String report = Files.readString(folder.resolve("run/report.html"));
    assertTrue(report.contains("</body>"));
    Files.writeString(
        folder.resolve("measured.html"), report.replace("</body>", MEASURE + "</body>"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1280,900", "600,900"})
  void report_inABrowser_showsItsChartsWithoutNetwork(String size) throws Exception {
    Program.Result result =
        new Program(browser, "--headless", "--no-sandbox", "--disable-gpu")
            .with("--user-data-dir=" + folder.resolve("profile"))
            .with("--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=" + size)
            .with("--dump-dom", folder.resolve("measured.html").toUri().toString())
            .run();
    assertEquals(0, result.exitCode(), result.toString());
    Matcher found = Pattern.compile("measured(\\{.*\\})end").matcher(result.out());
    // The script is in the page as well, without braces after the word.
    assertTrue(found.find(), result.toString());
    JsonNode measured = new ObjectMapper().readTree(found.group(1).replace("&amp;", "&"));
    assertEquals(0, measured.path("loaded").size(), measured.toString());
    assertTrue(measured.path("charts").size() >= 3, measured.toString());
    for (JsonNode chart : measured.path("charts")) {
      assertTrue(chart.path("width").asDouble() > 200, measured.toString());
      assertTrue(chart.path("height").asDouble() > 80, measured.toString());
      assertTrue(chart.path("paths").asInt() >= 1, measured.toString());
    }
    assertTrue(
        measured.path("wide").asInt() <= measured.path("visible").asInt(), measured.toString());
    assertTrue(measured.path("title").asText().contains("dense 16 relu"), measured.toString());
  }
}
