package minilote.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingResult.Figures;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Pattern TITLE = Pattern.compile("<h3>([^<]*)</h3>");
  private static final Pattern CURVE = Pattern.compile("<path d=\"(M[^\"h]*)\"/>(?=<circle|</g>)");

  private static String html(int epochs) {
    return new Report(
            ReportRuns.run(epochs),
            ReportRuns.metrics(epochs, true, true),
            ReportRuns.result(epochs))
        .toHtml();
  }

  private static List<String> found(Pattern pattern, String html) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(html);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  @Test
  void toHtml_ofAFinishedRun_hasEveryCurveWithAPointAnEpoch() {
    String html = html(10);
    assertEquals(
        List.of("Loss", "Accuracy", "Gap to validation", "Learning rate", "Gradient noise scale"),
        found(TITLE, html));
    List<String> curves = found(CURVE, html);
    // Loss and accuracy of training and validation, gap, learning rate, noise scale.
    assertEquals(7, curves.size());
    for (String curve : curves) {
      assertEquals(9, curve.chars().filter(c -> c == 'L').count(), curve);
    }
  }

  @Test
  void toHtml_ofAFinishedRun_saysWhatCameOut() {
    String html = html(10).replace('\u00a0', ' ');
    assertTrue(
        html.contains(
            "After 10 epochs, 95.67 % of the training examples are classified rightly, and 86.23 %"
                + " of the test examples, which it had not seen."),
        html);
    assertTrue(
        html.contains(
            "<b>9.44 points</b><span class=\"soft\">generalization gap, training − test</span>"),
        html);
    assertTrue(
        html.contains(
            "<tr><th scope=\"row\">validation</th><td>6,000</td><td>0.4100</td><td>87.10 %</td></tr>"),
        html);
    assertTrue(html.contains("<td>2 (the batch&#39;s default)</td>"), html);
    assertTrue(
        html.contains("<td>categorical cross-entropy (follows from the last layer)</td>"), html);
    assertTrue(html.contains("<td>momentum (momentum 0.9, weight decay 0.0005"), html);
  }

  /** The highest training loss is the first point's, so the curve begins above where it ends. */
  @Test
  void toHtml_ofAFallingLoss_fallsOnThePage() {
    String curve = found(CURVE, html(10)).get(0);
    List<String> numbers = found(Pattern.compile("(-?[0-9.]+)"), curve);
    double firstY = Double.parseDouble(numbers.get(1));
    double lastY = Double.parseDouble(numbers.get(numbers.size() - 1));
    double lastX = Double.parseDouble(numbers.get(numbers.size() - 2));
    assertTrue(firstY < lastY, curve);
    assertEquals(466, lastX, 0.05);
  }

  @Test
  void toHtml_ofAnyRun_needsNoNetworkAndNoScript() {
    String html = html(10);
    assertFalse(html.contains("<script"), "a script");
    assertFalse(Pattern.compile("(src|href)\\s*=\\s*\"(?!data:)").matcher(html).find(), "a link");
    assertFalse(html.contains("@import") || html.contains("url("), "a style from elsewhere");
    assertTrue(html.contains("prefers-color-scheme: dark"));
  }

  @Test
  void toHtml_ofNamesThatLookLikeMarkup_escapesThem() {
    ObjectNode run = ReportRuns.run(3);
    run.withObject("/data").put("name", "<script>alert('1')</script>");
    run.withObject("/settings").put("data", "file:/a\"b<c>&d");
    String html = new Report(run, ReportRuns.metrics(3, true, true), ReportRuns.result(3)).toHtml();
    assertFalse(html.contains("<script"), html);
    assertTrue(html.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"), html);
    assertTrue(html.contains("file:/a&quot;b&lt;c&gt;&amp;d"), html);
  }

  @Test
  void toHtml_ofAHundredEpochs_staysSmall() {
    assertTrue(html(100).length() < 200_000, html(100).length() + " characters");
    assertTrue(html(5_000).length() < 1_500_000, html(5_000).length() + " characters");
  }

  @Test
  void toHtml_beforeTheFirstEpoch_saysSo() {
    String html = new Report(ReportRuns.run(10), List.of(), null).toHtml();
    assertTrue(html.contains("0 of 10 epochs are done; the run has not ended."), html);
    assertTrue(html.contains("No epoch has ended yet."), html);
    assertEquals(List.of(), found(TITLE, html));
  }

  @Test
  void toHtml_ofNumbersToPredict_hasLossesAlone() {
    TrainingResult result =
        new TrainingResult(3, 2, 9, new Figures(0.5, null), new Figures(0.75, null), null, 1, "ab");
    String html =
        new Report(ReportRuns.run(10), ReportRuns.metrics(3, false, true), result).toHtml();
    assertEquals(
        List.of("Loss", "Gap to validation", "Learning rate", "Gradient noise scale"),
        found(TITLE, html));
    assertTrue(
        html.contains(
            "After 3 epochs (stopped early, 10 were allowed), with the weights of epoch 2, the best"
                + " on validation examples, the mean loss on training examples is 0.5000, on"
                + " validation examples 0.7500."),
        html);
    assertTrue(html.contains(">generalization gap, validation − training<"), html);
  }

  @Test
  void toHtml_withoutValidation_hasNoGap() {
    String html = new Report(ReportRuns.run(3), ReportRuns.metrics(3, true, false), null).toHtml();
    assertEquals(
        List.of("Loss", "Accuracy", "Learning rate", "Gradient noise scale"), found(TITLE, html));
  }

  @Test
  void toHtml_ofALossThatIsNoNumber_leavesItOut() {
    List<Metrics> metrics = ReportRuns.metrics(4, true, true);
    Metrics m = metrics.get(2);
    metrics.set(
        2,
        new Metrics(
            m.epoch(),
            m.step(),
            m.examples(),
            true,
            Double.NaN,
            null,
            null,
            null,
            0.1,
            null,
            null,
            1,
            1));
    String html = new Report(ReportRuns.run(4), metrics, null).toHtml();
    assertFalse(html.contains("NaN"), html);
    // Two pieces: before and after the gap.
    assertEquals(2, found(CURVE, html).get(0).chars().filter(c -> c == 'M').count());
  }
}
