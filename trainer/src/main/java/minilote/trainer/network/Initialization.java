package minilote.trainer.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import minilote.datasets.KeyedRandom;
import minilote.datasets.UserError;
import minilote.trainer.math.ActivationFunction;

/**
 * How the first weights and biases are drawn. Written as the word for the weights, with {@code
 * +biases} where the biases are drawn too: {@code he}, {@code normal+biases}.
 *
 * @param weights the distribution of the weights
 * @param normalBiases whether biases are drawn from N(0, 1) (with weights N(0, 1/n_in), the recipe
 *     of Nielsen, <i>Neural Networks and Deep Learning</i>, chapter 3); otherwise they are 0
 */
public record Initialization(Weights weights, boolean normalBiases) {
  /** A distribution for n_in numbers entering each unit, and each number entering n_out units. */
  public enum Weights {
    /** HE for layers with relu or elu, GLOROT for others. */
    AUTO,
    /** Uniform over ±√(6 / (n_in + n_out)). Glorot and Bengio 2010, equation 16. */
    GLOROT,
    /** N(0, 2 / n_in). He, Zhang, Ren and Sun 2015, equation 10. */
    HE,
    /** N(0, 1 / n_in). LeCun, Bottou, Orr and Müller 1998, equation 16. */
    NORMAL,
    ZEROS
  }

  /** Weights by activation, biases 0. */
  public static final Initialization AUTO = new Initialization(Weights.AUTO, false);

  private static final String BIASES = "+biases";
  private static final String PURPOSE = "initialization";

  /** As it is written; {@link #parse} reads it back. */
  public String toWords() {
    return weights.name().toLowerCase(Locale.ROOT) + (normalBiases ? BIASES : "");
  }

  /**
   * The inverse of {@link #toWords()}.
   *
   * @throws UserError with the words that are known
   */
  public static Initialization parse(String text) {
    String words = text.strip().toLowerCase(Locale.ROOT);
    boolean biases = words.endsWith(BIASES);
    String word = biases ? words.substring(0, words.length() - BIASES.length()) : words;
    for (Weights weights : Weights.values()) {
      if (weights.name().toLowerCase(Locale.ROOT).equals(word)) {
        return new Initialization(weights, biases);
      }
    }
    List<String> known =
        Arrays.stream(Weights.values()).map(w -> w.name().toLowerCase(Locale.ROOT)).toList();
    throw new UserError(
        "'%s' is no initialization (known: %s, each also with '%s' for biases from N(0, 1))%s"
            .formatted(text, String.join(", ", known), BIASES, Suggestion.of(word, known)));
  }

  /**
   * Draws a tensor into its place, or fills it where nothing is drawn. What is drawn depends on the
   * seed, the layer and the place alone.
   *
   * @param activation of the tensor's layer
   * @param parameters all of the network's
   */
  void draw(ParameterTensor tensor, Activation activation, long seed, float[] parameters) {
    int end = tensor.end();
    switch (tensor.role()) {
      case WEIGHT -> drawWeights(tensor, activation, random(seed, tensor, 0), parameters);
      case BIAS -> {
        if (normalBiases) {
          drawNormal(random(seed, tensor, 1), 1, parameters, tensor.offset(), end);
        }
      }
      case GAMMA, RUNNING_VARIANCE -> Arrays.fill(parameters, tensor.offset(), end, 1);
      case BETA, RUNNING_MEAN -> Arrays.fill(parameters, tensor.offset(), end, 0);
    }
  }

  private static KeyedRandom random(long seed, ParameterTensor tensor, long number) {
    return KeyedRandom.of(seed, PURPOSE, tensor.layer().keysWith(number));
  }

  private void drawWeights(
      ParameterTensor tensor, Activation activation, KeyedRandom random, float[] parameters) {
    int end = tensor.end();
    switch (weights == Weights.AUTO ? suiting(activation) : weights) {
      case GLOROT -> {
        double most = StrictMath.sqrt(6.0 / ((double) tensor.fanIn() + tensor.fanOut()));
        for (int i = tensor.offset(); i < end; i++) {
          parameters[i] = (float) (most * (2 * random.nextDouble() - 1));
        }
      }
      case HE ->
          drawNormal(
              random, StrictMath.sqrt(2.0 / tensor.fanIn()), parameters, tensor.offset(), end);
      case NORMAL ->
          drawNormal(
              random, StrictMath.sqrt(1.0 / tensor.fanIn()), parameters, tensor.offset(), end);
      case ZEROS, AUTO -> {}
    }
  }

  private static Weights suiting(Activation activation) {
    return activation.function() == ActivationFunction.RELU
            || activation.function() == ActivationFunction.ELU
        ? Weights.HE
        : Weights.GLOROT;
  }

  private static void drawNormal(
      KeyedRandom random, double deviation, float[] parameters, int from, int end) {
    for (int i = from; i < end; i++) {
      parameters[i] = (float) (deviation * random.nextGaussian());
    }
  }
}
