package minilote.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import minilote.datasets.Json;
import org.junit.jupiter.api.Test;

class StudyReportTest {
  private static final Pattern FIGURE = Pattern.compile("<figure id=\"([^\"]*)\">");
  private static final Pattern ROW = Pattern.compile("<tr>(.*?)</tr>");
  private static final Pattern CELL = Pattern.compile("<t[hd][^>]*>(.*?)</t[hd]>");
  private static final Pattern LINK = Pattern.compile("href=\"([^\"]*)\"");

  private static List<String> found(Pattern pattern, String html) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(html);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  /** The cells of every row of a page's {@code index}-th table, without links. */
  private static List<List<String>> table(String html, int index) {
    String table = html.split("<table", -1)[index + 1].split("</table>", -1)[0];
    return found(ROW, table).stream()
        .map(row -> found(CELL, row.replaceAll("</?a[^>]*>", "")))
        .toList();
  }

  private static String shown(JsonNode row, String figure, double scale, String format) {
    JsonNode mean = row.path(figure + "_mean");
    JsonNode ci95 = row.path(figure + "_ci95");
    String number = String.format(Locale.ROOT, format, scale * mean.asDouble());
    return ci95.isNumber()
        ? number + " ± " + String.format(Locale.ROOT, format, scale * ci95.asDouble())
        : number;
  }

  private static List<String> row(JsonNode row) {
    return List.of(
        String.format(Locale.ROOT, "%,d", row.path("batch").asInt()),
        row.path("runs").asText(),
        shown(row, "train_accuracy", 100, "%.2f") + " %",
        shown(row, "test_accuracy", 100, "%.2f") + " %",
        shown(row, "generalization_gap", 100, "%.2f"),
        row.path("learning_rate_ci95").isNumber() ? "0.01 ± 0.00143" : "0.01",
        shown(row, "epochs", 1, "%,.1f").replaceFirst("^4.0", "4"),
        shown(row, "steps", 1, "%,.0f").replaceFirst("± (\\d)$", "± $1"),
        shown(row, "steps_to_target", 1, "%,.0f"),
        "%.1f s".formatted(row.path("seconds_mean").asDouble()));
  }

  @Test
  void toHtml_ofThreeBatchesAndTwoSeeds_hasEveryFigure() {
    ReportStudies study = ReportStudies.of(true, 2, 32, 256, 2048);
    String html = study.html();
    assertEquals(
        List.of(
            "test-accuracy",
            "generalization-gap",
            "train-loss-over-epochs",
            "train-loss-over-updates",
            "train-accuracy-over-epochs",
            "train-accuracy-over-updates",
            "updates-to-target",
            "seconds-to-target"),
        found(FIGURE, html));
    assertTrue(
        html.contains(
            "Compared: batches of 32, 256 and 2,048 examples, with 2 seeds each. Runs of all"
                + " batches take as many epochs, with the same learning rate."),
        html);
    // In the command, blanks stay as they were typed.
    assertTrue(
        study.report().toHtml().contains("<pre>minilote study --out &#39;5 % each&#39;</pre>"),
        html);
    assertFalse(html.contains("NaN"), html);
  }

  @Test
  void toHtml_ofAStudy_showsTheNumbersOfItsFile() {
    ReportStudies study = ReportStudies.of(true, 2, 1024, 2048, 3072);
    List<List<String>> table = table(study.html(), 0);
    assertEquals(4, table.size());
    for (int i = 0; i < 3; i++) {
      JsonNode row = study.json().path("table").path(i);
      List<String> cells = table.get(i + 1);
      assertEquals(row(row).subList(0, 6), cells.subList(0, 6));
      assertEquals("%.1f s".formatted(row.path("seconds_mean").asDouble()), cells.get(9));
    }
    // 6,144 examples, four epochs of them, two until the target.
    assertEquals(List.of("24 ± 3.4", "12 ± 1.7"), table.get(1).subList(7, 9));
    List<List<String>> runs = table(study.html(), 1);
    assertEquals(7, runs.size());
    for (int i = 0; i < 6; i++) {
      ObjectNode run = study.runs().get(i);
      assertEquals(
          List.of(
              String.format(Locale.ROOT, "%,d", run.get("batch").asInt()),
              run.get("seed").asText(),
              "%.2f %%".formatted(100 * run.get("train_accuracy").asDouble()),
              "%.2f %%".formatted(100 * run.get("test_accuracy").asDouble()),
              "%.2f".formatted(100 * run.get("generalization_gap").asDouble()),
              "0.01",
              "4",
              "%.0f".formatted(run.get("steps").asDouble()),
              "%.0f".formatted(run.get("steps_to_target").asDouble()),
              "%.1f s".formatted(run.get("seconds").asDouble())),
          runs.get(i + 1));
    }
  }

  @Test
  void toHtml_ofAStudy_leadsFromEachNumberOfARunToItsPage() {
    String html = ReportStudies.of(true, 2, 32, 256).html();
    List<String> links = found(LINK, html);
    for (String key : List.of("key-32-0", "key-256-0", "key-32-1", "key-256-1")) {
      String page = "runs/%s/report.html".formatted(key);
      assertEquals(8, links.stream().filter(page::equals).count(), page);
    }
    links.forEach(
        link -> assertTrue(link.matches("data:,|[a-z].*\\.(html|json|svg|csv|md)"), link));
    assertTrue(html.contains("<pre>minilote reproduce runs/key-32-0</pre>"), html);
  }

  @Test
  void files_ofAStudy_areTheFiguresAndTablesThatThePageNames() {
    ReportStudies study = ReportStudies.of(true, 2, 32, 256, 2048);
    Map<String, String> files = study.report().files();
    assertEquals(8 + 4, files.size());
    List<String> links = found(LINK, study.html());
    assertTrue(links.containsAll(files.keySet()), links.toString());
    String csv = files.get("tables/by-batch.csv");
    List<String> lines = csv.lines().toList();
    assertEquals(4, lines.size());
    assertTrue(
        lines.get(0).startsWith("batch,runs,diverged,train_loss_mean,train_loss_ci95,"), csv);
    JsonNode row = study.json().path("table").path(1);
    assertTrue(
        lines.get(2).startsWith("256,2,0," + row.path("train_loss_mean").asText() + ","), csv);
    assertEquals(7, files.get("tables/runs.csv").lines().count());
    String table = files.get("tables/by-batch.md");
    assertEquals(5, table.lines().count());
    String summary = files.get("summary.md");
    assertTrue(summary.contains("\n\n" + table), summary);
    assertTrue(summary.contains("Runs of all batches take as many epochs"), summary);
    for (JsonNode comparison : study.json().path("comparisons")) {
      assertTrue(summary.contains("\n- " + comparison.path("sentence").asText()), summary);
    }
    assertFalse(summary.contains("Beside"), summary);
    assertTrue(
        summary.contains(
            "\n\nThe target: The end of the first epoch with a validation accuracy of 90.00 % or more"),
        summary);
    String computedBy =
        "Computed by Minilote 0.1, Java 17.0.15; native engine, amd64 (oneDNN 3.11.0, kernel AVX2).";
    assertTrue(summary.endsWith("\n\n" + computedBy + "\n"), summary);
  }

  @Test
  void files_ofFigures_standAlone() throws Exception {
    for (Map.Entry<String, String> file :
        ReportStudies.of(true, 2, 32, 256).report().files().entrySet()) {
      if (file.getKey().endsWith(".svg")) {
        String svg = file.getValue();
        assertEquals(
            "svg",
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement()
                .getNodeName());
        assertFalse(svg.contains("var("), svg);
        assertTrue(svg.contains(".s0 { color: #0063a6; }"), svg);
      }
    }
  }

  @Test
  void toHtml_ofARunThatDiverged_saysSoAndLeavesItOut() {
    ReportStudies study = ReportStudies.of(true, 2, 32, 256).diverged();
    String html = study.html();
    assertTrue(html.contains("1 run diverged and is left out of means: batch 32, seed 0."), html);
    assertEquals("1 (1 diverged)", table(html, 0).get(1).get(1));
    assertEquals(
        "%.2f %%".formatted(100 * study.runs().get(2).get("test_accuracy").asDouble()),
        table(html, 0).get(1).get(3));
    assertEquals(List.of("32", "0", "diverged"), table(html, 1).get(1));
  }

  /** What a rate that is too large does is to be seen as far as there is anything to see. */
  @Test
  void toHtml_ofACellWhoseRunsAllDiverged_drawsTheEpochsBefore_orSaysThatThereAreNone() {
    ReportStudies study = ReportStudies.of(true, 1, 32, 256).diverged();
    String drawn = figure(study.html(), "train-loss-over-epochs");
    assertTrue(drawn.contains("batch 32"), drawn);
    assertFalse(study.html().contains("Without a line"), drawn);
    study.epochs(study.runs().get(0)).clear();
    assertFalse(figure(study.html(), "train-loss-over-epochs").contains("batch 32"), drawn);
    assertTrue(
        study.html().contains("Without a line, as training diverged in its first epoch: batch 32."),
        study.html());
  }

  private static String figure(String html, String name) {
    String from = html.split("<figure id=\"%s\">".formatted(name), -1)[1];
    return from.split("</figure>", -1)[0];
  }

  @Test
  void toHtml_ofNumbersToPredict_hasLosses() {
    ReportStudies study = ReportStudies.of(false, 2, 32, 256);
    study.json().putNull("target");
    String html = study.html();
    List<String> figures = found(FIGURE, html);
    assertEquals("test-loss", figures.get(0));
    assertFalse(figures.toString().contains("accuracy"), figures.toString());
    assertTrue(html.contains("The highest mean test loss is"), html);
    assertEquals("test loss", table(html, 0).get(0).get(3));
    assertTrue(html.contains("Test loss minus training loss"), html);
  }

  @Test
  void toHtml_ofOneSeed_hasNoIntervals() {
    String html = ReportStudies.of(true, 1, 32, 256).html();
    assertTrue(html.contains("One seed each, so no intervals."), html);
    assertFalse(html.contains("class=\"bar\""), html);
    assertFalse(html.contains("class=\"band\""), html);
    assertFalse(html.contains("±"), html);
  }

  @Test
  void toHtml_ofAnUnfinishedStudy_saysHowMuchIsLeft() {
    String html = ReportStudies.of(true, 2, 32, 256).unfinished().html();
    assertTrue(
        html.contains(
            "The study is not finished: 1 of 4 runs is left, and figures are of those that have"
                + " ended."),
        html);
    assertEquals(List.of("256", "1", "not yet"), table(html, 1).get(4));
    assertFalse(html.contains("key-256-1"), html);
    assertFalse(html.contains("figures/"), "files that are not there yet");
  }

  @Test
  void toHtml_beforeAnyRunHasEnded_hasAPage() {
    String html = ReportStudies.of(true, 1, 32).unfinished().html();
    assertEquals(List.of(), found(FIGURE, html));
    assertTrue(html.contains("No run has ended yet."), html);
  }

  @Test
  void toHtml_withoutATestSplit_judgesByValidation() {
    ReportStudies study = ReportStudies.of(true, 2, 32, 256);
    for (JsonNode object : study.json().findParents("test_loss")) {
      rename((ObjectNode) object, "test_loss", "validation_loss");
      rename((ObjectNode) object, "test_accuracy", "validation_accuracy");
    }
    for (JsonNode object : study.json().findParents("test_loss_mean")) {
      rename((ObjectNode) object, "test_accuracy_mean", "validation_accuracy_mean");
      rename((ObjectNode) object, "test_accuracy_ci95", "validation_accuracy_ci95");
    }
    String html = study.html();
    assertTrue(html.contains("The highest mean validation accuracy is"), html);
    assertEquals("validation-accuracy", found(FIGURE, html).get(0));
    assertFalse(html.contains("test accuracy"), html);
  }

  private static void rename(ObjectNode object, String from, String to) {
    object.set(to, object.remove(from));
  }

  @Test
  void toHtml_ofOneBatchAndAVariedNumber_hasThatAcross() {
    ReportStudies study = ReportStudies.of(true, 2, 64, 128);
    ObjectNode varied = (ObjectNode) study.json().at("/arms/0/varied");
    varied.putArray("--learning-rate").add("0.1").add("0.01");
    for (JsonNode object : study.json().findParents("batch")) {
      if (object.path("batch").isInt()) {
        ObjectNode one = (ObjectNode) object;
        one.put("learning-rate", one.get("batch").asInt() == 64 ? "0.1" : "0.01");
        one.put("batch", 64);
      }
    }
    String html = study.html();
    assertTrue(html.contains("<h3>Test accuracy by learning rate</h3>"), html);
    assertTrue(html.contains("learning rate, logarithmic</text>"), html);
    assertTrue(html.contains("</svg>learning rate 0.01</li>"), html);
  }

  @Test
  void toHtml_ofMeasures_drawsThem() {
    ReportStudies study = ReportStudies.of(true, 2, 32, 256);
    for (ObjectNode run : study.runs()) {
      run.put("sharpness_0.001", run.get("batch").asDouble() / 10);
      for (JsonNode line : study.epochs(run)) {
        ((ObjectNode) line).put("noise_scale", 100.0 * line.get("epoch").asInt());
      }
    }
    for (int seed = 0; seed < 2; seed++) {
      ObjectNode line = study.json().withArray("/interpolations").addObject();
      line.putObject("first").put("batch", 32);
      line.putObject("second").put("batch", 256);
      for (double alpha : new double[] {-1, 0, 1, 2}) {
        line.withArray("/points")
            .addObject()
            .put("alpha", alpha)
            .put("train_loss", 1 + seed + alpha)
            .put("test_accuracy", 0.5);
      }
    }
    study.json().putArray("tuning").addObject().put("learning_rate", 0.1);
    ObjectNode tuned = (ObjectNode) study.json().at("/tuning/0");
    tuned.putObject("cell").put("batch", 32);
    tuned.putArray("tried").addObject().put("learning_rate", 0.1).put("validation_accuracy", 0.93);
    tuned.withArray("/tried").addObject().put("learning_rate", 1.0).putNull("validation_accuracy");
    study
        .json()
        .putArray("critical_batch")
        .add(
            Json.object()
                .put("examples", 96.0)
                .put("standard_error", 7.0)
                .put("fewest_steps", 100.0));
    String html = study.html();
    List<String> figures = found(FIGURE, html);
    assertTrue(
        figures.containsAll(
            List.of(
                "gap-by-sharpness-0.001",
                "noise-scale-over-epochs",
                "interpolation-loss",
                "interpolation-accuracy")),
        figures.toString());
    assertTrue(html.contains("Loss, batch 32 to batch 256"), html);
    assertTrue(html.contains("<b>0.1: 93.00 %</b> · 1: no result"), html);
    assertTrue(html.contains("fit, critical batch 96 ± 7</li>"), html);
    // Seeds from 0 to 3 and from 1 to 4.
    assertTrue(html.contains("batch 32 to batch 256; training from 0.5000 to 3.500"), html);
  }

  @Test
  void toHtml_ofSlices_hasALineABatch_overItsSeeds() {
    ReportStudies study = ReportStudies.of(true, 2, 32, 256);
    for (ObjectNode run : study.runs()) {
      ObjectNode slice = study.json().withArray("/landscapes").addObject();
      slice.put("batch", run.get("batch").asInt()).put("run", run.get("key").asText());
      for (int i = -1; i <= 1; i++) {
        slice.withArray("/coordinates").add(i);
        slice
            .withArray("/loss")
            .add(1 + i * i * run.get("batch").asInt() + run.get("seed").asInt());
      }
      slice.withArray("/loss").remove(2);
      slice.withArray("/loss").addNull(); // No finite number.
    }
    String figure = figure(study.html(), "landscape");
    assertTrue(figure.contains("norms of the filters 0: 1.500, from 1.000 to 2.000"), figure);
    assertTrue(figure.contains("batch 256"), figure);
    assertTrue(study.html().contains("<h2>Around the minima</h2>"), figure);
  }

  /** Two arms with the same batches: the second one's are a sixteenth of the given ones. */
  private static String twoArms(int... batches) {
    ReportStudies study = ReportStudies.of(true, 2, batches);
    ((ObjectNode) study.json().at("/arms/0")).put("name", "small");
    study.json().withArray("/arms").addObject().put("name", "large").put("held_equal", "Nothing.");
    for (JsonNode object : study.json().findParents("batch")) {
      if (object.path("batch").isInt()) {
        int batch = object.get("batch").asInt();
        ((ObjectNode) object).put("arm", batch > 256 ? "large" : "small");
        ((ObjectNode) object).put("batch", batch > 256 ? batch / 16 : batch);
      }
    }
    return study.html();
  }

  @Test
  void toHtml_ofTwoArms_hasALineForEachAndCurvesTogether() {
    String html = twoArms(32, 256, 512, 4096);
    String accuracy = html.split("<figure", -1)[1];
    assertTrue(accuracy.contains("</svg>small</li>"), accuracy);
    assertTrue(accuracy.contains("</svg>large</li>"), accuracy);
    assertTrue(html.contains("<h3>Training loss over epochs</h3>"), html);
    assertTrue(html.contains("</svg>large, batch 256</li>"), html);
    assertEquals("arm", table(html, 0).get(0).get(0));
  }

  @Test
  void toHtml_ofTwoArmsWithManyBatches_hasChartsOfEach() {
    String html = twoArms(32, 64, 128, 256, 512, 1024, 2048, 4096);
    assertTrue(html.contains("<h3>Training loss over epochs, large</h3>"), html);
    assertTrue(html.contains("</svg>batch 256</li>"), html);
  }

  @Test
  void toHtml_ofAPublishedExperiment_hasItsFigures() {
    ReportStudies study = ReportStudies.of(true, 2, 32, 256);
    ObjectNode published = study.json().putObject("published").put("source", "A paper");
    published.put("small", true).putArray("figures").addObject();
    ((ArrayNode) published.path("figures"))
        .addObject()
        .put("batch", 256)
        .put("figure", "test_accuracy_by_batch_statistics")
        .put("published", 0.8004);
    ObjectNode figure = (ObjectNode) published.at("/figures/0");
    figure.put("batch", 32).put("figure", "test_accuracy");
    figure.put("published", 0.9803).put("published_plus_minus", 0.0007).put("own", 0.5);
    String html = study.html();
    assertTrue(html.contains("figures are not comparable with the published ones"), html);
    assertEquals(
        List.of("batch 32", "Test accuracy", "98.03 ± 0.07 %", "50.00 %"), table(html, 1).get(1));
    assertEquals(
        List.of("batch 256", "Test accuracy by batch statistics", "80.04 %", "–"),
        table(html, 1).get(2));
  }

  @Test
  void toHtml_ofAnyStudy_needsNoNetworkAndNoScript() {
    ReportStudies study = ReportStudies.of(true, 2, 32, 256);
    study.json().put("data", "<script>alert('1')</script>");
    String html = study.html();
    assertFalse(html.contains("<script"), html);
    assertFalse(Pattern.compile("src\\s*=").matcher(html).find(), "something to load");
    assertFalse(html.contains("@import") || html.contains("url("), "a style from elsewhere");
    assertFalse(html.contains("http:") || html.contains("https:"), "an address");
  }
}
