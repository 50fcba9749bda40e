package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The reports of a run and of a study, and the page of all lessons, in a real browser, which has no
 * network. With the profile browser; chromium is to be on the PATH.
 */
class ReportIT {
  /** Appended to a copy of the report: says what the browser has made of it. */
  private static final String MEASURE =
      """
      <script>
      addEventListener("load", () => {
        const charts = [...document.querySelectorAll("svg.chart")].map(svg => {
          const box = svg.getBoundingClientRect();
          return {width: box.width, height: box.height, marks: svg.querySelectorAll("path, circle, polygon, image, rect").length};
        });
        const measured = "measured" + JSON.stringify({
          charts,
          visible: document.documentElement.clientWidth,
          wide: document.documentElement.scrollWidth,
          loaded: performance.getEntriesByType("resource").map(entry => entry.name),
          title: document.title
        }) + "end";
        if (parent === window) {
          document.body.append(measured);
        } else {
          parent.postMessage(measured, "*");
        }
      });
      </script>
      """;

  /** A window as narrow as a phone's, narrower than the browser's own may be. */
  private static final String PHONE =
      """
      <!DOCTYPE html>
      <script>addEventListener("message", event => document.body.append(event.data))</script>
      <iframe src="%s" style="width: 390px; height: 800px; border: 0"></iframe>
      """;

  /** Some are trainings; on a slow machine, beside others. */
  private static final Duration ALL_LESSONS = Duration.ofMinutes(10);

  private static final String NETWORK = "dense 16 relu, dense 10 softmax";

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
    run("prepare", "--dataset", "sample", "--to", data.toString());
    String[] network = {"--data", data.toString(), "--network", NETWORK, "--epochs", "3"};
    run(words(network, "train", "--batch", "500", "--out", folder.resolve("run").toString()));
    run(
        words(
            network,
            "study",
            "--batch",
            "50,200,500",
            "--seeds",
            "2",
            "--out",
            folder.resolve("study").toString()));
    run("lesson", "all", "--out", folder.resolve("lesson").toString());
    run("lesson", "gates", "--language", "es", "--out", folder.resolve("gates").toString());
    for (Map.Entry<String, String> page :
        Map.of(
                "run", "run/report",
                "study", "study/report",
                "lessons", "lesson/lessons",
                "gates", "gates/gates")
            .entrySet()) {
      String kind = page.getKey();
      String report = Files.readString(folder.resolve(page.getValue() + ".html"));
      assertTrue(report.contains("</body>"));
      Files.writeString(
          folder.resolve(kind + ".html"), report.replace("</body>", MEASURE + "</body>"));
      Files.writeString(folder.resolve(kind + "-390.html"), PHONE.formatted(kind + ".html"));
    }
  }

  private static String[] words(String[] network, String command, String... more) {
    return Stream.of(Stream.of(command), Stream.of(network), Stream.of(more))
        .flatMap(words -> words)
        .toArray(String[]::new);
  }

  private static void run(String... words) throws Exception {
    Program.Result result = new Program(Project.MINILOTE, words).within(ALL_LESSONS).run();
    assertEquals(0, result.exitCode(), result.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "run, 1280, 3",
    "run, 600, 3",
    "run-390, 1280, 3",
    "study, 1280, 8",
    "study, 600, 8",
    "study-390, 1280, 8",
    "gates, 1280, 6",
    "lessons, 1280, 60",
    "lessons, 600, 60",
    "lessons-390, 1280, 60"
  })
  void report_inABrowser_showsItsChartsWithoutNetwork(String page, int width, int charts)
      throws Exception {
    Program.Result result =
        new Program(browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
            .with("--user-data-dir=" + folder.resolve("profile"))
            .with("--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=" + width + ",900")
            .with("--enable-logging=stderr", "--virtual-time-budget=5000")
            .with("--dump-dom", folder.resolve(page + ".html").toUri().toString())
            .run();
    assertEquals(0, result.exitCode(), result.toString());
    assertEquals(List.of(), result.err().lines().filter(line -> line.contains("CONSOLE")).toList());
    Matcher found = Pattern.compile("measured(\\{.*\\})end").matcher(result.out());
    // The script is in the page as well, without braces after the word.
    assertTrue(found.find(), result.toString());
    JsonNode measured = new ObjectMapper().readTree(found.group(1).replace("&amp;", "&"));
    assertEquals(0, measured.path("loaded").size(), measured.toString());
    assertTrue(measured.path("charts").size() >= charts, measured.toString());
    for (JsonNode chart : measured.path("charts")) {
      assertTrue(chart.path("width").asDouble() > 200, measured.toString());
      assertTrue(chart.path("height").asDouble() > 25, measured.toString());
      assertTrue(chart.path("marks").asInt() >= 1, measured.toString());
    }
    assertEquals(page.endsWith("390") ? 390 : width, measured.path("visible").asInt());
    assertTrue(
        measured.path("wide").asInt() <= measured.path("visible").asInt(), measured.toString());
    String title = measured.path("title").asText();
    switch (page.replace("-390", "")) {
      case "gates" -> assertTrue(title.startsWith("Compuertas"), title);
      case "lessons" -> assertTrue(title.contains("threshold unit"), title);
      default -> assertTrue(title.contains("dense 16 relu"), title);
    }
  }
}
