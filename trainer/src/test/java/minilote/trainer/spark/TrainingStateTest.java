package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import minilote.trainer.math.Norms;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.network.ParameterTensor;
import minilote.trainer.optimizer.Course;
import minilote.trainer.optimizer.GradientClipping;
import minilote.trainer.optimizer.Optimizer;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.ParameterRange;
import minilote.trainer.optimizer.UpdateRule;
import minilote.trainer.run.TrainingSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingStateTest {
  private static final int COUNT = 48;

  /** Three blocks and a part of one, which threads update side by side. */
  private final Network network =
      Network.of(NetworkDescription.parse("dense 9000 tanh, dense 3 softmax"), List.of(18));

  @ParameterizedTest
  @EnumSource(UpdateRule.class)
  void update_manyBlocks_isTheDefinitionToTheLastBit(UpdateRule rule) {
    OptimizerSettings optimizer = OptimizerSettings.of(rule).withWeightDecay(0.01);
    for (String clipNorm : new String[] {"null", "0.5"}) {
      TrainingSettings settings =
          Trainings.settings(
              Path.of("/nowhere"),
              COUNT,
              1,
              "network",
              "\"dense 9000 tanh, dense 3 softmax\"",
              "optimizer",
              optimizer.toJson().toString(),
              "clip_norm",
              clipNorm,
              "clip_value",
              "0.002");
      float[] w = network.initialize(Initialization.AUTO, 1);
      assertTrue(Norms.blocks(w.length) == 4, "blocks: " + Norms.blocks(w.length));
      float[] expected = w.clone();
      Optimizer whole = Optimizer.of(optimizer, w.length, weights());
      TrainingState state =
          new TrainingState(network, settings, new Course(10 * COUNT, COUNT, 2), w);
      Random random = new Random(3);
      for (int step = 1; step <= 3; step++) {
        float[] sum = new float[w.length];
        for (int i = 0; i < sum.length; i++) {
          sum[i] = (float) random.nextGaussian();
        }
        LaneSum lanes = new LaneSum();
        lanes.add(0, sum, 1, 0, COUNT, 0);
        state.update(lanes, 1, false);

        float[] gradient = sum.clone();
        for (int i = 0; i < gradient.length; i++) {
          gradient[i] /= COUNT;
        }
        GradientClipping clipping = settings.clipping();
        clipping.apply(gradient);
        whole.update(expected, gradient, 0, gradient.length, state.lastLearningRate(), step);
        assertArrayEquals(expected, state.parameters(), 0);
      }
      assertEquals(3, state.step());
      assertEquals(3 * COUNT, state.examples());
    }
  }

  /** Statistics across a block's border: no norm, clipping, decay or reduction is theirs. */
  @ParameterizedTest
  @ValueSource(strings = {"mean", "sum"})
  void update_statistics_followTheBatchsMeanAlone(String reduction) {
    String words = "dense 10500 tanh, batchnorm momentum 0.25, dense 3 softmax";
    Network normalizing = Network.of(NetworkDescription.parse(words), List.of(18));
    int trained = normalizing.trainedCount();
    float[] w = normalizing.initialize(Initialization.AUTO, 1);
    assertEquals(trained + 2 * 10_500, w.length);
    assertTrue(trained / Norms.BLOCK < w.length / Norms.BLOCK, "a border within the statistics");
    OptimizerSettings optimizer = OptimizerSettings.of(UpdateRule.ADAM).withWeightDecay(0.01);
    TrainingSettings settings =
        Trainings.settings(
            Path.of("/nowhere"),
            COUNT,
            1,
            "network",
            "\"" + words + "\"",
            "optimizer",
            optimizer.toJson().toString(),
            "reduction",
            "\"" + reduction + "\"",
            "clip_norm",
            "0.5",
            "clip_value",
            "0.002");
    float[] expected = w.clone();
    float[] trainedAlone = Arrays.copyOf(w, trained);
    List<ParameterRange> decaying =
        normalizing.tensors().stream()
            .filter(ParameterTensor::weight)
            .map(tensor -> new ParameterRange(tensor.offset(), tensor.end()))
            .toList();
    Optimizer whole = Optimizer.of(optimizer, trained, decaying);
    TrainingState state =
        new TrainingState(normalizing, settings, new Course(10 * COUNT, COUNT, 2), w);
    Random random = new Random(3);
    for (int step = 1; step <= 2; step++) {
      float[] sum = new float[w.length];
      for (int i = 0; i < sum.length; i++) {
        sum[i] = (float) random.nextGaussian();
      }
      LaneSum lanes = new LaneSum();
      lanes.add(0, sum.clone(), 1, 0, COUNT, 0);
      state.update(lanes, 1, false);
      float[] gradient = Arrays.copyOf(sum, trained);
      for (int i = 0; i < trained && reduction.equals("mean"); i++) {
        gradient[i] /= COUNT;
      }
      settings.clipping().apply(gradient);
      whole.update(trainedAlone, gradient, 0, trained, state.lastLearningRate(), step);
      for (int i = trained; i < w.length; i++) {
        expected[i] = 0.75f * expected[i] + 0.25f * (sum[i] / COUNT);
      }
      System.arraycopy(trainedAlone, 0, expected, 0, trained);
      assertArrayEquals(expected, state.parameters(), 0);
    }
  }

  private List<ParameterRange> weights() {
    return network.tensors().stream()
        .filter(ParameterTensor::weight)
        .map(tensor -> new ParameterRange(tensor.offset(), tensor.offset() + tensor.length()))
        .toList();
  }
}
