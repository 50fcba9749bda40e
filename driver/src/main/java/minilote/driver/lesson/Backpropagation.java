package minilote.driver.lesson;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import minilote.datasets.KeyedRandom;
import minilote.driver.lesson.WorkedExamples.Worked;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.ForwardPropagation;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.optimizer.Optimizer;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;

/**
 * Back-propagation, number by number: two worked examples, one unit's chain, the form of loops over
 * units, or a network of the user's own; each derivative beside its central difference.
 */
final class Backpropagation implements Lesson {
  /** Single precision has seven digits; less agreement than this says that some were lost. */
  private static final double AGREEMENT = 1e-5;

  private static final int STEPS = 300;
  private static final float RATE = 0.4f;
  private static final List<Integer> SHOWN_STEPS = List.of(1, 10, 100, STEPS);

  @Override
  public String name() {
    return "backpropagation";
  }

  @Override
  public Set<LessonOption> options() {
    return Set.of(LessonOption.CSV, LessonOption.TRACE);
  }

  @Override
  public Findings work(Classroom room, LessonText text) throws IOException {
    Findings findings = new Findings();
    LessonCsv csv = room.csv() == null ? null : LessonCsv.read(room.csv());
    findings.flag("csv", csv != null).flag("trace", room.trace() != null);
    if (csv != null) {
      findings.word("file", String.valueOf(csv.file().getFileName()));
    }
    double largest;
    boolean saturated;
    if (room.trace() != null) {
      OwnNetwork own = new OwnNetwork(room.trace(), csv, room.seed());
      Worked worked = own.work(room.seed());
      worked.addTo(findings, "own");
      findings
          .word("own-network", own.words())
          .word("own-loss", own.loss().word())
          .count("own-parameters", own.network().parameterCount())
          .count("own-inputs", own.network().inputs())
          .count("own-examples", own.data().size());
      largest = worked.largestDifference();
      saturated = worked.isSaturated();
    } else {
      SmallData given = csv == null ? null : OwnExamples.of(csv, 1);
      boolean both = given == null || OwnExamples.areProbabilities(given);
      findings.flag("both", both).flag("drawn", given != null && given.inputs()[0].length != 2);
      Worked regression =
          WorkedExamples.regression(given == null ? WorkedExamples.REGRESSION : given, room.seed());
      Worked classification =
          WorkedExamples.classification(
              given == null || !both ? WorkedExamples.CLASSIFICATION : given, room.seed());
      regression.addTo(findings, "regression");
      classification.addTo(findings, "classification");
      WorkedExamples.chain(findings, text);
      online(room.seed(), findings, text);
      largest = Math.max(regression.largestDifference(), classification.largestDifference());
      saturated = regression.isSaturated() || classification.isSaturated();
    }
    findings
        .number("largest", largest, exponent(largest))
        .flag("agree", largest < AGREEMENT)
        .flag("saturated", saturated);
    return findings;
  }

  /** The same steps of online SGD in loops over units and as matrices. */
  private static void online(long seed, Findings findings, LessonText text) {
    Network network =
        Network.of(NetworkDescription.parse("dense 5 sigmoid, dense 3 sigmoid"), List.of(4));
    Initialization initialization = Initialization.parse("normal+biases");
    float[] w = network.initialize(initialization, seed);
    UnitByUnit loops = new UnitByUnit(network, w);
    Optimizer optimizer = Optimizer.of(OptimizerSettings.of(UpdateRule.SGD), w.length, List.of());
    List<Double> steps = new ArrayList<>();
    List<Double> apart = new ArrayList<>();
    LessonTable table =
        LessonTable.of(
            text.word("step"),
            text.word("error-loops"),
            text.word("error-matrices"),
            text.word("difference"));
    try (BackPropagation matrices =
            new BackPropagation(network, Loss.MEAN_SQUARED_ERROR, EngineKind.PORTABLE.create(), 1);
        ForwardPropagation teacher =
            new ForwardPropagation(network, EngineKind.PORTABLE.create(), 1)) {
      // Its answers are what is to be learned.
      teacher.setParameters(network.initialize(initialization, seed + 1));
      matrices.setParameters(w);
      for (int step = 1; step <= STEPS; step++) {
        KeyedRandom random = KeyedRandom.of(seed, "online form", step);
        float[] f = new float[network.inputs()];
        for (int k = 0; k < f.length; k++) {
          f[k] = (float) (2 * random.nextDouble() - 1);
        }
        System.arraycopy(f, 0, teacher.inputs(), 0, f.length);
        teacher.forward(1);
        float[] y = teacher.outputs().clone();
        System.arraycopy(f, 0, matrices.inputs(), 0, f.length);
        System.arraycopy(y, 0, matrices.targets(), 0, y.length);
        matrices.clear();
        matrices.errorAndGradient(1);
        optimizer.update(w, matrices.gradient(), 0, w.length, RATE, step);
        matrices.setParameters(w);
        double error = loops.learn(f, y, RATE);
        double difference = loops.farthestFrom(w);
        steps.add((double) step);
        apart.add(difference);
        if (SHOWN_STEPS.contains(step)) {
          table =
              table.with(
                  String.valueOf(step), fixed(error), fixed(matrices.loss()), exponent(difference));
        }
      }
    }
    double most = apart.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    findings
        .table("online-steps", table)
        .count("online-count", STEPS)
        .number("online-rate", RATE, String.format(Locale.ROOT, "%.1f", RATE))
        .number("online-difference", most, exponent(most))
        .drawing(
            "online-drawing",
            new Chart(
                text.word("online-title"),
                text.word("step"),
                Scale.COUNTING,
                Scale.LOG,
                "",
                List.of(
                    Series.line(
                        text.word("difference"),
                        Styles.of(0),
                        Mark.CIRCLE,
                        steps.stream().mapToDouble(Double::doubleValue).toArray(),
                        apart.stream().mapToDouble(Double::doubleValue).toArray()))));
  }

  private static String fixed(double number) {
    return String.format(Locale.ROOT, "%.8f", number);
  }

  private static String exponent(double number) {
    return String.format(Locale.ROOT, "%.1e", number);
  }
}
