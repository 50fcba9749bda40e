package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import minilote.datasets.Dataset;
import minilote.datasets.Normalization;
import minilote.datasets.ValidationSplit;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.run.Placement;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeAggregateTest {
  @TempDir Path temporary;

  @Test
  void sums_manyPartitions_reachTheDriverInFewPartsWithTheSameBits() throws Exception {
    TestData.images(temporary, 600, 3);
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
            Normalization.of("none", dataset));
    float[] w = network.initialize(Initialization.parse("auto"), 1);
    ValidationSplit all = new ValidationSplit(600, 0, 0);
    SparkContexts.use(
        "local[2]",
        spark -> {
          float[] expected = null;
          double loss = 0;
          for (int partitions : new int[] {1, 5, 9, 27, 64}) {
            EpochShape shape = new EpochShape(1, 0, 600, 500, false, 64, partitions);
            try (Examples examples =
                    new Examples(
                        spark, folder.toString(), dataset, "train", all, 2, Placement.AUTO);
                EpochData data = EpochData.of(examples, shape);
                Weights weights = Weights.broadcast(spark, w)) {
              TreeAggregate synchronizer = new TreeAggregate(spark, spec);
              JavaRDD<LaneSum> sums = synchronizer.sums(data, 0, weights);
              List<LaneSum> parts = sums.collect();
              // As gradient() does: else its shuffle's files stay until a garbage collection.
              sums.rdd().cleanShuffleDependencies(false);
              assertTrue(
                  parts.size() <= Math.max(8, Math.ceil(Math.sqrt(partitions))),
                  partitions + " partitions, " + parts.size() + " sums");
              int subtrees = parts.stream().mapToInt(LaneSum::subtrees).sum();
              assertTrue(
                  subtrees <= 6 * parts.size(), "siblings meet early: " + subtrees + " subtrees");
              LaneSum sum = synchronizer.gradient(data, 0, weights);
              if (expected == null) {
                expected = sum.gradient(64).clone();
                loss = sum.loss(64);
              }
              assertEquals(500, sum.count(64));
              assertEquals(loss, sum.loss(64));
              for (int i = 0; i < expected.length; i++) {
                assertEquals(
                    Float.floatToRawIntBits(expected[i]),
                    Float.floatToRawIntBits(sum.gradient(64)[i]));
              }
            }
          }
          return null;
        });
  }
}
