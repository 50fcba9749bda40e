package minilote.driver.lesson;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import minilote.datasets.Json;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;

/**
 * The networks that a course goes through by hand, with every quantity that it names: forward and
 * backward.
 */
final class WorkedExamples {
  private static final int HIDDEN = 3;

  /** x₁, x₂, then y. */
  static final SmallData REGRESSION =
      new SmallData(
          new float[][] {{0.3f, 1}, {0.5f, 0.2f}, {1, 0.4f}},
          new float[][] {{0.75f}, {0.82f}, {0.93f}});

  static final SmallData CLASSIFICATION =
      new SmallData(new float[][] {{0.5f, -1.2f}, {1.5f, 0.3f}}, new float[][] {{1}, {0}});

  private static final float[] REGRESSION_WEIGHTS = {
    0.1f, -0.4f, 0.7f, 0.5f, 0.3f, -0.2f, /* no bias */ 0, 0, 0, 0.6f, -0.1f, 0.8f, /* none */ 0
  };

  private static final float[] CLASSIFICATION_WEIGHTS = {
    0.2f, -0.5f, 0.9f, 0.4f, 0.1f, -0.3f, /* b1 */ 0.1f, 0.2f, -0.1f, /* W2 */ 0.3f, -0.8f, -0.6f,
    0.5f, 0.7f, 0.2f, /* b2 */ -0.2f, 0.05f, /* U */ 1.1f, -0.7f, /* c */ 0.15f
  };

  private WorkedExamples() {}

  /**
   * What a pass has found.
   *
   * @param error the loss
   * @param isSaturated whether digits were lost where a unit is saturated
   */
  record Worked(
      List<Quantity> given,
      List<Quantity> forward,
      List<Quantity> backward,
      double error,
      boolean isSaturated) {
    double largestDifference() {
      return backward.stream().mapToDouble(Quantity::relativeDifference).max().orElse(0);
    }

    void addTo(Findings findings, String name) {
      add(findings, name + "-given", given);
      add(findings, name + "-forward", forward);
      add(findings, name + "-backward", backward);
      findings.number(name + "-error", error, String.format(Locale.ROOT, "%.6f", error));
    }

    private static void add(Findings findings, String name, List<Quantity> quantities) {
      findings.lines(name, Quantity.toLines(quantities), Quantity.toJson(quantities));
    }
  }

  /** The weights that are written here, or drawn ones where there are not two inputs. */
  private static float[] weights(Network network, float[] written, String drawn, long seed) {
    return network.inputs() == 2
        ? written.clone()
        : network.initialize(Initialization.parse(drawn), seed);
  }

  /** One hidden layer of sigmoid units, a linear output, no bias, {@code E = ½ Σ (y − ŷ)²}. */
  static Worked regression(SmallData data, long seed) {
    Network network =
        Network.of(
            NetworkDescription.parse("dense %d sigmoid, dense 1 linear".formatted(HIDDEN)),
            List.of(data.inputs()[0].length));
    // Biases are 0, and nothing is said of their derivatives: that is "no bias".
    float[] w = weights(network, REGRESSION_WEIGHTS, "normal", seed);
    try (Trace trace = new Trace(network, Loss.HALF_SQUARED_ERROR, data, w, 1)) {
      return new Worked(
          List.of(
              trace.inputs("a1"),
              trace.targets("y"),
              trace.weights("W1", 1),
              trace.weights("W2", 2)),
          List.of(
              trace.signals("z2", "a1 W1", 1),
              trace.outputs("a2", "σ(z2)", 1),
              trace.signals("z3", "a2 W2", 2),
              trace.outputs("ŷ", "z3", 2)),
          List.of(
              trace.bySignals("δ3", "−(y − ŷ)", 2),
              trace.byWeights("∂E/∂W2", "a2ᵀ δ3", 2),
              trace.bySignals("δ2", "(δ3 W2ᵀ) ⊙ σ'(z2)", 1),
              trace.byWeights("∂E/∂W1", "a1ᵀ δ2", 1)),
          trace.loss(),
          trace.isSaturated());
    }
  }

  /** tanh, sigmoid, a sigmoid output, biases, {@code 𝓛 = (1/N) Σ BCE}. */
  static Worked classification(SmallData data, long seed) {
    Network network =
        Network.of(
            NetworkDescription.parse(
                "dense %d tanh, dense 2 sigmoid, dense 1 sigmoid".formatted(HIDDEN)),
            List.of(data.inputs()[0].length));
    float[] w = weights(network, CLASSIFICATION_WEIGHTS, "normal+biases", seed);
    try (Trace trace = new Trace(network, Loss.BINARY_CROSS_ENTROPY, data, w, data.size())) {
      List<Quantity> given = new ArrayList<>(List.of(trace.inputs("x"), trace.targets("y")));
      given.add(trace.weights("W1", 1));
      given.add(trace.biases("b1", 1));
      given.add(trace.weights("W2", 2));
      given.add(trace.biases("b2", 2));
      given.add(trace.weights("U", 3));
      given.add(trace.biases("c", 3));
      return new Worked(
          given,
          List.of(
              trace.signals("u1", "x W1 + b1", 1),
              trace.outputs("h1", "tanh(u1)", 1),
              trace.signals("u2", "h1 W2 + b2", 2),
              trace.outputs("h2", "σ(u2)", 2),
              trace.signals("u3", "h2 U + c", 3),
              trace.outputs("ŷ", "σ(u3)", 3)),
          List.of(
              trace.bySignals("∂𝓛/∂u3", "(ŷ − y)/N", 3),
              trace.byWeights("∂𝓛/∂U", "h2ᵀ ∂𝓛/∂u3", 3),
              trace.byBiases("∂𝓛/∂c", "Σⱼ ∂𝓛/∂u3ⱼ", 3),
              trace.byOutputs("∂𝓛/∂h2", "∂𝓛/∂u3 Uᵀ", 2),
              trace.bySignals("∂𝓛/∂u2", "∂𝓛/∂h2 ⊙ σ'(u2)", 2),
              trace.byWeights("∂𝓛/∂W2", "h1ᵀ ∂𝓛/∂u2", 2),
              trace.byBiases("∂𝓛/∂b2", "Σⱼ ∂𝓛/∂u2ⱼ", 2),
              trace.byOutputs("∂𝓛/∂h1", "∂𝓛/∂u2 W2ᵀ", 1),
              trace.bySignals("∂𝓛/∂u1", "∂𝓛/∂h1 ⊙ tanh'(u1)", 1),
              trace.byWeights("∂𝓛/∂W1", "xᵀ ∂𝓛/∂u1", 1),
              trace.byBiases("∂𝓛/∂b1", "Σⱼ ∂𝓛/∂u1ⱼ", 1)),
          trace.loss(),
          trace.isSaturated());
    }
  }

  /** One unit, one chain: {@code C = (y − σ(z))², z = w a + b}. */
  static void chain(Findings findings, LessonText text) {
    float a = 1.5f;
    float y = 1;
    float w = -0.8f;
    float b = 0.3f;
    Network unit = Network.of(NetworkDescription.parse("dense 1 sigmoid"), List.of(1));
    SmallData data = new SmallData(new float[][] {{a}}, new float[][] {{y}});
    try (Trace trace = new Trace(unit, Loss.MEAN_SQUARED_ERROR, data, new float[] {w, b}, 1)) {
      Quantity z = trace.signals("z", "w a + b", 1);
      Quantity sigma = trace.outputs("σ", "σ(z)", 1);
      double s = sigma.values()[0];
      List<Quantity> forward = List.of(z, sigma, one("C", "(y − σ)²", trace.loss()));
      List<Quantity> backward =
          List.of(
              one("∂C/∂σ", "−2(y − σ)", -2 * (y - s), slope(x -> (y - x) * (y - x), s)),
              one(
                  "∂σ/∂z",
                  "σ(1 − σ)",
                  s * (1 - s),
                  slope(x -> 1 / (1 + Math.exp(-x)), z.values()[0])),
              trace.bySignals("∂C/∂z", "∂C/∂σ · ∂σ/∂z", 1),
              trace.byWeights("∂C/∂w", "∂C/∂z · a", 1),
              trace.byBiases("∂C/∂b", "∂C/∂z", 1));
      LessonTable table =
          LessonTable.of(
              text.word("quantity"),
              text.word("formula"),
              text.word("value"),
              text.word("by-differences"),
              "Δ");
      ArrayNode json = Json.object().putArray("list");
      for (List<Quantity> some : List.of(forward, backward)) {
        for (Quantity q : some) {
          table =
              table.with(
                  q.name(),
                  q.formula(),
                  fixed(q.values()[0]),
                  q.isDerivative() ? fixed(q.differences()[0]) : "",
                  q.isDerivative()
                      ? String.format(Locale.ROOT, "%.1e", q.relativeDifference())
                      : "");
          json.add(q.toJson());
        }
      }
      findings.table("chain-table", table);
      findings.lines("chain", "", json);
    }
  }

  private static Quantity one(String name, String formula, double value, double... difference) {
    return new Quantity(name, formula, 1, 1, new float[] {(float) value}, difference);
  }

  private static double slope(DoubleUnaryOperator of, double at) {
    double h = 1e-5;
    return (of.applyAsDouble(at + h) - of.applyAsDouble(at - h)) / (2 * h);
  }

  private static String fixed(double number) {
    return String.format(Locale.ROOT, "%.6f", number).replace('-', '−');
  }
}
