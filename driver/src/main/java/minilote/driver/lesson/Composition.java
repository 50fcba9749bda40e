package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import minilote.datasets.KeyedRandom;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Plane;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;
import minilote.trainer.math.Matrix;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.LayerDescription;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;

/** A network is its layers, one after the other; what there is to gain by more of them. */
final class Composition implements Lesson {
  private static final String PURPOSE = "lesson composition";
  private static final int INPUTS = 2;
  private static final int EXAMPLES = 5;
  private static final String MIXED =
      "dense 6 tanh, dense 5 relu, dense 4 elu(0.5), dense 4 sigmoid, dense 3 softmax";
  private static final String LINEAR = "dense 5 linear, dense 4 linear, dense 3 linear";
  private static final Initialization DRAWN = Initialization.parse("normal+biases");

  private static final int[] FOLDS = {1, 2, 3, 4, 6, 8};
  private static final int[] FOLDS_DRAWN = {1, 2, 4};
  private static final int POINTS = 256;

  private static final List<String> RANDOM =
      List.of(
          "dense 16 relu, dense 1 linear",
          "dense 8 relu, dense 8 relu, dense 1 linear",
          "dense 4 relu, dense 4 relu, dense 4 relu, dense 4 relu, dense 1 linear");
  private static final int UNITS = 16; // of each of them, hidden
  private static final Initialization RELU = Initialization.parse("he+biases");
  private static final Plane.Range SEEN = new Plane.Range(-3, 3);
  private static final int SEEDS = 20;
  private static final int CELLS_COUNTED = 150;
  private static final int CELLS_DRAWN = 60;

  @Override
  public String name() {
    return "composition";
  }

  @Override
  public Findings work(Classroom room, LessonText text) {
    Findings findings = new Findings();
    layers(room.seed(), findings, text);
    linear(room.seed(), findings);
    folding(findings, text);
    random(room.seed(), findings, text);
    return findings;
  }

  private static float[][] inputs(long seed) {
    float[][] x = new float[EXAMPLES][INPUTS];
    for (int i = 0; i < EXAMPLES; i++) {
      KeyedRandom random = KeyedRandom.of(seed, PURPOSE, i);
      for (int j = 0; j < INPUTS; j++) {
        x[i][j] = (float) random.nextGaussian();
      }
    }
    return x;
  }

  private static Answers drawn(String words, int inputs, Initialization initialization, long seed) {
    Network network = Network.of(NetworkDescription.parse(words), List.of(inputs));
    return new Answers(network, network.initialize(initialization, seed));
  }

  /**
   * The network as a whole, and as networks of one layer each of which takes what the last gave.
   */
  private static void layers(long seed, Findings findings, LessonText text) {
    Answers whole = drawn(MIXED, INPUTS, DRAWN, seed);
    List<LayerDescription> layers = whole.network().description().layers();
    float[][] x = inputs(seed);
    LessonTable table =
        LessonTable.of(
            "ℓ",
            text.word("layer"),
            "W",
            "b",
            text.word("parameters"),
            text.word("first-example"),
            text.word("difference"));
    int offset = 0;
    float most = 0;
    for (int layer = 1; layer <= layers.size(); layer++) {
      int in = x[0].length;
      Network alone =
          Network.of(new NetworkDescription(List.of(layers.get(layer - 1))), List.of(in));
      int end = offset + alone.parameterCount();
      x = new Answers(alone, Arrays.copyOfRange(whole.w(), offset, end)).to(x);
      offset = end;
      float difference = difference(x, whole.to(inputs(seed), layer));
      most = Math.max(most, difference);
      table =
          table.with(
              String.valueOf(layer),
              layers.get(layer - 1).toWords(),
              "%d × %d".formatted(in, alone.outputs()),
              String.valueOf(alone.outputs()),
              String.valueOf(alone.parameterCount()),
              vector(x[0]),
              Written.brief(difference));
    }
    findings.word("network", MIXED);
    findings.count("examples", EXAMPLES);
    findings.count("layers", layers.size());
    findings.count("parameters", whole.network().parameterCount());
    findings.number("difference", most);
    findings.flag("same-bits", most == 0);
    findings.table("layers-table", table);
  }

  private static float difference(float[][] a, float[][] b) {
    float most = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        most = Math.max(most, Math.abs(a[i][j] - b[i][j]));
      }
    }
    return most;
  }

  /** The first of the numbers. */
  private static String vector(float[] numbers) {
    return "(%s, %s, …)".formatted(Written.fixed(numbers[0], 3), Written.fixed(numbers[1], 3));
  }

  /** Linear layers are one linear layer. */
  private static void linear(long seed, Findings findings) {
    Answers whole = drawn(LINEAR, INPUTS, DRAWN, seed);
    Network network = whole.network();
    Matrix w = network.weights(whole.w(), 1);
    float[] b = biases(whole, 1);
    for (int layer = 2; layer <= network.layers(); layer++) {
      Matrix next = network.weights(whole.w(), layer);
      w = w.multiply(next);
      b = Matrix.of(b).multiply(next).toArray();
      float[] more = biases(whole, layer);
      for (int j = 0; j < b.length; j++) {
        b[j] += more[j];
      }
    }
    float[] together = Arrays.copyOf(w.toArray(), w.rows() * w.columns() + b.length);
    System.arraycopy(b, 0, together, together.length - b.length, b.length);
    float[][] x = inputs(seed);
    float[][] one = Answers.of("dense %d linear".formatted(b.length), INPUTS, together).to(x);
    findings.word("linear", LINEAR);
    findings.count("linear-parameters", whole.w().length);
    findings.count("linear-needed", together.length);
    double difference = difference(one, whole.to(x));
    findings.number("linear-difference", difference, Written.power(difference));
  }

  private static float[] biases(Answers of, int layer) {
    int end = 0;
    int in = of.network().inputs();
    for (int l = 1; l <= layer; l++) {
      end += (in + 1) * of.network().units(l);
      in = of.network().units(l);
    }
    return Arrays.copyOfRange(of.w(), end - in, end);
  }

  private static void folding(Findings findings, LessonText text) {
    LessonTable table =
        LessonTable.of(
            text.word("hidden-layers"),
            text.word("hidden-units"),
            text.word("parameters"),
            text.word("pieces"),
            text.word("one-layer"));
    for (int folds : FOLDS) {
      Folding folding = new Folding(folds);
      int pieces = folding.pieces();
      findings.count("pieces-" + folds, pieces);
      table =
          table.with(
              String.valueOf(folds),
              String.valueOf(2 * folds),
              String.valueOf(folding.parameters()),
              String.valueOf(pieces),
              String.valueOf(2 * folds + 1));
    }
    findings.table("folds", table);
    List<Series> series = new ArrayList<>();
    for (int folds : FOLDS_DRAWN) {
      series.add(
          Series.line(
              "%s: %d".formatted(text.word("folds"), folds),
              Styles.of(series.size()),
              Mark.of(series.size()),
              IntStream.rangeClosed(0, POINTS).mapToDouble(i -> (double) i / POINTS).toArray(),
              new Folding(folds).over(POINTS)));
    }
    findings.drawing(
        "folded",
        new Chart(text.word("folded"), "x", Scale.LINEAR_ACROSS, Scale.LINEAR, "", series));
  }

  private static void random(long seed, Findings findings, LessonText text) {
    LessonTable table =
        LessonTable.of(
            text.word("network"),
            text.word("parameters"),
            text.word("regions"),
            text.word("range"));
    double[] means = new double[RANDOM.size()];
    for (int i = 0; i < RANDOM.size(); i++) {
      String words = RANDOM.get(i);
      int[] counts = new int[SEEDS];
      for (int s = 0; s < SEEDS; s++) {
        Answers network = drawn(words, INPUTS, RELU, seed * SEEDS + s);
        counts[s] = LinearRegions.of(network, SEEN, SEEN, CELLS_COUNTED).count();
      }
      Arrays.sort(counts);
      means[i] = Arrays.stream(counts).average().orElseThrow();
      Answers network = drawn(words, INPUTS, RELU, seed * SEEDS);
      int hidden = network.network().layers() - 1;
      table =
          table.with(
              "%d × %d".formatted(hidden, network.network().units(1)),
              String.valueOf(network.w().length),
              String.format(Locale.ROOT, "%.1f", means[i]),
              "%d–%d".formatted(counts[0], counts[SEEDS - 1]));
      findings.drawing(
          "regions-" + hidden,
          new Plane(
              "%d × %d relu".formatted(hidden, network.network().units(1)),
              "x₁",
              "x₂",
              SEEN,
              SEEN,
              LinearRegions.of(network, SEEN, SEEN, CELLS_DRAWN).ground(),
              List.of()));
      findings.number("regions-mean-" + hidden, means[i], Written.decimals(1, means[i]));
    }
    findings.count("seeds", SEEDS);
    findings.count("order", UNITS * UNITS / 2);
    findings.flag("deeper-is-less", means[0] > means[1] && means[1] > means[2]);
    findings.flag("deeper-is-more", means[0] < means[1] && means[1] < means[2]);
    findings.table("regions", table);
  }
}
