package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import minilote.datasets.Dataset;
import minilote.datasets.Normalization;
import minilote.datasets.ValidationSplit;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.run.Placement;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
  @TempDir Path temporary;

  @Test
  void of_anyPartitions_givesTheSameBitsAndCountsEveryExampleOnce() throws Exception {
    int count = 4_000;
    TestData.images(temporary, count, 3);
    org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(temporary.toUri());
    Dataset dataset = Dataset.read(folder, new Configuration());
    Network network =
        Network.of(
            NetworkDescription.parse("dense 8 tanh, dense 3 softmax"), dataset.format().shape());
    LearnerSpec spec =
        new LearnerSpec(
            network,
            Loss.CATEGORICAL_CROSS_ENTROPY,
            dataset.format(),
            Normalization.of("standardize", dataset),
            EngineKind.AUTO.here());
    float[] w = network.initialize(Initialization.parse("auto"), 1);
    ValidationSplit validation = new ValidationSplit(count, 0.3, 9);
    SparkContexts.use(
        "local[2]",
        spark -> {
          double[] losses = new double[3];
          for (int partitions : new int[] {1, 2, 3, 7}) {
            Placement placement = partitions % 2 == 1 ? Placement.WHOLE : Placement.SPREAD;
            try (Examples examples =
                    new Examples(
                        spark,
                        folder.toString(),
                        dataset,
                        "train",
                        validation,
                        partitions,
                        placement);
                Weights weights = Weights.broadcast(spark, w)) {
              List<Evaluation.Subset> subsets =
                  List.of(
                      Evaluation.Subset.ALL,
                      Evaluation.Subset.TRAINING,
                      Evaluation.Subset.VALIDATION);
              for (int i = 0; i < subsets.size(); i++) {
                Evaluation evaluation =
                    Evaluation.of(spec, examples, subsets.get(i), weights, true);
                assertEquals(new long[] {4000, 2800, 1200}[i], evaluation.examples());
                losses[i] = losses[i] == 0 ? evaluation.loss() : losses[i];
                assertEquals(losses[i], evaluation.loss(), "to the last bit");
                long all = 0;
                long right = 0;
                for (int row = 0; row < 3; row++) {
                  for (int column = 0; column < 3; column++) {
                    all += evaluation.confusion()[row][column];
                    right += row == column ? evaluation.confusion()[row][column] : 0;
                  }
                }
                assertEquals(evaluation.examples(), all);
                assertEquals((double) right / all, evaluation.accuracy());
              }
            }
          }
          // In floats: a row's product may round otherwise in another row of a block.
          assertTrue(Math.abs(losses[0] - (2800 * losses[1] + 1200 * losses[2]) / 4000) < 1e-7);
          return null;
        });
  }
}
