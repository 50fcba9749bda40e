package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Plane;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;

/** XOR by two layers: with known weights, and learned; and how often learning fails. */
final class Xor implements Lesson {
  private static final int SEEDS = 100;
  private static final int FEWEST_HIDDEN = 2;
  private static final int MOST_HIDDEN = 4;
  private static final int CHECK = 10;
  private static final int LATER = 10_000;
  private static final int CELLS = 48;
  private static final Plane.Range SEEN = new Plane.Range(-0.5, 1.5);
  private static final Plane.Range SEEN_OF_HIDDEN = new Plane.Range(-1.2, 1.2);

  /** Two examples of different labels share the answer ½. */
  private static final double HALF_LOG_2 = 0.5 * Math.log(2);

  private static final double NEAR = 0.01;
  private static final double SAME_PLACE = 0.05;

  /**
   * What came of a seed.
   *
   * @param solved after how many steps, in tens, all answers were right; −1 if never
   * @param learned whether they are in the end
   */
  private record Outcome(long seed, int solved, boolean learned, double loss) {}

  @Override
  public String name() {
    return "xor";
  }

  @Override
  public Findings work(Classroom room, LessonText text) {
    Findings findings = new Findings();
    XorFixed.work(findings, text);
    findings.count("seeds", SEEDS);
    findings.count("steps", XorRun.STEPS);
    findings.number("rate", XorRun.LEARNING_RATE, Written.brief(XorRun.LEARNING_RATE));
    findings.number("half-log-2", HALF_LOG_2);

    List<List<Outcome>> outcomes = new ArrayList<>();
    for (int hidden = FEWEST_HIDDEN; hidden <= MOST_HIDDEN; hidden++) {
      outcomes.add(outcomes(hidden, room, text));
    }
    findings.table("failures", failures(outcomes, findings, text));
    findings.flag(
        "fewer",
        findings.number("failed-2") > findings.number("failed-3")
            && findings.number("failed-3") > findings.number("failed-4"));
    List<Outcome> two = outcomes.get(0);
    findings.count(
        "near-half",
        two.stream().filter(o -> !o.learned() && Math.abs(o.loss() - HALF_LOG_2) < NEAR).count());

    List<Series> curves = new ArrayList<>();
    Outcome success = two.stream().filter(Outcome::learned).findFirst().orElse(null);
    findings.flag("success", success != null);
    if (success != null) {
      findings.count("success-seed", success.seed());
      curves.add(curve(success.seed(), text.word("learned"), 0));
      show("success", success.seed(), findings, text, text.word("learned"));
    }
    Outcome failure = two.stream().filter(o -> !o.learned()).findFirst().orElse(null);
    findings.flag("failure", failure != null);
    if (failure != null) {
      findings.count("failure-seed", failure.seed());
      curves.add(curve(failure.seed(), text.word("failed"), 1));
      show("failure", failure.seed(), findings, text, text.word("failed"));
      later(failure.seed(), findings, text);
    }
    curves.add(
        Series.line(
            "½ ln 2",
            "rule",
            Mark.CIRCLE,
            new double[] {0, XorRun.STEPS},
            new double[] {HALF_LOG_2, HALF_LOG_2}));
    findings.drawing(
        "curves",
        new Chart(text.word("loss"), text.word("step"), Scale.COUNTING, Scale.LINEAR, "", curves));
    return findings;
  }

  /** Of seeds that follow from the room's, none of them shared with another one's. */
  private static List<Outcome> outcomes(int hidden, Classroom room, LessonText text) {
    List<Outcome> outcomes = new ArrayList<>();
    int done = (hidden - FEWEST_HIDDEN) * SEEDS;
    int all = (MOST_HIDDEN - FEWEST_HIDDEN + 1) * SEEDS;
    for (int i = 0; i < SEEDS; i++) {
      room.progress().progress(text.word("training"), done + i, all);
      long seed = room.seed() * SEEDS + i;
      try (XorRun run = new XorRun(hidden, seed)) {
        int solved = -1;
        for (int step = CHECK; step <= XorRun.STEPS; step += CHECK) {
          run.steps(CHECK);
          if (solved < 0 && run.isLearned()) {
            solved = step;
          }
        }
        outcomes.add(new Outcome(seed, solved, run.isLearned(), run.loss()));
      }
    }
    return outcomes;
  }

  private static LessonTable failures(
      List<List<Outcome>> outcomes, Findings findings, LessonText text) {
    LessonTable table =
        LessonTable.of(
            text.word("hidden-units"),
            text.word("parameters"),
            text.word("learned-of"),
            text.word("failed-of"),
            text.word("median-steps"));
    for (int i = 0; i < outcomes.size(); i++) {
      int hidden = FEWEST_HIDDEN + i;
      long failed = outcomes.get(i).stream().filter(o -> !o.learned()).count();
      findings.count("failed-" + hidden, failed);
      int[] solved =
          outcomes.get(i).stream()
              .filter(Outcome::learned)
              .mapToInt(Outcome::solved)
              .sorted()
              .toArray();
      table =
          table.with(
              String.valueOf(hidden),
              String.valueOf(4 * hidden + 1),
              String.valueOf(SEEDS - failed),
              String.valueOf(failed),
              solved.length == 0 ? "–" : String.valueOf(solved[solved.length / 2]));
    }
    return table;
  }

  private static Series curve(long seed, String name, int style) {
    int points = XorRun.STEPS / 2;
    double[] losses = new double[points + 1];
    try (XorRun run = new XorRun(FEWEST_HIDDEN, seed)) {
      losses[0] = run.loss();
      for (int i = 1; i <= points; i++) {
        run.steps(2);
        losses[i] = run.loss();
      }
    }
    return Series.line(
        name,
        Styles.of(style),
        Mark.of(style),
        IntStream.rangeClosed(0, points).mapToDouble(i -> 2.0 * i).toArray(),
        losses);
  }

  /** The network of two hidden units that came of a seed: its answers and both of its planes. */
  private static void show(
      String name, long seed, Findings findings, LessonText text, String word) {
    try (XorRun run = new XorRun(FEWEST_HIDDEN, seed)) {
      run.steps(XorRun.STEPS);
      Answers network = run.answers();
      SmallData data = XorTruth.over(0);
      float[][] hidden = network.to(data.inputs(), 1);
      float[][] answers = network.to(data.inputs());
      LessonTable table = LessonTable.of("(x₁, x₂)", "y", "h₁", "h₂", "ŷ");
      for (int i = 0; i < data.size(); i++) {
        table =
            table.with(
                Written.tuple(data.inputs()[i]),
                Written.brief(data.targets()[i][0]),
                Written.fixed(hidden[i][0], 3),
                Written.fixed(hidden[i][1], 3),
                Written.fixed(answers[i][0], 3));
      }
      findings.table(name, table);
      findings.number(name + "-loss", run.loss());
      findings.flag("together", nearest(hidden) < SAME_PLACE);
      List<Series> series = new ArrayList<>(XorFixed.lines(network, SEEN, "h₁ = 0", "h₂ = 0"));
      series.addAll(XorTruth.points(0));
      findings.drawing(
          name + "-plane",
          new Plane(
              "%s: %s".formatted(word, text.word("answers")),
              "x₁",
              "x₂",
              SEEN,
              SEEN,
              network.shades(SEEN, SEEN, CELLS),
              series));
      findings.drawing(name + "-hidden", hidden(network, hidden, text, word));
    }
  }

  /** The least distance of two examples of different labels. */
  private static double nearest(float[][] hidden) {
    double least = Double.POSITIVE_INFINITY;
    for (int no : new int[] {0, 3}) {
      for (int yes : new int[] {1, 2}) {
        least =
            Math.min(
                least,
                Math.hypot(
                    hidden[no][0] - hidden[yes][0], (double) hidden[no][1] - hidden[yes][1]));
      }
    }
    return least;
  }

  /** Where the hidden layer puts the four examples, and what the last unit makes of that. */
  private static Plane hidden(Answers network, float[][] hidden, LessonText text, String word) {
    float[] w = network.w();
    float[] last = Arrays.copyOfRange(w, w.length - 3, w.length);
    List<Series> series = new ArrayList<>();
    series.add(
        SeparatingLine.over(
            SEEN_OF_HIDDEN, SEEN_OF_HIDDEN, "ŷ = ½", Styles.of(2), last[0], last[1], last[2]));
    series.addAll(LabelledPoints.of(hidden, new float[] {0, 1, 1, 0}, 0));
    return new Plane(
        "%s: %s".formatted(word, text.word("hidden-layer")),
        "h₁",
        "h₂",
        SEEN_OF_HIDDEN,
        SEEN_OF_HIDDEN,
        Answers.of("dense 1 sigmoid", 2, last).shades(SEEN_OF_HIDDEN, SEEN_OF_HIDDEN, CELLS),
        series);
  }

  /** Whether patience helps. */
  private static void later(long seed, Findings findings, LessonText text) {
    findings.count("later", LATER);
    LessonTable table =
        LessonTable.of(text.word("steps"), text.word("loss"), text.word("gradient"), "‖w‖");
    try (XorRun run = new XorRun(FEWEST_HIDDEN, seed)) {
      int steps = 0;
      for (int until : new int[] {0, XorRun.STEPS / 5, XorRun.STEPS, LATER / 5, LATER}) {
        run.steps(until - steps);
        steps = until;
        table =
            table.with(
                String.format(Locale.ROOT, "%,d", until),
                Written.fixed(run.loss(), 5),
                Written.power(run.gradientNorm()),
                Written.fixed(run.weightNorm(), 2));
      }
      findings.table("later-table", table);
      findings.number("later-loss", run.loss());
      findings.flag("later-learned", run.isLearned());
    }
  }
}
