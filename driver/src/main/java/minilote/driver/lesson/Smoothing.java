package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import minilote.datasets.KeyedRandom;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;

/**
 * SGD descends on the loss convolved with the noise of its gradient: Kleinberg, Li and Yuan 2018,
 * on a function of one variable and on a small network.
 */
final class Smoothing implements Lesson {
  /** Batches from the largest on, in the order of the series. */
  private static final int[] BATCHES = {16, 4, 1};

  private static final String ALL = "∞";

  static final Bumps F = new Bumps(0.8, 0.5, 6, 0);
  static final double RATE = 0.08;

  /** The deviation of the noise of one example. */
  static final double NOISE = 4;

  static final double START = 3.5;
  private static final int STEPS = 1000;
  private static final int RUNS = 100;
  private static final int SHOWN_STEPS = 400;
  private static final int STRIDE = 2;
  private static final double SEEN = 2.5;
  private static final int POINTS = 201;

  private static final int SGD_BATCH = 4;

  /** Of SGD's batch among the series. */
  private static final int SGD_PLACE = 2;

  private static final int SGD_EPOCHS = 80;
  private static final int MEAN_FROM = 20;
  private static final int DRAWS = FlippedLabels.EXAMPLES;
  private static final double LINE_FROM = -0.5;
  private static final double LINE_TO = 2;
  private static final double ACROSS = 1.5;
  private static final int LINE_POINTS = 51;

  @Override
  public String name() {
    return "smoothing";
  }

  @Override
  public Findings work(Classroom room, LessonText text) {
    Findings findings = new Findings();
    findings
        .number("c", F.c(), "" + F.c())
        .number("a", F.a(), "" + F.a())
        .number("k", F.k(), decimals(0, F.k()))
        .number("rate", RATE, "" + RATE)
        .number("deviation", NOISE, decimals(0, NOISE))
        .number("start", START, "" + START)
        .count("steps", STEPS)
        .count("runs", RUNS)
        .number("threshold", threshold(), decimals(3, threshold()));
    oneVariable(room, text, findings);
    network(room, text, findings);
    return findings;
  }

  /** The deviation s from which on no bump is a minimum. */
  private static double threshold() {
    double most = (F.c() - F.pull()) / F.c(); // what the bumps take from the pull, of c
    return StrictMath.sqrt(2 * StrictMath.log(most)) / F.k();
  }

  // ---- one variable

  private static void oneVariable(Classroom room, LessonText text, Findings findings) {
    LessonTable table =
        LessonTable.of(
            "B", "σ", "s = ησ", "e^(−k²s²/2)", text.word("minima"), "c′", text.word("distance"));
    List<Series> shapes = new ArrayList<>();
    List<Series> paths = new ArrayList<>();
    double[] where = new double[BATCHES.length + 1];
    for (int i = 0; i <= BATCHES.length; i++) {
      String called = i == 0 ? ALL : "" + BATCHES[i - 1];
      double deviation = i == 0 ? 0 : NOISE / Math.sqrt(BATCHES[i - 1]);
      Bumps smooth = F.smoothed(RATE * deviation);
      where[i] = distance(room.seed(), i, deviation);
      table =
          table.with(
              called,
              decimals(0, deviation),
              decimals(2, smooth.s()),
              decimals(3, smooth.factor()),
              "" + smooth.minima(),
              signed(smooth.pull()),
              decimals(2, where[i]));
      findings.count("minima-" + i, smooth.minima()).number("pull-" + i, smooth.pull());
      findings.number("distance-" + i, where[i], decimals(2, where[i]));
      String series = i == 0 ? text.word("f") : "B = " + called;
      shapes.add(shape(series, i, smooth));
      paths.add(path(i == 0 ? text.word("gd") : series, i, path(room.seed(), i, 0, deviation)));
    }
    int last = BATCHES.length;
    findings
        .table("one", table)
        .flag("stuck", where[0] > where[last] + 1)
        .flag("early", where[last - 1] < where[last] && F.smoothed(RATE * NOISE / 2).pull() < 0)
        .flag("freed", F.smoothed(RATE * NOISE).minima() == 1)
        .drawing(
            "shapes",
            new Chart(text.word("shapes"), "x", Scale.LINEAR_ACROSS, Scale.LINEAR, "", shapes))
        .drawing(
            "paths",
            new Chart(
                text.word("paths"), text.word("step"), Scale.COUNTING, Scale.LINEAR, "", paths));
  }

  /** x_0, x_1, …, by x_{t+1} = x_t − η (f′(x_t) + ω_t). */
  static double[] path(long seed, int batch, int run, double deviation) {
    KeyedRandom random = KeyedRandom.of(seed, "path", batch, run);
    double[] x = new double[STEPS + 1];
    x[0] = START;
    for (int t = 0; t < STEPS; t++) {
      x[t + 1] = x[t] - RATE * (F.slope(x[t]) + deviation * random.nextGaussian());
    }
    return x;
  }

  /** The mean of |x| over the second half of all runs. */
  private static double distance(long seed, int batch, double deviation) {
    int runs = deviation == 0 ? 1 : RUNS;
    double sum = 0;
    for (int run = 0; run < runs; run++) {
      double[] x = path(seed, batch, run, deviation);
      for (int t = STEPS / 2 + 1; t <= STEPS; t++) {
        sum += Math.abs(x[t]);
      }
    }
    return sum / runs / (STEPS - STEPS / 2);
  }

  private static Series shape(String called, int style, Bumps function) {
    double[] x = new double[POINTS];
    double[] y = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = SEEN * (2.0 * i / (POINTS - 1) - 1);
      y[i] = function.at(x[i]);
    }
    return Series.line(called, Styles.of(style), Mark.of(style), x, y);
  }

  private static Series path(String called, int style, double[] path) {
    int points = SHOWN_STEPS / STRIDE + 1;
    double[] x = new double[points];
    double[] y = new double[points];
    for (int i = 0; i < points; i++) {
      x[i] = (double) i * STRIDE;
      y[i] = path[i * STRIDE];
    }
    return Series.line(called, Styles.of(style), Mark.of(style), x, y);
  }

  // ---- a network

  private static void network(Classroom room, LessonText text, Findings findings) {
    SmallData data = FlippedLabels.data(room.seed());
    float[] sharp = FlippedLabels.start(FlippedLabels.network(), room.seed());
    double[][] gradients;
    try (SmallTraining training = FlippedLabels.training(data, sharp, data.size(), room.seed())) {
      for (int step = 0; step < FlippedLabels.STEPS; step++) {
        training.epoch();
      }
      training.gradient();
      gradients = new ExampleGradients(training, data.size()).all();
    }
    double[] towards = towards(data, sharp, room.seed());
    NoiseAlignment there =
        NoiseAlignment.of(
            ExactHessian.of(FlippedLabels.network(), FlippedLabels.LOSS, data, sharp), gradients);
    BatchNoise noise = new BatchNoise(gradients, room.seed());
    double[] step = noise.of(SGD_BATCH, 0);
    double length = Math.sqrt(ExactHessian.dot(step, step));
    for (int i = 0; i < step.length; i++) {
      step[i] /= -length;
    }
    findings
        .count("examples", data.size())
        .count("weights", there.weights())
        .count("gd-steps", FlippedLabels.STEPS)
        .count("sgd-batch", SGD_BATCH)
        .count("sgd-steps", (long) SGD_EPOCHS * (data.size() / SGD_BATCH))
        .number("network-rate", FlippedLabels.LEARNING_RATE, "" + FlippedLabels.LEARNING_RATE);
    try (Profile profile = new Profile(data, sharp, FlippedLabels.LEARNING_RATE)) {
      tell(text, profile, noise, there, towards, step, findings);
    }
  }

  /** From the sharp weights to the mean of those that SGD has gone on to. */
  private static double[] towards(SmallData data, float[] sharp, long seed) {
    float[] w = sharp.clone();
    double[] mean = new double[w.length];
    try (SmallTraining training = FlippedLabels.training(data, w, SGD_BATCH, seed)) {
      for (int epoch = 0; epoch < SGD_EPOCHS; epoch++) {
        training.epoch();
        for (int i = 0; epoch >= MEAN_FROM && i < w.length; i++) {
          mean[i] += (w[i] - sharp[i]) / (SGD_EPOCHS - MEAN_FROM);
        }
      }
    }
    return mean;
  }

  private static void tell(
      LessonText text,
      Profile profile,
      BatchNoise noise,
      NoiseAlignment there,
      double[] towards,
      double[] step,
      Findings findings) {
    double rate = FlippedLabels.LEARNING_RATE;
    double[] t = even(LINE_FROM, LINE_TO);
    double[] u = even(-ACROSS, ACROSS);
    LessonTable table =
        LessonTable.of(
            "B",
            text.word("length"),
            text.word("predicted"),
            text.word("measured"),
            text.word("lowest"));
    List<Series> along = new ArrayList<>();
    List<Series> across = new ArrayList<>();
    double lifted = -1;
    double lowest = Double.NEGATIVE_INFINITY;
    boolean lifts = true;
    boolean moves = true;
    double[] climbs = new double[BATCHES.length + 1];
    for (int i = 0; i <= BATCHES.length; i++) {
      int batch = i == 0 ? there.weights() : BATCHES[i - 1];
      double share = i == 0 ? 0 : BatchNoise.share(FlippedLabels.EXAMPLES, batch);
      List<double[]> draws = draws(noise, i == 0 ? 0 : batch);
      double[] on = profile.of(towards, t, draws);
      String called = i == 0 ? text.word("raw") : "B = " + batch;
      along.add(Series.line(called, Styles.of(i), Mark.of(i), t, on));
      across.add(Series.line(called, Styles.of(i), Mark.of(i), u, profile.of(step, u, draws)));
      double predicted = rate * rate / 2 * share * there.together();
      double measured =
          profile.of(towards, new double[] {0}, draws)[0]
              - profile.of(towards, new double[] {0}, draws(noise, 0))[0];
      double at = t[leastOf(on)];
      lifts &= measured > lifted;
      moves &= at >= lowest;
      climbs[i] = on[placeOf(t, 1)] - on[placeOf(t, 0)];
      lifted = measured;
      lowest = at;
      findings.number("lift-" + i, measured).number("predicted-" + i, predicted);
      findings.number("lowest-" + i, at, signed(at));
      table =
          table.with(
              i == 0 ? text.word("raw") : "" + batch,
              decimals(3, rate * Math.sqrt(share * there.ofNoise())),
              decimals(4, predicted),
              decimals(4, measured),
              (leastOf(on) == t.length - 1 ? "≥ " : "") + signed(at));
    }
    findings
        .table("network", table)
        .flag("lifts", lifts)
        .flag("downhill", climbs[0] > 0 && climbs[SGD_PLACE] < 0)
        .flag(
            "beyond",
            findings.number("predicted-" + BATCHES.length)
                > findings.number("lift-" + BATCHES.length))
        .flag("moves", moves && lowest > findings.number("lowest-0"))
        .drawing(
            "along",
            new Chart(text.word("along"), "t", Scale.LINEAR_ACROSS, Scale.LINEAR, "", along))
        .drawing(
            "across",
            new Chart(text.word("across"), "t", Scale.LINEAR_ACROSS, Scale.LINEAR, "", across));
  }

  /** Noises of batches; none, once, for the loss as it is. */
  private static List<double[]> draws(BatchNoise noise, int batch) {
    List<double[]> draws = new ArrayList<>();
    if (batch == 0) {
      draws.add(new double[noise.mean().length]);
    }
    for (int draw = 0; batch > 0 && draw < DRAWS; draw++) {
      draws.add(noise.of(batch, draw)); // Of single examples, each once.
    }
    return draws;
  }

  private static double[] even(double from, double to) {
    double[] t = new double[LINE_POINTS];
    for (int i = 0; i < t.length; i++) {
      t[i] = from + (to - from) * i / (t.length - 1);
    }
    return t;
  }

  private static int leastOf(double[] numbers) {
    int least = 0;
    for (int i = 1; i < numbers.length; i++) {
      least = numbers[i] < numbers[least] ? i : least;
    }
    return least;
  }

  private static int placeOf(double[] t, double of) {
    return (int) Math.round((of - LINE_FROM) / (LINE_TO - LINE_FROM) * (t.length - 1));
  }

  private static String signed(double number) {
    return decimals(2, number).replace('-', '−');
  }

  private static String decimals(int count, double number) {
    return String.format(Locale.ROOT, "%." + count + "f", number);
  }
}
