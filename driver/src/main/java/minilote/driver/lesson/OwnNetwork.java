package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.List;
import minilote.datasets.KeyedRandom;
import minilote.datasets.UserError;
import minilote.driver.lesson.WorkedExamples.Worked;
import minilote.driver.report.Words;
import minilote.trainer.math.ActivationFunction;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.DenseDescription;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.LayerDescription;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import org.jspecify.annotations.Nullable;

/** A user's own small network, every quantity of one pass through it. */
final class OwnNetwork {
  private static final String OPTION = "--trace: ";
  private static final int MOST_PARAMETERS = 200;
  private static final int INPUTS = 2;
  private static final int EXAMPLES = 3;
  private static final double HUNDREDTHS = 100;

  /** How far the sum of a distribution may be from 1, as it is written in decimals. */
  private static final double ROUNDED = 1e-3;

  private final NetworkDescription description;
  private final Network network;
  private final Loss loss;
  private final SmallData data;

  /**
   * @param words of dense layers
   * @param csv inputs, then targets; null for drawn ones
   * @throws UserError where the network is none to be traced, or the examples are not for it
   */
  OwnNetwork(String words, @Nullable LessonCsv csv, long seed) {
    description = description(words);
    // How many outputs there are does not depend on the inputs.
    int outputs = network(description, 1).outputs();
    int inputs = INPUTS;
    if (csv != null) {
      inputs = csv.columns() - outputs;
      if (inputs < 1) {
        throw new UserError(
            "%s has %s, and the network of --trace has %s: it needs at least %d, inputs and then a target for each output"
                .formatted(
                    csv.file(),
                    Words.count(csv.columns(), "column"),
                    Words.count(outputs, "output"),
                    outputs + 1));
      }
    }
    network = network(description, inputs);
    requireFew(network);
    loss = Loss.following(network.outputActivation());
    try {
      BackPropagation.check(network, loss);
    } catch (UserError e) {
      throw new UserError(OPTION + e.getMessage(), e);
    }
    data = csv == null ? drawn(outputs, seed) : OwnExamples.of(csv, outputs);
    if (csv != null) {
      checkTargets(csv, inputs);
    }
  }

  private static NetworkDescription description(String words) {
    NetworkDescription description;
    try {
      description = NetworkDescription.parse(words);
    } catch (UserError e) {
      throw new UserError(OPTION + e.getMessage(), e);
    }
    for (int i = 0; i < description.layers().size(); i++) {
      LayerDescription layer = description.layers().get(i);
      if (!(layer instanceof DenseDescription)) {
        throw new UserError(
            "--trace: layer %d is '%s', and a trace is of dense layers alone, as in 'dense 3 tanh, dense 1 sigmoid'"
                .formatted(i + 1, layer.toWords()));
      }
    }
    return description;
  }

  private static Network network(NetworkDescription description, int inputs) {
    try {
      return Network.of(description, List.of(inputs));
    } catch (UserError e) {
      throw new UserError(OPTION + e.getMessage(), e);
    }
  }

  private static void requireFew(Network network) {
    if (network.parameterCount() > MOST_PARAMETERS) {
      throw new UserError(
          "--trace: the network has %,d parameters on %s, and each is written out here: at most %d"
              .formatted(
                  network.parameterCount(),
                  Words.count(network.inputs(), "input"),
                  MOST_PARAMETERS));
    }
  }

  private SmallData drawn(int outputs, long seed) {
    float[][] x = new float[EXAMPLES][INPUTS];
    float[][] y = new float[EXAMPLES][outputs];
    for (int row = 0; row < EXAMPLES; row++) {
      KeyedRandom random = KeyedRandom.of(seed, "trace", row);
      for (int i = 0; i < INPUTS; i++) {
        x[row][i] = hundredths(random);
      }
      if (loss == Loss.CATEGORICAL_CROSS_ENTROPY) {
        y[row][random.nextInt(outputs)] = 1;
      } else {
        for (int i = 0; i < outputs; i++) {
          // Of several examples, so that both answers occur.
          y[row][i] = loss == Loss.BINARY_CROSS_ENTROPY ? (row + i) % 2 : hundredths(random);
        }
      }
    }
    return new SmallData(x, y);
  }

  private static float hundredths(KeyedRandom random) {
    return (float) (Math.rint(HUNDREDTHS * (2 * random.nextDouble() - 1)) / HUNDREDTHS);
  }

  private void checkTargets(LessonCsv csv, int inputs) {
    ActivationFunction last = network.outputActivation().function();
    if (last != ActivationFunction.SIGMOID && last != ActivationFunction.SOFTMAX) {
      return;
    }
    for (int row = 0; row < csv.rows().length; row++) {
      double sum = 0;
      for (int column = inputs; column < csv.columns(); column++) {
        double target = csv.rows()[row][column];
        sum += target;
        if (target < 0 || target > 1) {
          throw new UserError(
              "%s is %s, and a target of %s outputs is from 0 to 1"
                  .formatted(csv.place(row, column), number(target), word(last)));
        }
      }
      if (last == ActivationFunction.SOFTMAX && Math.abs(sum - 1) > ROUNDED) {
        throw new UserError(
            "%s, line %d: the targets of softmax outputs, here the last %d columns, add up to 1, not %s: write a class as one 1 among 0s"
                .formatted(csv.file(), csv.lines()[row], network.outputs(), number(sum)));
      }
    }
  }

  private static String word(ActivationFunction function) {
    return function == ActivationFunction.SIGMOID ? "sigmoid" : "softmax";
  }

  private static String number(double number) {
    return number == Math.rint(number) ? String.valueOf(Math.round(number)) : "" + number;
  }

  String words() {
    return description.toWords();
  }

  Loss loss() {
    return loss;
  }

  Network network() {
    return network;
  }

  SmallData data() {
    return data;
  }

  /** All of a pass, with weights and biases that are drawn. */
  Worked work(long seed) {
    float[] w = network.initialize(Initialization.parse("normal+biases"), seed);
    int layers = network.layers();
    List<Quantity> given = new ArrayList<>();
    List<Quantity> forward = new ArrayList<>();
    List<Quantity> backward = new ArrayList<>();
    try (Trace trace = new Trace(network, loss, data, w, data.size())) {
      given.add(trace.inputs("x^(0)"));
      given.add(trace.targets("y"));
      for (int l = 1; l <= layers; l++) {
        given.add(trace.weights("W^(%d)".formatted(l), l));
        given.add(trace.biases("b^(%d)".formatted(l), l));
        forward.add(
            trace.signals(
                "s^(%d)".formatted(l), "x^(%d) W^(%d) + b^(%d)".formatted(l - 1, l, l), l));
        forward.add(
            trace.outputs("x^(%d)".formatted(l), "%s(s^(%d))".formatted(activation(l), l), l));
      }
      for (int l = layers; l >= 1; l--) {
        backward.add(
            trace.bySignals("δ^(%d)".formatted(l), l == layers ? lastDelta(l) : delta(l), l));
        backward.add(
            trace.byWeights("G^(%d)".formatted(l), "x^(%d)ᵀ δ^(%d)".formatted(l - 1, l), l));
        backward.add(trace.byBiases("∂E/∂b^(%d)".formatted(l), "Σₙ δₙ^(%d)".formatted(l), l));
      }
      return new Worked(given, forward, backward, trace.loss(), trace.isSaturated());
    }
  }

  private String activation(int layer) {
    return description.layers().get(layer - 1).activation().word();
  }

  private String lastDelta(int l) {
    return loss == Loss.MEAN_SQUARED_ERROR
        ? "2 (x^(%d) − y) ⊙ %s'(s^(%d)) / N".formatted(l, activation(l), l)
        : "(x^(%d) − y)/N".formatted(l);
  }

  private String delta(int l) {
    return "(δ^(%d) W^(%d)ᵀ) ⊙ %s'(s^(%d))".formatted(l + 1, l + 1, activation(l), l);
  }
}
