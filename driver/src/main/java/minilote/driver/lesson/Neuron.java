package minilote.driver.lesson;

import java.util.List;
import java.util.stream.IntStream;
import minilote.datasets.KeyedRandom;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;

/** One layer and its loss: δ and the gradient by formula, by the trainer and by differences. */
final class Neuron implements Lesson {
  private static final int EXAMPLES = 6;
  private static final int LABELS = 3;
  private static final String PURPOSE = "lesson neuron";
  private static final Initialization DRAWN = Initialization.parse("normal+biases");
  private static final float HUNDREDTHS = 100;
  private static final double FARTHEST = 8;
  private static final int POINTS = 129;

  @Override
  public String name() {
    return "neuron";
  }

  @Override
  public Findings work(Classroom room, LessonText text) {
    Findings findings = new Findings();
    findings.count("n", EXAMPLES);
    findings.count("labels", LABELS);
    long seed = room.seed();
    NeuronCase half = drawn("half", "dense 1 linear", Loss.HALF_SQUARED_ERROR, numbers(seed), seed);
    NeuronCase whole =
        drawn("whole", "dense 1 linear", Loss.MEAN_SQUARED_ERROR, numbers(seed), seed);
    NeuronCase squared =
        drawn("squared", "dense 1 sigmoid", Loss.MEAN_SQUARED_ERROR, labels(seed, 1), seed);
    NeuronCase sigmoid =
        drawn("sigmoid", "dense 1 sigmoid", Loss.BINARY_CROSS_ENTROPY, labels(seed, 1), seed);
    NeuronCase labels =
        drawn(
            "labels",
            "dense %d sigmoid".formatted(LABELS),
            Loss.BINARY_CROSS_ENTROPY,
            labels(seed, LABELS),
            seed);
    NeuronCase softmax =
        drawn(
            "softmax",
            "dense %d softmax".formatted(LABELS),
            Loss.CATEGORICAL_CROSS_ENTROPY,
            classes(seed),
            seed);
    findings.table("linear-deltas", deltas(List.of(half, whole), text));
    findings.table("sigmoid-deltas", deltas(List.of(sigmoid, squared), text));
    findings.drawing("saturation", saturation(text));
    findings.table("labels-deltas", several(labels, text));
    findings.table("softmax-deltas", several(softmax, text));
    findings.table("gradients", gradients(sigmoid, findings, text));
    findings.table(
        "check", check(List.of(half, whole, squared, sigmoid, labels, softmax), findings, text));
    findings.table("conventions", conventions(half, whole, findings, text));
    return findings;
  }

  private static NeuronCase drawn(String name, String words, Loss loss, SmallData data, long seed) {
    float[] w =
        Network.of(NetworkDescription.parse(words), List.of(data.inputs()[0].length))
            .initialize(DRAWN, seed);
    return NeuronCase.of(name, words, loss, data, w);
  }

  /** The same two inputs for all: normal numbers with two decimals, which tables can show. */
  private static float[][] inputs(long seed) {
    float[][] x = new float[EXAMPLES][2];
    for (int i = 0; i < EXAMPLES; i++) {
      KeyedRandom random = KeyedRandom.of(seed, PURPOSE + " inputs", i);
      for (int j = 0; j < 2; j++) {
        x[i][j] = rounded(random.nextGaussian());
      }
    }
    return x;
  }

  private static float rounded(double number) {
    return Math.round(HUNDREDTHS * number) / HUNDREDTHS;
  }

  private static SmallData numbers(long seed) {
    float[][] y = new float[EXAMPLES][1];
    for (int i = 0; i < EXAMPLES; i++) {
      y[i][0] = rounded(KeyedRandom.of(seed, PURPOSE + " numbers", i).nextGaussian());
    }
    return new SmallData(inputs(seed), y);
  }

  /** Of each label, one example of two neighbours has it. */
  private static SmallData labels(long seed, int labels) {
    float[][] y = new float[EXAMPLES][labels];
    for (int i = 0; i < EXAMPLES; i++) {
      KeyedRandom random = KeyedRandom.of(seed, PURPOSE + " labels", i / 2);
      for (int j = 0; j < labels; j++) {
        y[i][j] = (random.nextInt(2) + i) % 2;
      }
    }
    return new SmallData(inputs(seed), y);
  }

  private static SmallData classes(long seed) {
    float[][] y = new float[EXAMPLES][LABELS];
    for (int i = 0; i < EXAMPLES; i++) {
      y[i][KeyedRandom.of(seed, PURPOSE + " classes", i).nextInt(LABELS)] = 1;
    }
    return new SmallData(inputs(seed), y);
  }

  /** Each example's δ under two losses. */
  private static LessonTable deltas(List<NeuronCase> cases, LessonText text) {
    NeuronCase first = cases.get(0);
    NeuronCase.Trained one = first.trained();
    NeuronCase.Trained other = cases.get(1).trained();
    LessonTable table =
        LessonTable.of(
            "(x₁, x₂)",
            "y",
            "ŷ",
            "ŷ − y",
            "δ: " + text.word(first.name() + "-loss"),
            "δ: " + text.word(cases.get(1).name() + "-loss"));
    for (int i = 0; i < EXAMPLES; i++) {
      float y = first.data().targets()[i][0];
      float answer = one.answers()[i][0];
      table =
          table.with(
              Written.tuple(first.data().inputs()[i]),
              Written.brief(y),
              Written.fixed(answer, 4),
              Written.fixed((double) answer - y, 4),
              Written.fixed(one.deltas()[i][0], 4),
              Written.fixed(other.deltas()[i][0], 4));
    }
    return table;
  }

  /** The first examples' outputs and δ, of several units. */
  private static LessonTable several(NeuronCase of, LessonText text) {
    NeuronCase.Trained trained = of.trained();
    LessonTable table =
        LessonTable.of(text.word("example"), "y", "ŷ", "δ", text.word("sum-of-answers"));
    for (int i = 0; i < LABELS; i++) {
      double sum = 0;
      for (float answer : trained.answers()[i]) {
        sum += answer;
      }
      table =
          table.with(
              String.valueOf(i + 1),
              Written.tuple(of.data().targets()[i]),
              vector(trained.answers()[i]),
              vector(trained.deltas()[i]),
              Written.fixed(sum, 3));
    }
    return table;
  }

  private static String vector(float[] numbers) {
    StringBuilder words = new StringBuilder("(");
    for (int i = 0; i < numbers.length; i++) {
      words.append(i == 0 ? "" : ", ").append(Written.fixed(numbers[i], 3));
    }
    return words.append(")").toString();
  }

  private static LessonTable gradients(NeuronCase of, Findings findings, LessonText text) {
    double[] formula = of.formula();
    double[] trained = of.trained().gradient();
    double[] differences = of.differences();
    String[] names = {"w₁", "w₂", "b"};
    LessonTable table =
        LessonTable.of(
            "",
            text.word("value"),
            text.word("by-formula"),
            text.word("by-trainer"),
            text.word("by-differences"));
    for (int i = 0; i < names.length; i++) {
      findings.number("gradient-" + i, trained[i]);
      table =
          table.with(
              names[i],
              Written.fixed(of.w()[i], 4),
              Written.fixed(formula[i], 8),
              Written.fixed(trained[i], 8),
              Written.fixed(differences[i], 8));
    }
    return table;
  }

  private static LessonTable check(List<NeuronCase> cases, Findings findings, LessonText text) {
    double most = 0;
    LessonTable table =
        LessonTable.of(
            text.word("system"),
            text.word("parameters"),
            text.word("loss"),
            "‖G‖",
            text.word("trainer-formula"),
            text.word("trainer-differences"));
    for (NeuronCase of : cases) {
      NeuronCase.Trained trained = of.trained();
      double toFormula = NeuronCase.apart(trained.gradient(), of.formula());
      double toDifferences = NeuronCase.apart(trained.gradient(), of.differences());
      most = Math.max(most, Math.max(toFormula, toDifferences));
      table =
          table.with(
              text.word(of.name()),
              String.valueOf(of.w().length),
              Written.fixed(trained.loss(), 4),
              Written.fixed(NeuronCase.norm(trained.gradient()), 4),
              Written.power(toFormula),
              Written.power(toDifferences));
    }
    findings.number("most-apart", most, Written.power(most));
    return table;
  }

  /** The losses that the same words may mean, and what their gradients are beside (1/N)Xᵀ(ŷ−y). */
  private static LessonTable conventions(
      NeuronCase half, NeuronCase whole, Findings findings, LessonText text) {
    double base = NeuronCase.norm(half.formula());
    LessonTable table =
        LessonTable.of(
            text.word("convention"),
            text.word("value"),
            text.word("norm-by-differences"),
            text.word("ratio"));
    for (NeuronCase of : List.of(half, whole)) {
      for (boolean mean : new boolean[] {true, false}) {
        double norm = NeuronCase.norm(mean ? of.differences() : of.differencesOfSum());
        findings.number("ratio-%s-%s".formatted(of.name(), mean ? "mean" : "sum"), norm / base);
        table =
            table.with(
                (of.loss() == Loss.HALF_SQUARED_ERROR ? "½ " : "")
                    + (mean ? "(1/N) " : "")
                    + "Σ (ŷ − y)²",
                Written.fixed((mean ? 1 : EXAMPLES) * of.trained().loss(), 4),
                Written.fixed(norm, 4),
                Written.fixed(norm / base, 3));
      }
    }
    return table;
  }

  /** δ of one sigmoid unit with y = 1 over its signal, by the trainer, under two losses. */
  private static Chart saturation(LessonText text) {
    float[][] x = new float[POINTS][1];
    float[][] y = new float[POINTS][1];
    for (int i = 0; i < POINTS; i++) {
      x[i][0] = (float) (-FARTHEST + 2 * FARTHEST * i / (POINTS - 1));
      y[i][0] = 1;
    }
    SmallData data = new SmallData(x, y);
    float[] identity = {1, 0};
    return new Chart(
        text.word("delta-over-signal"),
        "s",
        Scale.LINEAR_ACROSS,
        Scale.LINEAR,
        "",
        List.of(
            over(text.word("sigmoid-loss"), 0, Loss.BINARY_CROSS_ENTROPY, data, identity),
            over(text.word("squared-loss"), 1, Loss.MEAN_SQUARED_ERROR, data, identity)));
  }

  private static Series over(String name, int style, Loss loss, SmallData data, float[] w) {
    float[][] deltas = NeuronCase.of(name, "dense 1 sigmoid", loss, data, w).trained().deltas();
    return Series.line(
        name,
        Styles.of(style),
        Mark.of(style),
        IntStream.range(0, POINTS).mapToDouble(i -> data.inputs()[i][0]).toArray(),
        IntStream.range(0, POINTS).mapToDouble(i -> deltas[i][0]).toArray());
  }
}
