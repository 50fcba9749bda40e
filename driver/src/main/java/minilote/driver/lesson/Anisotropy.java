package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import minilote.datasets.KeyedRandom;
import minilote.driver.lesson.NoisyDescent.Noise;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;
import minilote.trainer.network.Network;
import org.jspecify.annotations.Nullable;

/**
 * The noise of SGD points along the sharp directions of the loss: Zhu, Wu, Yu, Wu and Ma 2019, on a
 * toy problem where Hessian and covariance are computed whole.
 */
final class Anisotropy implements Lesson {
  private static final int[] LOOKED_AT = {1, 3, 10, 30, 100, 300, 1000, 2000, 3500, 5000};
  private static final int BATCH = 10;
  private static final int SEEDS = 3;
  private static final int PASSES = 100;
  private static final int DRAWS = 2000;
  private static final double DEVIATION = 0.01;
  private static final int PAIRS = 16;

  private static final String SHARPNESS = "%.5f";

  /** Passes of which a point of a curve is the mean. */
  private static final int A_POINT = 2;

  @Override
  public String name() {
    return "anisotropy";
  }

  @Override
  public Findings work(Classroom room, LessonText text) {
    Findings findings = new Findings();
    SmallData data = FlippedLabels.data(room.seed());
    Network network = FlippedLabels.network();
    float[] w = FlippedLabels.start(network, room.seed());
    findings
        .count("weights", network.parameterCount())
        .count("examples", data.size())
        .count("steps", FlippedLabels.STEPS)
        .count("batch", BATCH)
        .count("seeds", SEEDS)
        .count("draws", DRAWS)
        .number("flipped", FlippedLabels.FLIPPED, decimals(0, 100 * FlippedLabels.FLIPPED) + " %")
        .number("rate", FlippedLabels.LEARNING_RATE, "" + FlippedLabels.LEARNING_RATE)
        .number("deviation", DEVIATION, "" + DEVIATION);
    NoiseAlignment there;
    try (SmallTraining training = FlippedLabels.training(data, w, data.size(), room.seed())) {
      there = along(room, text, training, data, findings);
      oneStep(room, text, training, data, there, findings);
    }
    away(room, text, data, w, findings);
    return findings;
  }

  /** Gradient descent, and H and Σ at some of its steps. */
  private static NoiseAlignment along(
      Classroom room, LessonText text, SmallTraining training, SmallData data, Findings findings) {
    List<NoiseAlignment> seen = new ArrayList<>();
    LessonTable table =
        LessonTable.of(
            text.word("step"),
            text.word("loss"),
            "tr H",
            "tr Σ",
            "tr(HΣ)",
            "tr H tr Σ / D",
            text.word("ratio"),
            text.word("most"));
    double asymmetry = 0;
    int step = 0;
    for (int until : LOOKED_AT) {
      room.progress().progress(text.word("hessians"), seen.size(), LOOKED_AT.length);
      for (; step < until; step++) {
        training.epoch();
      }
      ExactHessian hessian =
          ExactHessian.of(training.network(), FlippedLabels.LOSS, data, training.parameters());
      asymmetry = Math.max(asymmetry, hessian.asymmetry());
      NoiseAlignment here = NoiseAlignment.of(hessian, gradients(training, data));
      seen.add(here);
      table =
          table.with(
              String.format(Locale.ROOT, "%,d", until),
              decimals(3, training.loss()),
              decimals(2, here.ofHessian()),
              decimals(2, here.ofNoise()),
              decimals(2, here.together()),
              decimals(4, here.isotropic()),
              decimals(1, here.ratio()),
              decimals(1, here.most()));
    }
    room.progress().progress(text.word("hessians"), LOOKED_AT.length, LOOKED_AT.length);
    NoiseAlignment last = seen.get(seen.size() - 1);
    double least = seen.stream().mapToDouble(NoiseAlignment::ratio).min().orElseThrow();
    double most = seen.stream().mapToDouble(NoiseAlignment::ratio).max().orElseThrow();
    double sharpest = seen.stream().mapToDouble(NoiseAlignment::ofHessian).max().orElseThrow();
    findings
        .table("along", table)
        .number("asymmetry", asymmetry, String.format(Locale.ROOT, "%.0e", asymmetry))
        .number("ratio", last.ratio(), decimals(0, last.ratio()))
        .number("least-ratio", least, decimals(0, least))
        .number("most-ratio", most, decimals(0, most))
        .number(
            "of-most", last.ratio() / last.most(), decimals(0, 100 * last.ratio() / last.most()))
        .number("trace", last.ofHessian(), decimals(1, last.ofHessian()))
        .number("first-trace", seen.get(0).ofHessian(), decimals(1, seen.get(0).ofHessian()))
        .number("most-trace", sharpest, decimals(1, sharpest))
        .flag("sharpest-last", last.ofHessian() >= sharpest)
        .flag("aligned", least > 1)
        .drawing("traces", traces(text, seen))
        .drawing("ratios", ratios(text, seen));
    return last;
  }

  private static double[][] gradients(SmallTraining training, SmallData data) {
    training.gradient();
    return new ExampleGradients(training, data.size()).all();
  }

  private static Chart traces(LessonText text, List<NoiseAlignment> seen) {
    return overSteps(
        text.word("traces"),
        text,
        Scale.LOG,
        List.of(
            curve("λ₁ tr Σ", "rule", 2, seen, n -> n.largest() * n.ofNoise()),
            curve("tr(HΣ)", Styles.of(0), 0, seen, NoiseAlignment::together),
            curve("tr H tr Σ / D", Styles.of(1), 1, seen, NoiseAlignment::isotropic)));
  }

  private static Chart ratios(LessonText text, List<NoiseAlignment> seen) {
    return overSteps(
        text.word("ratios"),
        text,
        Scale.LINEAR,
        List.of(
            curve(text.word("most"), "rule", 2, seen, NoiseAlignment::most),
            curve(text.word("of-sgd"), Styles.of(0), 0, seen, NoiseAlignment::ratio),
            curve(text.word("of-round"), Styles.of(1), 1, seen, n -> 1)));
  }

  private static Chart overSteps(String title, LessonText text, Scale up, List<Series> series) {
    return new Chart(title, text.word("step"), Scale.LOG, up, "", series);
  }

  private static Series curve(
      String called,
      String style,
      int mark,
      List<NoiseAlignment> seen,
      ToDoubleFunction<NoiseAlignment> of) {
    double[] x = IntStream.of(LOOKED_AT).mapToDouble(step -> step).toArray();
    return Series.line(called, style, Mark.of(mark), x, seen.stream().mapToDouble(of).toArray());
  }

  /** How much one step with noise raises the loss above where the step without it leads. */
  private static void oneStep(
      Classroom room,
      LessonText text,
      SmallTraining training,
      SmallData data,
      NoiseAlignment there,
      Findings findings) {
    double rate = FlippedLabels.LEARNING_RATE;
    double share = BatchNoise.share(data.size(), BATCH);
    BatchNoise batches = new BatchNoise(gradients(training, data), room.seed());
    float[] mean = training.gradient().clone();
    ExampleGradients examples = new ExampleGradients(training, data.size());
    float[] w = training.parameters();
    double half = rate * rate / 2 * share;
    LessonTable table =
        LessonTable.of(text.word("noise"), text.word("predicted"), text.word("measured"), "±");
    Map<Noise, Double> rises = new EnumMap<>(Noise.class);
    float[] moved = w.clone();
    try (SmallTraining at = FlippedLabels.training(data, moved, data.size(), room.seed())) {
      move(w, mean, null, moved);
      double without = at.loss();
      for (Noise noise : List.of(Noise.BATCH, Noise.SHAPED, Noise.ROUND)) {
        double sum = 0;
        double squares = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
          double[] drawn =
              noise == Noise.BATCH
                  ? batches.of(BATCH, draw)
                  : NoisyDescent.drawn(
                      noise,
                      examples,
                      mean,
                      share,
                      KeyedRandom.of(
                          room.seed(), "one step", KeyedRandom.hash(noise.name()), draw));
          move(w, mean, drawn, moved);
          double rise = at.loss() - without;
          sum += rise;
          squares += rise * rise;
        }
        double measured = sum / DRAWS;
        double error = Math.sqrt((squares / DRAWS - measured * measured) / (DRAWS - 1));
        double predicted = half * (noise == Noise.ROUND ? there.isotropic() : there.together());
        rises.put(noise, measured);
        findings.number("predicted-" + word(noise), predicted);
        findings.number("measured-" + word(noise), measured);
        findings.number("error-" + word(noise), error);
        table =
            table.with(
                text.word(word(noise)),
                decimals(5, predicted),
                decimals(5, measured),
                decimals(5, error));
      }
    }
    double times = of(rises, Noise.BATCH) / of(rises, Noise.ROUND);
    findings
        .table("one-step", table)
        .number("times", times, decimals(0, times))
        .flag("rises-more", times > 1)
        .flag(
            "bends",
            findings.number("measured-round")
                > findings.number("predicted-round") + 3 * findings.number("error-round"));
  }

  /** w − η (ḡ + noise). */
  private static void move(float[] w, float[] mean, double @Nullable [] noise, float[] to) {
    for (int i = 0; i < w.length; i++) {
      double g = mean[i] + (noise == null ? 0 : noise[i]);
      to[i] = (float) (w[i] - FlippedLabels.LEARNING_RATE * g);
    }
  }

  /** What the noises lead to, from where gradient descent was. */
  private static void away(
      Classroom room, LessonText text, SmallData data, float[] w, Findings findings) {
    SmallData others = FlippedLabels.newPoints(room.seed());
    Map<Noise, Course> courses = new EnumMap<>(Noise.class);
    int runs = 0;
    try (ExpectedSharpness sharpness = new ExpectedSharpness(data, DEVIATION, PAIRS, room.seed())) {
      double before = sharpness.of(w);
      double loss = sharpness.loss(w);
      findings
          .number("sharpness", before, String.format(Locale.ROOT, SHARPNESS, before))
          .number("loss", loss, decimals(3, loss))
          .number("correct", correct(w, others));
      for (Noise noise : Noise.values()) {
        int seeds = noise == Noise.NONE ? 1 : SEEDS;
        Course course = new Course(before, loss, seeds);
        for (int run = 0; run < seeds; run++) {
          room.progress().progress(text.word("runs"), runs++, 1 + 3 * SEEDS);
          float[] v = w.clone();
          Course.Run one = course.run();
          long seed = KeyedRandom.of(room.seed(), "away", run).nextLong();
          new NoisyDescent(data, BATCH, seed)
              .run(noise, v, PASSES, pass -> one.add(pass, sharpness.of(v), sharpness.loss(v)));
          one.end(v, data, others);
        }
        courses.put(noise, course);
      }
      room.progress().progress(text.word("runs"), runs, runs);
    }
    tell(text, courses, findings);
  }

  private static void tell(LessonText text, Map<Noise, Course> courses, Findings findings) {
    LessonTable table =
        LessonTable.of(
                text.word("noise"),
                text.word("sharpness-half"),
                text.word("loss-half"),
                text.word("trace-end"),
                text.word("new-points"))
            .with(
                text.word("start"),
                String.format(Locale.ROOT, SHARPNESS, findings.number("sharpness")),
                decimals(3, findings.number("loss")),
                decimals(1, findings.number("trace")),
                percent(findings.number("correct")));
    List<Series> sharpness = new ArrayList<>();
    List<Series> losses = new ArrayList<>();
    for (Noise noise : Noise.values()) {
      Course course = of(courses, noise);
      String called = text.word(word(noise));
      int style = sharpness.size();
      sharpness.add(course.series(called, style, course.sharpness));
      losses.add(course.series(called, style, course.loss));
      table =
          table.with(
              called,
              String.format(Locale.ROOT, SHARPNESS, Course.lastHalf(course.sharpness)),
              decimals(3, Course.lastHalf(course.loss)),
              decimals(1, course.trace),
              percent(course.correct));
      double around = Course.lastHalf(course.sharpness);
      findings.number(
          "sharpness-" + word(noise), around, String.format(Locale.ROOT, SHARPNESS, around));
      findings.number("trace-" + word(noise), course.trace, decimals(1, course.trace));
    }
    double before = findings.number("trace");
    double sharp = findings.number("sharpness");
    long flatter = of(courses, Noise.BATCH).flatter(before, sharp);
    long shaped = of(courses, Noise.SHAPED).flatter(before, sharp);
    long sharper = of(courses, Noise.ROUND).sharper(before);
    double end = of(courses, Noise.NONE).loss[PASSES];
    String steps = text.word("step-after");
    findings
        .count("steps-after", (long) PASSES * (FlippedLabels.EXAMPLES / BATCH))
        .table("away", table)
        .number("loss-none", end, decimals(3, end))
        .flag("falls", end < findings.number("loss"))
        .count("flatter-batch", flatter)
        .count("flatter-shaped", shaped)
        .count("sharper-round", sharper)
        .flag("flatter", flatter == SEEDS)
        .flag("round-sharper", sharper == SEEDS)
        .flag("shape-matters", flatter == SEEDS && shaped == SEEDS && sharper == SEEDS)
        .flag(
            "loss-rises", Course.lastHalf(of(courses, Noise.BATCH).loss) > findings.number("loss"))
        .flag(
            "between",
            findings.number("sharpness-batch") < findings.number("sharpness-round")
                && findings.number("sharpness-round") < findings.number("sharpness"))
        .drawing(
            "sharpness-after",
            new Chart(
                text.word("sharpness-title"), steps, Scale.COUNTING, Scale.LINEAR, "", sharpness))
        .drawing(
            "loss-after",
            new Chart(text.word("loss-title"), steps, Scale.COUNTING, Scale.LINEAR, "", losses));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** The share of examples that are answered right. */
  private static double correct(float[] w, SmallData data) {
    try (SmallTraining answering = FlippedLabels.training(data, w, data.size(), 0)) {
      float[] answers = answering.answers();
      int right = 0;
      for (int i = 0; i < data.size(); i++) {
        right += answers[i] > 0.5f == data.targets()[i][0] > 0.5f ? 1 : 0;
      }
      return (double) right / data.size();
    }
  }

  private static <T> T of(Map<Noise, T> map, Noise noise) {
    return Objects.requireNonNull(map.get(noise));
  }

  private static String word(Noise noise) {
    return noise.name().toLowerCase(Locale.ROOT);
  }

  private static String decimals(int count, double number) {
    return String.format(Locale.ROOT, "%." + count + "f", number);
  }

  /** The runs with one noise, and means over them. */
  private static final class Course {
    private final double[] sharpness = new double[PASSES + 1];
    private final double[] loss = new double[PASSES + 1];
    private double trace;
    private double correct;
    private final int count;
    private final List<Run> runs = new ArrayList<>();

    Course(double sharpness, double loss, int count) {
      this.sharpness[0] = sharpness;
      this.loss[0] = loss;
      this.count = count;
    }

    /** One more. */
    Run run() {
      Run run = new Run();
      runs.add(run);
      return run;
    }

    /** How many runs came to less than both. */
    long flatter(double before, double sharp) {
      return runs.stream().filter(r -> r.ended < before && lastHalf(r.around) < sharp).count();
    }

    /** How many runs came to a larger tr H. */
    long sharper(double before) {
      return runs.stream().filter(r -> r.ended > before).count();
    }

    /** One of them. */
    private final class Run {
      private final double[] around = new double[PASSES + 1];
      private double ended;

      void add(int pass, double sharp, double error) {
        around[pass] = sharp;
        sharpness[pass] += sharp / count;
        loss[pass] += error / count;
      }

      void end(float[] w, SmallData data, SmallData others) {
        ended = ExactHessian.of(FlippedLabels.network(), FlippedLabels.LOSS, data, w).trace();
        trace += ended / count;
        correct += Anisotropy.correct(w, others) / count;
      }
    }

    static double lastHalf(double[] of) {
      double sum = 0;
      int from = PASSES / 2 + 1;
      for (int i = from; i < of.length; i++) {
        sum += of[i];
      }
      return sum / (of.length - from);
    }

    Series series(String called, int style, double[] of) {
      int points = PASSES / A_POINT;
      double[] x = new double[points + 1];
      double[] y = new double[points + 1];
      y[0] = of[0];
      for (int p = 1; p <= points; p++) {
        x[p] = (double) p * A_POINT * FlippedLabels.EXAMPLES / BATCH;
        for (int i = 0; i < A_POINT; i++) {
          y[p] += of[p * A_POINT - i] / A_POINT;
        }
      }
      return Series.line(called, Styles.of(style), Mark.of(style), x, y);
    }
  }
}
