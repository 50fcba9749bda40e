package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.List;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Plane;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;

/** Gradient descent by the whole data, by mini-batches and by single examples, over one loss. */
final class Descent implements Lesson {
  static final int POINTS = 60;
  static final Plane.Range X = new Plane.Range(0, 2);
  static final double DEVIATION = 0.4;
  static final double[] START = {-1, 2};
  static final double RATE = 0.1;

  /** So many are seen as paths. */
  static final int FEW_EPOCHS = 5;

  static final int EPOCHS = 60;

  /** So many updates are compared, however many epochs they take. */
  static final int UPDATES = 240;

  private static final int LAST_EPOCHS = 20;
  private static final int STRIDE = 4;

  private static final Plane.Range SEEN_W = new Plane.Range(-1.5, 2.5);
  private static final Plane.Range SEEN_B = new Plane.Range(-0.5, 3.5);

  /** Losses nearer to the least are of one shade. */
  private static final double LEAST_SHADE = 1e-3;

  /**
   * A way down.
   *
   * @param key that findings begin with
   * @param word names it
   */
  private record Variant(String key, String word, int batch, WeightPath path) {
    int updatesAnEpoch() {
      return (POINTS + batch - 1) / batch;
    }

    double excess(int epoch) {
      return path.excess()[epoch * updatesAnEpoch()];
    }

    /** The mean of the excess over all updates of the last epochs. */
    double lastExcess() {
      int to = EPOCHS * updatesAnEpoch();
      int from = (EPOCHS - LAST_EPOCHS) * updatesAnEpoch();
      double sum = 0;
      for (int i = from + 1; i <= to; i++) {
        sum += path.excess()[i];
      }
      return sum / (to - from);
    }
  }

  @Override
  public String name() {
    return "descent";
  }

  @Override
  public Findings work(Classroom room, LessonText text) {
    LinearNeuron neuron = LinearNeuron.near(room.seed(), POINTS, X, DEVIATION);
    List<Variant> variants = new ArrayList<>();
    for (int batch : new int[] {POINTS, 8, 1}) {
      int updatesAnEpoch = (POINTS + batch - 1) / batch;
      int epochs = Math.max(EPOCHS, (UPDATES + updatesAnEpoch - 1) / updatesAnEpoch);
      String key = batch == POINTS ? "batch" : batch == 1 ? "online" : "mini";
      variants.add(
          new Variant(
              key,
              text.word(key),
              batch,
              WeightPath.of(neuron, START, batch, RATE, room.seed(), epochs)));
    }
    Findings findings = new Findings();
    facts(findings, neuron);
    findings.drawing("landscape", landscape(neuron, variants, text));
    findings.drawing("epochs", overEpochs(variants, text));
    findings.drawing("updates", overUpdates(variants, text));
    findings.table("variants", table(variants, neuron, text));
    compare(findings, variants);
    return findings;
  }

  private static void facts(Findings findings, LinearNeuron neuron) {
    findings.count("points", POINTS);
    findings.number("rate", RATE, Written.trimmed(RATE));
    findings.count("few", FEW_EPOCHS);
    findings.count("epochs-in-all", EPOCHS);
    findings.count("last-epochs", LAST_EPOCHS);
    findings.count("updates-compared", UPDATES);
    double[] minimum = neuron.minimum();
    findings.number("w", minimum[0], Written.number(minimum[0]));
    findings.number("b", minimum[1], Written.number(minimum[1]));
    findings.number("least", neuron.least());
    findings.number("steepest", neuron.steepest());
    findings.number("flattest", neuron.flattest());
  }

  private static void compare(Findings findings, List<Variant> variants) {
    Variant batch = variants.get(0);
    Variant mini = variants.get(1);
    Variant online = variants.get(2);
    for (Variant variant : variants) {
      String key = variant.key();
      findings.number(key + "-few", variant.excess(FEW_EPOCHS));
      findings.number(key + "-last", variant.lastExcess());
      findings.count(key + "-examples", (long) UPDATES * POINTS / variant.updatesAnEpoch());
      findings.number(key + "-after-updates", variant.path().excess()[UPDATES]);
      findings.number(key + "-w", variant.path().w()[UPDATES]);
      findings.number(key + "-b", variant.path().b()[UPDATES]);
    }
    findings.flag(
        "small-ahead",
        online.excess(FEW_EPOCHS) < mini.excess(FEW_EPOCHS)
            && mini.excess(FEW_EPOCHS) < batch.excess(FEW_EPOCHS));
    findings.flag("online-stays-above", online.lastExcess() > mini.lastExcess());
    findings.flag(
        "batch-ahead-by-updates",
        online.excess(FEW_EPOCHS) < batch.excess(FEW_EPOCHS)
            && batch.path().excess()[UPDATES] < mini.path().excess()[UPDATES]
            && batch.path().excess()[UPDATES] < online.path().excess()[UPDATES]);
  }

  private static LessonTable table(List<Variant> variants, LinearNeuron neuron, LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    for (Variant variant : variants) {
      int k = variant.updatesAnEpoch();
      rows.add(
          List.of(
              variant.word(),
              String.valueOf(variant.batch()),
              String.valueOf(k),
              Written.number(variant.excess(FEW_EPOCHS)),
              Written.number(variant.excess(EPOCHS)),
              Written.number(variant.path().distance(neuron, FEW_EPOCHS * k)),
              Written.number(variant.path().distance(neuron, EPOCHS * k))));
    }
    return new LessonTable(
        List.of(
            text.word("variant"),
            "B",
            "k",
            "E−E* (%d)".formatted(FEW_EPOCHS),
            "E−E* (%d)".formatted(EPOCHS),
            "‖w−w*‖ (%d)".formatted(FEW_EPOCHS),
            "‖w−w*‖ (%d)".formatted(EPOCHS)),
        rows);
  }

  private static Plane landscape(LinearNeuron neuron, List<Variant> variants, LessonText text) {
    List<Series> series = new ArrayList<>();
    // The longest lies lowest.
    for (int i = variants.size() - 1; i >= 0; i--) {
      Variant variant = variants.get(i);
      series.add(
          variant
              .path()
              .over(variant.word(), style(i), Mark.of(i), FEW_EPOCHS * variant.updatesAnEpoch()));
    }
    double[] minimum = neuron.minimum();
    series.add(
        Series.points(
            text.word("minimum"),
            Styles.of(4),
            Mark.DIAMOND,
            new double[] {minimum[0]},
            new double[] {minimum[1]}));
    return new Plane(
        text.word("landscape"),
        "w",
        "b",
        SEEN_W,
        SEEN_B,
        neuron.ground(SEEN_W, SEEN_B, LEAST_SHADE),
        series);
  }

  private static Chart overEpochs(List<Variant> variants, LessonText text) {
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < variants.size(); i++) {
      Variant variant = variants.get(i);
      int k = variant.updatesAnEpoch();
      series.add(variant.path().excess(variant.word(), style(i), Mark.of(i), k, k, EPOCHS * k));
    }
    return new Chart(
        text.word("over-epochs"), text.word("epoch"), Scale.COUNTING, Scale.LOG, "", series);
  }

  private static Chart overUpdates(List<Variant> variants, LessonText text) {
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < variants.size(); i++) {
      Variant variant = variants.get(i);
      series.add(variant.path().excess(variant.word(), style(i), Mark.of(i), STRIDE, 1, UPDATES));
    }
    return new Chart(
        text.word("over-updates"), text.word("update"), Scale.COUNTING, Scale.LOG, "", series);
  }

  private static String style(int index) {
    return Styles.of(index + 1);
  }
}
