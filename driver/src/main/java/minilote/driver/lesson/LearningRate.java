package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import minilote.datasets.ProgressListener;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Plane;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;
import minilote.trainer.measure.Curvature;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;

/** One run at several learning rates, and the rate at which descent on a quadratic diverges. */
final class LearningRate implements Lesson {
  private static final String NETWORK = "dense 8 tanh, dense 1 linear";
  private static final int WAVE_POINTS = 40;
  private static final double WAVE_END = 2;
  static final double[] RATES = {0.01, 0.2, 0.6, 2};
  private static final int RIGHT = 1;
  private static final int OSCILLATING = 2;
  private static final int STEPS = 300;
  private static final int LOOK_EVERY = 100;
  private static final int MEASURE_EVERY = 10;

  /** A loss of so many times the first one will not come back. */
  private static final double LOST = 1000;

  /** Where the loss rises in this share of the steps, it oscillates. */
  private static final double OFTEN = 0.1;

  /** So many times the lowest loss of all runs is far from it. */
  private static final double FAR = 3;

  private static final Curvature.Settings CURVATURE = new Curvature.Settings(25, 1, 1e-3, 0);

  static final int POINTS = 40;
  static final Plane.Range X = new Plane.Range(-1, 2);
  static final double DEVIATION = 0.3;
  static final double[] START = {-1, 0};

  /** Of the greatest rate that converges. */
  private static final double[] SHARES = {0.05, 0.5, 0.97, 1.03};

  static final double[] AROUND_THE_BOUND = {0.6, 0.9, 0.99, 1.01, 1.1};
  private static final int QUADRATIC_STEPS = 30;
  private static final int FIRST_STEPS = 5;
  static final int MANY_STEPS = 200;

  /** Differences of losses below it are those of single precision. */
  private static final double LEAST_EXCESS = 1e-8;

  private static final double LARGE = 1000;
  private static final int SEEN_STEPS = 12;
  private static final double LEAST_SHADE = 1e-2;
  private static final Plane.Range SEEN_W = new Plane.Range(-1.5, 4.5);
  private static final Plane.Range SEEN_B = new Plane.Range(-2.5, 3.5);

  /**
   * A run of the network.
   *
   * @param losses before the first step, and after each
   * @param rises in how many steps it rose
   * @param curvatures λ_max after every tenth step, from the first weights on
   */
  private record Run(double rate, List<Double> losses, int rises, List<Double> curvatures) {
    boolean diverged() {
      return losses.size() <= STEPS;
    }

    double last() {
      return diverged() ? Double.NaN : losses.get(STEPS);
    }

    double lastCurvature() {
      return curvatures.get(curvatures.size() - 1);
    }

    double[] upTo(int steps) {
      return losses.subList(0, Math.min(steps + 1, losses.size())).stream()
          .mapToDouble(Double::doubleValue)
          .toArray();
    }
  }

  @Override
  public String name() {
    return "learning-rate";
  }

  @Override
  public Findings work(Classroom room, LessonText text) {
    Findings findings = new Findings();
    network(findings, room, text);
    quadratic(findings, room, text);
    return findings;
  }

  // ---- a network

  private static void network(Findings findings, Classroom room, LessonText text) {
    List<Run> runs = new ArrayList<>();
    for (double rate : RATES) {
      runs.add(run(rate, room.seed()));
    }
    findings.word("network", NETWORK);
    findings.count("wave-points", WAVE_POINTS);
    findings.count("steps", STEPS);
    findings.table("rates", rates(runs, text));
    findings.drawing("rates-curves", curves(runs, text));
    findings.drawing("bounds", bounds(runs, text));
    Run right = runs.get(RIGHT);
    double greatest = right.curvatures().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    findings.number("right", right.rate(), Written.trimmed(right.rate()));
    findings.number("oscillating", RATES[OSCILLATING], Written.trimmed(RATES[OSCILLATING]));
    findings.number("least-bound", 2 / greatest);
    findings.flag("right-within", right.rate() < 2 / greatest);
    double reached = 2 / right.lastCurvature();
    double stayed = 2 / runs.get(OSCILLATING).lastCurvature();
    findings.number("reached", reached);
    findings.number("stayed", stayed);
    findings.flag("oscillating-beyond", RATES[OSCILLATING] > reached && stayed > reached);
  }

  /** The network learns a wave at that rate, from the whole data in each step. */
  private static Run run(double rate, long seed) {
    float[][] x = new float[WAVE_POINTS][1];
    float[][] y = new float[WAVE_POINTS][1];
    for (int i = 0; i < WAVE_POINTS; i++) {
      double at = WAVE_END * (2.0 * i / (WAVE_POINTS - 1) - 1);
      x[i][0] = (float) at;
      y[i][0] = (float) StrictMath.sin(2 * at);
    }
    Network network = Network.of(NetworkDescription.parse(NETWORK), List.of(1));
    List<Double> losses = new ArrayList<>();
    List<Double> curvatures = new ArrayList<>();
    int rises = 0;
    try (SmallTraining training =
        new SmallTraining(
            network,
            Loss.HALF_SQUARED_ERROR,
            new SmallData(x, y),
            network.initialize(Initialization.AUTO, seed),
            OptimizerSettings.of(UpdateRule.SGD),
            WAVE_POINTS,
            rate,
            seed)) {
      losses.add(training.loss());
      for (int step = 0; step <= STEPS; step++) {
        if (step % MEASURE_EVERY == 0) {
          curvatures.add(curvature(training));
        }
        if (step == STEPS) {
          break;
        }
        training.epoch();
        double loss = training.loss();
        if (!(loss <= LOST * losses.get(0))) {
          break;
        }
        rises += loss > losses.get(losses.size() - 1) ? 1 : 0;
        losses.add(loss);
      }
    }
    return new Run(rate, losses, rises, curvatures);
  }

  /** λ_max of the loss where the weights are now; they stay there. */
  static double curvature(SmallTraining training) {
    SmallObjective objective = new SmallObjective(training);
    double[] here = objective.weights();
    double largest = Curvature.of(objective, here, CURVATURE, ProgressListener.NONE).largest();
    objective.move(here);
    return largest;
  }

  private static String verdict(Run run, double lowest, LessonText text) {
    if (run.diverged()) {
      return text.word("diverges");
    }
    if (run.rises() >= OFTEN * STEPS) {
      return text.word("oscillates");
    }
    return text.word(run.last() > FAR * lowest ? "too-small" : "fits");
  }

  private static LessonTable rates(List<Run> runs, LessonText text) {
    double lowest = runs.stream().mapToDouble(Run::last).filter(e -> e >= 0).min().orElse(0);
    List<List<String>> rows = new ArrayList<>();
    for (Run run : runs) {
      rows.add(
          List.of(
              Written.trimmed(run.rate()),
              Written.number(run.losses().get(0)),
              run.losses().size() > LOOK_EVERY ? Written.number(run.losses().get(LOOK_EVERY)) : "–",
              Written.number(run.last()),
              run.diverged() ? "–" : String.valueOf(run.rises()),
              verdict(run, lowest, text)));
    }
    return new LessonTable(
        List.of(
            "η",
            "E (0)",
            "E (" + LOOK_EVERY + ")",
            "E (" + STEPS + ")",
            text.word("rises"),
            text.word("verdict")),
        rows);
  }

  private static Chart curves(List<Run> runs, LessonText text) {
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      double[] losses = runs.get(i).upTo(STEPS);
      series.add(
          Series.line(name(runs.get(i)), Styles.of(i), Mark.of(i), steps(losses.length), losses));
    }
    return new Chart(text.word("curves"), text.word("step"), Scale.COUNTING, Scale.LOG, "", series);
  }

  private static double[] steps(int count) {
    double[] steps = new double[count];
    for (int i = 0; i < count; i++) {
      steps[i] = i;
    }
    return steps;
  }

  private static Chart bounds(List<Run> runs, LessonText text) {
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      double[] bounds =
          runs.get(i).curvatures().stream().mapToDouble(largest -> 2 / largest).toArray();
      double[] steps = new double[bounds.length];
      for (int j = 0; j < steps.length; j++) {
        steps[j] = MEASURE_EVERY * j;
      }
      series.add(Series.line(name(runs.get(i)), Styles.of(i), Mark.of(i), steps, bounds));
    }
    return new Chart(
        text.word("bounds"), text.word("step"), Scale.COUNTING, Scale.LINEAR, "", series);
  }

  private static String name(Run run) {
    return "η = " + Written.trimmed(run.rate());
  }

  // ---- a quadratic

  private static void quadratic(Findings findings, Classroom room, LessonText text) {
    LinearNeuron neuron = LinearNeuron.near(room.seed(), POINTS, X, DEVIATION);
    double bound = 2 / neuron.steepest();
    double[][] h = neuron.hessian();
    findings.count("points", POINTS);
    findings.number("h-ww", h[0][0]);
    findings.number("h-wb", h[0][1], Written.number(h[0][1]));
    findings.number("h-bb", h[1][1], Written.trimmed(h[1][1]));
    findings.number("steepest", neuron.steepest());
    findings.number("flattest", neuron.flattest());
    findings.number("bound", bound);
    List<WeightPath> paths = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (double share : SHARES) {
      paths.add(path(neuron, share * bound, room.seed(), QUADRATIC_STEPS));
      names.add("η = " + Written.decimals(3, share * bound));
    }
    findings.drawing("quadratic", quadraticCurves(paths, names, text));
    findings.drawing("steepest-curves", alongSteepest(neuron, paths, names, text));
    findings.drawing("plane", plane(neuron, paths, names, text));
    findings.table("around", around(findings, neuron, bound, room.seed(), text));
  }

  private static WeightPath path(LinearNeuron neuron, double rate, long seed, int steps) {
    return WeightPath.of(neuron, START, POINTS, rate, seed, steps);
  }

  private static Chart quadraticCurves(
      List<WeightPath> paths, List<String> names, LessonText text) {
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      series.add(
          paths.get(i).excess(names.get(i), Styles.of(i), Mark.of(i), 1, 1, QUADRATIC_STEPS));
    }
    return new Chart(
        text.word("quadratic"), text.word("step"), Scale.COUNTING, Scale.LOG, "", series);
  }

  private static Chart alongSteepest(
      LinearNeuron neuron, List<WeightPath> paths, List<String> names, LessonText text) {
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      double[] c = new double[QUADRATIC_STEPS + 1];
      for (int t = 0; t < c.length; t++) {
        c[t] = neuron.alongSteepest(paths.get(i).w()[t], paths.get(i).b()[t]);
      }
      series.add(Series.line(names.get(i), Styles.of(i), Mark.of(i), steps(c.length), c));
    }
    return new Chart(
        text.word("steepest"), text.word("step"), Scale.COUNTING, Scale.LINEAR, "", series);
  }

  private static Plane plane(
      LinearNeuron neuron, List<WeightPath> paths, List<String> names, LessonText text) {
    Plane.Ground ground = neuron.ground(SEEN_W, SEEN_B, LEAST_SHADE);
    List<Series> series = new ArrayList<>();
    for (int i = paths.size() - 1; i >= 0; i--) {
      series.add(
          paths.get(i).over(names.get(i), Styles.of(i == 0 ? 4 : i), Mark.of(i), SEEN_STEPS));
    }
    return new Plane(text.word("plane"), "w", "b", SEEN_W, SEEN_B, ground, series);
  }

  private static String large(double number) {
    return number < LARGE ? Written.number(number) : String.format(Locale.ROOT, "%.3e", number);
  }

  private static LessonTable around(
      Findings findings, LinearNeuron neuron, double bound, long seed, LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    boolean asPredicted = true;
    for (double share : AROUND_THE_BOUND) {
      double rate = share * bound;
      WeightPath path = path(neuron, rate, seed, MANY_STEPS);
      double first = neuron.alongSteepest(path.w()[0], path.b()[0]);
      double later = neuron.alongSteepest(path.w()[FIRST_STEPS], path.b()[FIRST_STEPS]);
      double factor = StrictMath.pow(Math.abs(later / first), 1.0 / FIRST_STEPS);
      double end = path.excess()[MANY_STEPS];
      boolean converges = end < path.excess()[0];
      asPredicted &= converges == share < 1;
      String key = "at-" + Written.trimmed(share);
      findings.number(key + "-factor", factor);
      findings.number(key + "-end", end);
      rows.add(
          List.of(
              Written.trimmed(share),
              Written.number(rate),
              Written.number(Math.abs(1 - rate * neuron.steepest())),
              Written.number(factor),
              end < LEAST_EXCESS ? "< 1e-08" : large(end),
              text.word(converges ? "converges" : "diverges")));
    }
    findings.count("many-steps", MANY_STEPS);
    findings.count("first-steps", FIRST_STEPS);
    findings.flag("as-predicted", asPredicted);
    return new LessonTable(
        List.of(
            text.word("share"),
            "η",
            "|1−ηλ|",
            text.word("measured"),
            "E−E* (%d)".formatted(MANY_STEPS),
            text.word("verdict")),
        rows);
  }
}
