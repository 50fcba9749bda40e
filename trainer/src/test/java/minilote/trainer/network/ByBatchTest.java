package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.Engines;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers by the statistics of the rows themselves: {@link BackPropagation#errorByBatch(int)}. */
class ByBatchTest {
  private static final int ROWS = 7;

  private static double loss(String words, EngineKind engine, Pass which) {
    Network network = Network.of(NetworkDescription.parse(words), List.of(2, 4, 4));
    try (BackPropagation b =
        new BackPropagation(network, Loss.CATEGORICAL_CROSS_ENTROPY, engine.create(), ROWS)) {
      b.setParameters(network.initialize(Initialization.AUTO, 3));
      Random random = new Random(5);
      for (int i = 0; i < ROWS * network.inputs(); i++) {
        b.inputs()[i] = (float) (1 + random.nextGaussian());
      }
      for (int row = 0; row < ROWS; row++) {
        b.targets()[row * network.outputs() + random.nextInt(network.outputs())] = 1;
      }
      b.clear();
      which.pass(b).accept(ROWS);
      return b.loss();
    }
  }

  @FunctionalInterface
  private interface Pass {
    IntConsumer pass(BackPropagation b);
  }

  @ParameterizedTest
  @EnumSource(names = {"PORTABLE", "NATIVE"})
  void errorByBatch_withoutDropout_isTheLossOfLearning(EngineKind engine) {
    Engines.assume(engine);
    for (String norm : List.of("batchnorm whole", "batchnorm ghost 3")) {
      String words = "conv 3 3x3, " + norm + " relu, dense 6, " + norm + " tanh, dense 3 softmax";
      double byBatch = loss(words, engine, b -> b::errorByBatch);
      assertEquals(loss(words, engine, b -> b::errorAndGradient), byBatch, words);
      assertNotEquals(loss(words, engine, b -> b::error), byBatch, 1e-3, words);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PORTABLE", "NATIVE"})
  void errorByBatch_withDropout_dropsNothing(EngineKind engine) {
    Engines.assume(engine);
    String words = "dense 6, batchnorm whole tanh, %sdense 3 softmax";
    assertEquals(
        loss(words.formatted("dropout 0.25, "), engine, b -> b::errorByBatch),
        loss(words.formatted("dropout 0.5, "), engine, b -> b::errorByBatch));
  }
}
