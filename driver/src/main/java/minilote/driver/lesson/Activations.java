package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import minilote.datasets.UserError;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.Activation;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.ForwardPropagation;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;

/** What goes between two layers: values, derivatives, limits, and where each saturates. */
final class Activations implements Lesson {
  private static final List<Activation> BOUNDED =
      List.of(Activation.HEAVISIDE, Activation.SIGN, Activation.SIGMOID, Activation.TANH);
  private static final List<Activation> UNBOUNDED =
      List.of(Activation.LINEAR, Activation.RELU, Activation.elu(1), Activation.elu(0.5f));

  private static final double SEEN = 6;
  private static final double SEEN_OF_UNBOUNDED = 3;
  private static final int POINTS_A_SIDE = 40;

  /** On either side of 0, so that a jump there is seen as one. */
  private static final double BESIDE = 1e-9;

  private static final double LEAST_JUMP = 1e-3;

  private static final double[] SPECIAL = {-5, -1, 0, 1, 5};
  private static final double FAR = 1000;
  private static final double SAME = 1e-9;

  private static final double[] ROW = {1, 2, 3};
  private static final double SHIFT = 1000;
  private static final int TEN = 10;

  /** A network with a threshold inside, and one with a threshold at its end. */
  private static final String HIDDEN_STEP = "dense 3 heaviside, dense 1 sigmoid";

  private static final String LAST_SIGN = "dense 3 tanh, dense 1 sign";

  @Override
  public String name() {
    return "activations";
  }

  @Override
  public Findings work(Classroom room, LessonText text) {
    Findings findings = new Findings();
    findings.drawing("bounded", values(BOUNDED, SEEN, text.word("bounded")));
    findings.drawing("unbounded", values(UNBOUNDED, SEEN_OF_UNBOUNDED, text.word("unbounded")));
    findings.drawing("bounded-slopes", slopes(BOUNDED, SEEN, text.word("bounded-slopes")));
    findings.drawing(
        "unbounded-slopes", slopes(UNBOUNDED, SEEN_OF_UNBOUNDED, text.word("unbounded-slopes")));
    findings.table("values", special(text, all(), a -> a.values(SPECIAL)));
    findings.table("derivatives", special(text, differentiable(), a -> a.derivatives(SPECIAL)));
    findings.table("limits", limits(text));
    Saturation sigmoid = Saturation.of(new AppliedActivation(Activation.SIGMOID));
    findings.number("greatest", sigmoid.greatest(), Written.trimmed(sigmoid.greatest()));
    findings.number("ten", StrictMath.pow(sigmoid.greatest(), TEN));
    findings.number("furthest", furthest());
    thresholds(findings, room);
    softmax(findings, text);
    return findings;
  }

  private static List<Activation> all() {
    List<Activation> all = new ArrayList<>(BOUNDED);
    all.addAll(UNBOUNDED);
    return all;
  }

  private static List<Activation> differentiable() {
    return all().stream().filter(Activation::differentiable).toList();
  }

  private static Chart values(List<Activation> of, double seen, String title) {
    return curves(of, seen, title, a -> s -> a.values(s));
  }

  private static Chart slopes(List<Activation> of, double seen, String title) {
    return curves(
        of.stream().filter(Activation::differentiable).toList(),
        seen,
        title,
        a -> s -> a.derivatives(s));
  }

  private static Chart curves(
      List<Activation> of,
      double seen,
      String title,
      Function<AppliedActivation, Function<double[], double[]>> what) {
    double[] s =
        DoubleStream.concat(
                DoubleStream.iterate(-POINTS_A_SIDE, i -> i <= POINTS_A_SIDE, i -> i + 1)
                    .map(i -> seen * i / POINTS_A_SIDE),
                DoubleStream.of(-BESIDE, BESIDE))
            .sorted()
            .toArray();
    List<Series> series = new ArrayList<>();
    for (Activation activation : of) {
      double[] y = what.apply(new AppliedActivation(activation)).apply(s);
      int index =
          BOUNDED.contains(activation)
              ? BOUNDED.indexOf(activation)
              : UNBOUNDED.indexOf(activation);
      series.add(withJumps(activation.word(), index, s, y));
    }
    return new Chart(title, "s", Scale.LINEAR_ACROSS, Scale.LINEAR, "", series);
  }

  /** Without a line where the function jumps. */
  private static Series withJumps(String name, int index, double[] s, double[] y) {
    DoubleStream.Builder across = DoubleStream.builder();
    DoubleStream.Builder up = DoubleStream.builder();
    for (int i = 0; i < s.length; i++) {
      if (i > 0 && s[i] - s[i - 1] <= BESIDE && Math.abs(y[i] - y[i - 1]) > LEAST_JUMP) {
        across.add(s[i]);
        up.add(Double.NaN);
      }
      across.add(s[i]);
      up.add(y[i]);
    }
    return Series.line(
        name, Styles.of(index), Mark.of(index), across.build().toArray(), up.build().toArray());
  }

  private static LessonTable special(
      LessonText text, List<Activation> of, Function<AppliedActivation, double[]> what) {
    List<String> columns = new ArrayList<>();
    columns.add(text.word("activation"));
    for (double s : SPECIAL) {
      columns.add("s\u00a0=\u00a0" + Written.trimmed(s));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Activation activation : of) {
      List<String> row = new ArrayList<>();
      row.add(activation.word());
      for (double number : what.apply(new AppliedActivation(activation))) {
        row.add(exactOrRounded(number));
      }
      rows.add(row);
    }
    return new LessonTable(columns, rows);
  }

  private static String exactOrRounded(double number) {
    return number == Math.rint(number * 100) / 100
        ? Written.trimmed(number)
        : Written.decimals(5, number);
  }

  private static LessonTable limits(LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    for (Activation activation : all()) {
      AppliedActivation applied = new AppliedActivation(activation);
      List<String> row = new ArrayList<>();
      row.add(activation.word());
      row.add(limit(applied, -1));
      row.add(limit(applied, 1));
      if (activation.differentiable()) {
        Saturation saturation = Saturation.of(applied);
        row.add(Written.trimmed(saturation.greatest()));
        row.add(border(saturation.below()));
        row.add(border(saturation.above()));
      } else {
        row.addAll(List.of("–", "–", "–"));
      }
      rows.add(row);
    }
    return new LessonTable(
        List.of(
            text.word("activation"),
            "s\u00a0→\u00a0−∞",
            "s\u00a0→\u00a0∞",
            text.word("greatest"),
            text.word("below"),
            text.word("above")),
        rows);
  }

  /** What it comes to on one side, if it comes to anything. */
  private static String limit(AppliedActivation activation, int sign) {
    double[] far = activation.values(sign * FAR, sign * FAR / 2);
    if (Math.abs(far[0] - far[1]) > SAME) {
      return far[0] > far[1] ? "∞" : "−∞";
    }
    return Written.trimmed(far[0]);
  }

  private static String border(double s) {
    return Double.isNaN(s) ? "–" : Written.decimals(3, Math.abs(s) < SAME ? 0 : s);
  }

  /** How far what training computes is from the definition, at most. */
  private static double furthest() {
    double[] s = new double[2401];
    for (int i = 0; i < s.length; i++) {
      s[i] = (float) (i / 100.0 - 12);
    }
    double furthest = 0;
    for (Activation activation : all()) {
      AppliedActivation applied = new AppliedActivation(activation);
      double[] exact = applied.values(s);
      float[] trained = applied.valuesInTraining(s);
      for (int i = 0; i < s.length; i++) {
        furthest = Math.max(furthest, Math.abs(trained[i] - exact[i]));
      }
    }
    return furthest;
  }

  /** A network with a threshold inside answers, and is refused where it should learn. */
  private static void thresholds(Findings findings, Classroom room) {
    Network network = Network.of(NetworkDescription.parse(HIDDEN_STEP), List.of(2));
    try (ForwardPropagation forward =
        new ForwardPropagation(network, EngineKind.PORTABLE.create(), 1)) {
      forward.setParameters(network.initialize(Initialization.AUTO, room.seed()));
      forward.inputs()[0] = 1;
      forward.forward(1);
      findings.number("answer", forward.outputs()[0]);
    }
    findings.word("network", HIDDEN_STEP);
    findings.word("refused", refusal(network, Loss.BINARY_CROSS_ENTROPY));
    findings.word("other-network", LAST_SIGN);
    findings.word(
        "other-refused",
        refusal(
            Network.of(NetworkDescription.parse(LAST_SIGN), List.of(2)), Loss.MEAN_SQUARED_ERROR));
  }

  /** What the trainer says before it would learn. */
  private static String refusal(Network network, Loss loss) {
    try {
      BackPropagation.check(network, loss);
    } catch (UserError e) {
      return String.valueOf(e.getMessage());
    }
    throw new IllegalStateException("back-propagation takes " + network);
  }

  private static void softmax(Findings findings, LessonText text) {
    AppliedActivation softmax = new AppliedActivation(Activation.SOFTMAX);
    double[] x = softmax.values(ROW);
    List<List<String>> rows = new ArrayList<>();
    double furthest = 0;
    for (int j = 0; j < ROW.length; j++) {
      double[] unit = new double[ROW.length];
      unit[j] = 1;
      // ∂x_j/∂s_k for all k; J is symmetric, so that Jᵀ and J are one.
      double[] jacobian = softmax.backward(ROW, unit);
      furthest = Math.max(furthest, Math.abs(DoubleStream.of(jacobian).sum()));
      List<String> row = new ArrayList<>();
      row.add("x" + subscript(j));
      row.add(Written.trimmed(ROW[j]));
      row.add(Written.decimals(4, x[j]));
      for (double number : jacobian) {
        row.add(Written.decimals(4, number));
      }
      rows.add(row);
    }
    findings.table(
        "softmax",
        new LessonTable(List.of(text.word("output"), "s", "x", "∂/∂s₁", "∂/∂s₂", "∂/∂s₃"), rows));
    findings.number("row-sum", furthest);
    findings.flag("sums-to-zero", furthest < SAME);
    float[] near = softmax.valuesInTraining(ROW);
    float[] far = softmax.valuesInTraining(DoubleStream.of(ROW).map(s -> s + SHIFT).toArray());
    double apart = 0;
    for (int j = 0; j < ROW.length; j++) {
      apart = Math.max(apart, Math.abs(near[j] - far[j]));
    }
    findings.number("shift", SHIFT, Written.trimmed(SHIFT));
    findings.number("shift-difference", apart, Written.trimmed(apart));
    findings.drawing("softmax-curves", softmaxCurves(softmax, text.word("softmax-curves")));
  }

  /** The outputs as the first signal moves and the others stay. */
  private static Chart softmaxCurves(AppliedActivation softmax, String title) {
    int points = 2 * POINTS_A_SIDE + 1;
    double[] s = new double[points];
    double[][] x = new double[ROW.length][points];
    for (int i = 0; i < points; i++) {
      s[i] = SEEN * (i - POINTS_A_SIDE) / POINTS_A_SIDE;
      double[] outputs = softmax.values(s[i], 0, 1);
      for (int j = 0; j < ROW.length; j++) {
        x[j][i] = outputs[j];
      }
    }
    List<Series> series = new ArrayList<>();
    for (int j = 0; j < ROW.length; j++) {
      series.add(Series.line("x" + subscript(j), Styles.of(j), Mark.of(j), s, x[j]));
    }
    return new Chart(title, "s₁", Scale.LINEAR_ACROSS, Scale.LINEAR, "", series);
  }

  private static char subscript(int index) {
    return (char) ('₁' + index);
  }
}
