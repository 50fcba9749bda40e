package minilote.trainer.network;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import minilote.datasets.UserError;

/**
 * Batch normalization, {@code batchnorm relu}: {@code x' = θ(γ (x − μ) / √(σ² + ε) + β)} for each
 * channel of an image, or each unit, with a γ and a β to be learned. Ioffe and Szegedy, <i>Batch
 * normalization</i>, 2015, algorithms 1 and 2. While the network learns, mean μ and variance σ² are
 * those of a ghost, so many consecutive examples of the batch (Hoffer, Hubara and Soudry, <i>Train
 * longer, generalize better</i>, 2017, algorithm 1); when it answers, those of all ghosts so far,
 * of which the earlier ones count less and less.
 *
 * @param ghost examples of a ghost, at least 2; {@link #WHOLE} for the whole batch
 * @param momentum the share of a step's mean and variance in the running ones, above 0 and at most
 *     1
 * @param epsilon ε, above 0
 * @param activation θ; a softmax is over the channels of a pixel
 */
public record BatchNormDescription(
    int ghost, double momentum, double epsilon, Activation activation) implements LayerDescription {
  static final String KIND = "batchnorm";

  /** A ghost that is as large as the batch. */
  public static final int WHOLE = Integer.MAX_VALUE;

  private static final int GHOST = 32;
  private static final double MOMENTUM = 0.1;
  private static final double EPSILON = 0.00001;

  private static final String FORM =
      "'batchnorm ACTIVATION', as in 'batchnorm relu', with 'ghost 32' or 'whole', 'momentum 0.1' or"
          + " 'epsilon 0.00001' before the activation";

  private static final String WORD_GHOST = "ghost";
  private static final String WORD_WHOLE = "whole";
  private static final String WORD_MOMENTUM = "momentum";
  private static final String WORD_EPSILON = "epsilon";

  private static final List<String> OPTIONS =
      List.of(WORD_GHOST, WORD_WHOLE, WORD_MOMENTUM, WORD_EPSILON);

  private static final Set<String> MEMBERS =
      Set.of("kind", WORD_GHOST, WORD_MOMENTUM, WORD_EPSILON, "activation");

  public BatchNormDescription {
    requireGhost(ghost);
    requireMomentum(momentum);
    requireEpsilon(epsilon);
  }

  private static int requireGhost(int ghost) {
    if (ghost < 2) {
      throw new UserError(
          "a ghost has at least 2 examples, not %d: a single one has no variance".formatted(ghost));
    }
    return ghost;
  }

  private static double requireMomentum(double momentum) {
    if (!(momentum > 0 && momentum <= 1)) {
      throw new UserError(
          "the momentum of a batch normalization, the share of a new mean in the running one, is"
              + " above 0 and at most 1, not "
              + momentum);
    }
    return momentum;
  }

  private static double requireEpsilon(double epsilon) {
    if (!(epsilon >= Float.MIN_NORMAL && epsilon <= Float.MAX_VALUE)) {
      throw new UserError(
          "the epsilon of a batch normalization is a number above 0, such as 0.00001, not "
              + epsilon);
    }
    return epsilon;
  }

  /** Reads the words after the first one. */
  static BatchNormDescription parse(LayerWords words) {
    int ghost = GHOST;
    double momentum = MOMENTUM;
    double epsilon = EPSILON;
    Set<String> said = new HashSet<>();
    while (words.hasNext() && OPTIONS.contains(words.peek().text())) {
      LayerWords.Word option = words.next("an option", FORM);
      // Of ghosts and the whole batch there is one.
      if (!said.add(option.text().equals(WORD_WHOLE) ? WORD_GHOST : option.text())) {
        throw option.error(
            "'%s': what the statistics are of, or a number, is said twice"
                .formatted(option.text()));
      }
      switch (option.text()) {
        case WORD_GHOST -> {
          LayerWords.Word word = words.next("a number of examples, as in 'ghost 32'", FORM);
          int examples = word.wholeNumber("number of examples", FORM);
          ghost = word.at(() -> requireGhost(examples));
        }
        case WORD_WHOLE -> ghost = WHOLE;
        case WORD_MOMENTUM -> {
          LayerWords.Word word = words.next("a number, as in 'momentum 0.1'", FORM);
          double share = word.number(WORD_MOMENTUM, FORM);
          momentum = word.at(() -> requireMomentum(share));
        }
        default -> {
          LayerWords.Word word = words.next("a number, as in 'epsilon 0.00001'", FORM);
          double small = word.number(WORD_EPSILON, FORM);
          epsilon = word.at(() -> requireEpsilon(small));
        }
      }
    }
    words.refuseSimilar(OPTIONS);
    return new BatchNormDescription(ghost, momentum, epsilon, words.activation(FORM));
  }

  /** Reads {@link #toJson()}. */
  static BatchNormDescription parse(LayerJson json) {
    json.requireMembers(MEMBERS);
    return new BatchNormDescription(
        json.has(WORD_GHOST) ? ghost(json) : GHOST,
        json.has(WORD_MOMENTUM) ? json.number(WORD_MOMENTUM) : MOMENTUM,
        json.has(WORD_EPSILON) ? json.number(WORD_EPSILON) : EPSILON,
        json.activation());
  }

  private static int ghost(LayerJson json) {
    if (!json.isText(WORD_GHOST)) {
      return json.positive(WORD_GHOST);
    }
    if (!json.text(WORD_GHOST).equals(WORD_WHOLE)) {
      throw new UserError(
          "\"ghost\" must be a number of examples or \"whole\", not \"%s\""
              .formatted(json.text(WORD_GHOST)));
    }
    return WHOLE;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String toWords() {
    StringBuilder words = new StringBuilder(KIND);
    if (ghost == WHOLE) {
      words.append(' ').append(WORD_WHOLE);
    } else if (ghost != GHOST) {
      words.append(' ').append(WORD_GHOST).append(' ').append(ghost);
    }
    if (momentum != MOMENTUM) {
      words.append(' ').append(WORD_MOMENTUM).append(' ').append(momentum);
    }
    if (epsilon != EPSILON) {
      words.append(' ').append(WORD_EPSILON).append(' ').append(epsilon);
    }
    return words.append(LayerDescription.ending(activation)).toString();
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", KIND);
    if (ghost == WHOLE) {
      json.put(WORD_GHOST, WORD_WHOLE);
    } else {
      json.put(WORD_GHOST, ghost);
    }
    return json.put(WORD_MOMENTUM, momentum)
        .put(WORD_EPSILON, epsilon)
        .put("activation", activation.word());
  }

  @Override
  public boolean worksOnImages() {
    return true;
  }

  @Override
  public List<Integer> outputShape(List<Integer> inputShape) {
    return inputShape;
  }

  /** Each channel of an image, or each unit, is normalized by itself. */
  static int channels(List<Integer> inputShape) {
    return inputShape.get(0);
  }

  @Override
  public long parameterCount(List<Integer> inputShape) {
    return 2L * channels(inputShape);
  }

  @Override
  public List<ParameterTensor> tensors(LayerNumber number, List<Integer> inputShape, int offset) {
    return pair(
        number,
        ParameterTensor.Role.GAMMA,
        ParameterTensor.Role.BETA,
        channels(inputShape),
        offset);
  }

  @Override
  public long statisticsCount(List<Integer> inputShape) {
    return 2L * channels(inputShape);
  }

  @Override
  public List<ParameterTensor> statistics(
      LayerNumber number, List<Integer> inputShape, int offset) {
    return pair(
        number,
        ParameterTensor.Role.RUNNING_MEAN,
        ParameterTensor.Role.RUNNING_VARIANCE,
        channels(inputShape),
        offset);
  }

  private static List<ParameterTensor> pair(
      LayerNumber number,
      ParameterTensor.Role first,
      ParameterTensor.Role second,
      int channels,
      int offset) {
    return List.of(
        ParameterTensor.ofUnits(number, first, channels, offset),
        ParameterTensor.ofUnits(number, second, channels, offset + channels));
  }
}
