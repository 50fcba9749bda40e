package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import minilote.datasets.Dataset;
import minilote.datasets.Normalization;
import minilote.datasets.RecordReader;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.Engines;
import minilote.trainer.math.Norms;
import minilote.trainer.math.PortableEngine;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.Placement;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.Synchronization;
import minilote.trainer.run.Synchronization.Way;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingSettings;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The noise scale and the gradient's norm of whole runs. */
class NoiseScaleTest {
  @TempDir Path temporary;

  private int runs;

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  private List<Metrics> train(TrainingSettings settings, int slots, TrainingOptions options)
      throws Exception {
    Path out = temporary.resolve("run-" + runs++);
    return SparkContexts.use(
        "local[" + slots + "]",
        spark -> {
          Trainings.train(spark, settings, options, out);
          return metrics(out);
        });
  }

  private static List<Metrics> metrics(Path run) throws Exception {
    return new RunFolder(hadoop(run), new Configuration()).readMetrics();
  }

  private static TrainingOptions everySteps(int steps, int partitions, Way way) {
    return new TrainingOptions(
        partitions, 0, 3, steps, Synchronization.DEFAULT.by(way), Placement.AUTO, false);
  }

  /** What has to be the same, of each line. */
  private static List<String> figures(List<Metrics> metrics) {
    return metrics.stream()
        .map(m -> "%d: %s %s".formatted(m.step(), m.noiseScale(), m.gradientNorm()))
        .toList();
  }

  /** The definition, from the gradient of each training example by itself. */
  private record PerExample(double square, double trace, long examples) {
    static PerExample of(TrainingSettings settings) throws Exception {
      Configuration configuration = new Configuration();
      org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(settings.data());
      Dataset dataset = Dataset.read(folder, configuration);
      int count = (int) dataset.split(Dataset.TRAIN).examples();
      int recordBytes = dataset.format().recordBytes();
      byte[] records = new byte[count * recordBytes];
      try (RecordReader reader =
          new RecordReader(folder, dataset, Dataset.TRAIN, 0, count, configuration)) {
        reader.read(records);
      }
      Network network = Network.of(settings.network(), dataset.format().shape());
      Normalization normalization = Normalization.of(settings.normalization(), dataset);
      float[] sum = new float[network.parameterCount()];
      double squares = 0;
      try (BackPropagation pass =
          new BackPropagation(
              network, Loss.CATEGORICAL_CROSS_ENTROPY, PortableEngine.create(), 1)) {
        pass.setParameters(network.initialize(settings.initialization(), settings.seed()));
        for (int id = 0; id < count; id++) {
          int at = id * recordBytes;
          normalization.apply(dataset.format(), records, at, pass.inputs(), 0);
          dataset.format().target(records, at, pass.targets(), 0, network.outputs());
          pass.clear();
          pass.errorAndGradient(1);
          squares += Norms.squares(pass.gradient(), 0, sum.length);
          for (int i = 0; i < sum.length; i++) {
            sum[i] += pass.gradient()[i];
          }
        }
      }
      double square = Norms.squares(sum, 0, sum.length) / ((double) count * count);
      return new PerExample(square, squares / count - square, count);
    }

    double noiseScale() {
      return trace / square;
    }
  }

  /** At weights that do not move; lanes of one size and of several, means and sums. */
  @Test
  void run_weightsThatStay_isTheNoiseScaleOfPerExampleGradients() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 4000, 4);
    int cases = 0;
    for (String reduction : new String[] {"\"mean\"", "\"sum\""}) {
      for (int batch : new int[] {256, 250}) {
        TrainingSettings settings =
            Trainings.settings(
                data,
                batch,
                16,
                "learning_rate",
                "1e-20",
                "validation",
                "0",
                "reduction",
                reduction,
                "epochs",
                "40",
                "optimizer",
                Trainings.SGD);
        PerExample exact = PerExample.of(settings);
        List<Metrics> metrics =
            train(settings, 2, Trainings.options(2, Way.ALL_REDUCE, Placement.AUTO));
        // Each is a moving average, of the last epochs. All of them together have less noise.
        double mean =
            metrics.subList(10, 40).stream()
                .mapToDouble(Metrics::noiseScale)
                .average()
                .orElseThrow();
        assertEquals(exact.noiseScale(), mean, 0.1 * exact.noiseScale());
        Double norm = metrics.get(39).gradientNorm();
        assertNotNull(norm);
        double expected = Math.sqrt(exact.square + exact.trace / batch);
        assertEquals(expected, norm, 0.1 * expected);
        cases++;
      }
    }
    assertEquals(4, cases);
  }

  /** Two blocks of the norms; clipping, which takes another way through the update; statistics. */
  @ParameterizedTest
  @EnumSource(names = {"NATIVE", "PORTABLE"})
  void run_anyPartitionsWaysAndResumed_givesTheSameBits(EngineKind engine) throws Exception {
    Engines.assume(engine);
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    int compared = 0;
    for (String network :
        new String[] {
          "\"dense 3300 tanh, dense 3 softmax\"",
          "\"dense 3000 relu, batchnorm ghost 4, dense 3 softmax\""
        }) {
      for (String clip : new String[] {"null", "0.5"}) {
        // 300 examples in batches of 70, the last one of 20; of ghosts of 4, some lanes have none.
        TrainingSettings settings =
            Trainings.settings(
                data,
                70,
                16,
                "network",
                network,
                "clip_norm",
                clip,
                "epochs",
                "3",
                "engine",
                "\"" + engine.word() + "\"");
        List<String> expected = null;
        for (Way way : new Way[] {Way.TREE_AGGREGATE, Way.ALL_REDUCE}) {
          for (int partitions : new int[] {1, 2, 3}) {
            List<String> figures = figures(train(settings, 3, everySteps(2, partitions, way)));
            expected = expected == null ? figures : expected;
            assertEquals(expected, figures, way + " on " + partitions);
            assertTrue(figures.size() > 3 && figures.stream().noneMatch(f -> f.contains("null")));
            compared++;
          }
        }
        assertEquals(expected, figures(stoppedAndResumed(settings)));
      }
    }
    assertEquals(24, compared);
  }

  private List<Metrics> stoppedAndResumed(TrainingSettings settings) throws Exception {
    Path run = temporary.resolve("stopped-" + runs++);
    return SparkContexts.use(
        "local[3]",
        spark -> {
          Trainings.Recording recording = new Trainings.Recording();
          Training training =
              Training.start(
                  spark, settings, everySteps(2, 2, Way.TREE_AGGREGATE), hadoop(run), recording);
          recording.training = training;
          recording.stopAt = 7;
          assertTrue(training.run().isEmpty());
          Training resumed =
              Training.resume(
                  spark, everySteps(2, 3, Way.ALL_REDUCE), hadoop(run), new Trainings.Recording());
          assertTrue(resumed.run().isPresent());
          return metrics(run);
        });
  }

  /** Where the lanes of a task are computed side by side. */
  @Test
  void run_normalizedOverTheBatch_givesTheSameBitsOnAnyPartitions() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    TrainingSettings settings =
        Trainings.settings(
            data, 37, 8, "network", "\"dense 3400 relu, batchnorm whole, dense 3 softmax\"");
    List<String> expected = figures(train(settings, 1, everySteps(3, 1, Way.ALL_REDUCE)));
    for (int partitions : new int[] {2, 3}) {
      assertEquals(
          expected, figures(train(settings, 3, everySteps(3, partitions, Way.ALL_REDUCE))));
    }
    assertTrue(expected.stream().noneMatch(f -> f.contains("null")), expected.toString());
  }

  @Test
  void run_oneLane_hasANormAndNoNoiseScale() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    for (Way way : new Way[] {Way.TREE_AGGREGATE, Way.ALL_REDUCE}) {
      for (Metrics line :
          train(Trainings.settings(data, 64, 1), 1, Trainings.options(1, way, Placement.AUTO))) {
        assertNull(line.noiseScale());
        assertNotNull(line.gradientNorm());
      }
    }
  }
}
