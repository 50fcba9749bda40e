package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import minilote.datasets.Dataset;
import minilote.datasets.Normalization;
import minilote.datasets.ProgressListener;
import minilote.datasets.RandomLabels;
import minilote.datasets.UserError;
import minilote.datasets.ValidationSplit;
import minilote.trainer.math.Correctness;
import minilote.trainer.math.PortableEngine;
import minilote.trainer.measure.Interpolation;
import minilote.trainer.measure.LossSlice;
import minilote.trainer.measure.Objective;
import minilote.trainer.measure.Sensitivity;
import minilote.trainer.measure.Sharpness;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.run.Model;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandscapeTest {
  private static final int COUNT = 4_500; // 5 blocks, the last one short
  private static final String WORDS =
      "conv 3 2x2, batchnorm tanh, dropout 0.5, dense 6 tanh, dense 3 softmax";

  @TempDir static Path temporary;
  private static String folder;
  private static Dataset dataset;
  private static Model model;

  @BeforeAll
  static void makeData() throws Exception {
    TestData.images(temporary, COUNT, 3);
    folder = new org.apache.hadoop.fs.Path(temporary.toUri()).toString();
    dataset = Dataset.read(new org.apache.hadoop.fs.Path(folder), new Configuration());
    model = model(WORDS, 1);
  }

  /** With running statistics that are none of these examples'. */
  private static Model model(String words, long seed) {
    Network network = Network.of(NetworkDescription.parse(words), dataset.format().shape());
    float[] w = network.initialize(Initialization.parse("normal+biases"), seed);
    for (int i = network.trainedCount(); i < w.length; i++) {
      w[i] += 0.1f * (i % 4);
    }
    return new Model(
        network,
        Loss.CATEGORICAL_CROSS_ENTROPY,
        dataset.format(),
        Normalization.of("standardize", dataset),
        List.of(),
        w);
  }

  private static Landscape landscape(JavaSparkContext spark, Portion portion, int partitions)
      throws Exception {
    return Landscape.of(spark, model, folder, portion, partitions);
  }

  private static double[] gradient(Landscape landscape) {
    double[] gradient = new double[model.network().trainedCount()];
    landscape.lossAndGradient(model.parameters(), gradient);
    return gradient;
  }

  @Test
  void lossAndGradient_anyPartitionsWayAndSerializer_areTheSameBits() throws Exception {
    double[] expected = new double[model.network().trainedCount()];
    List<Double> losses = new ArrayList<>();
    List<List<Sensitivity>> sensitivities = new ArrayList<>();
    for (String serializer : List.of(SparkContexts.JAVA, SparkContexts.KRYO)) {
      SparkContexts.use(
          "local[2]",
          serializer,
          spark -> {
            for (int partitions : new int[] {1, 2, 3, 5}) {
              for (boolean sameJvm : new boolean[] {true, false}) {
                try (Landscape landscape =
                    Landscape.of(spark, model, folder, Portion.of("train"), partitions, sameJvm)) {
                  double[] gradient = new double[expected.length];
                  double loss = landscape.lossAndGradient(model.parameters(), gradient);
                  if (losses.isEmpty()) {
                    System.arraycopy(gradient, 0, expected, 0, expected.length);
                  }
                  losses.add(loss);
                  sensitivities.add(landscape.sensitivities(model.parameters()));
                  assertArrayEquals(expected, gradient, partitions + " partitions");
                  assertEquals(loss, landscape.evaluate(model.parameters()).loss());
                }
              }
            }
            return null;
          });
    }
    assertEquals(16, losses.size());
    assertEquals(1, losses.stream().distinct().count(), losses.toString());
    assertEquals(1, sensitivities.stream().distinct().count(), sensitivities.toString());
  }

  @Test
  void objective_always_hasTheGradientOfItsLoss() throws Exception {
    SparkContexts.use(
        "local[2]",
        spark -> {
          try (Landscape landscape = landscape(spark, Portion.of("train"), 2)) {
            Objective f = landscape.objective(model.parameters());
            double[] w = new double[f.dimension()];
            for (int i = 0; i < w.length; i++) {
              w[i] = model.parameters()[i];
            }
            double[] gradient = new double[w.length];
            double loss = f.lossAndGradient(w, gradient);
            assertEquals(loss, f.loss(w));
            double step = 1e-2;
            for (int i = 0; i < w.length; i += 7) {
              double at = w[i];
              w[i] = at + step;
              double above = f.loss(w);
              w[i] = at - step;
              double below = f.loss(w);
              w[i] = at;
              assertEquals((above - below) / (2 * step), gradient[i], 2e-4, "weight " + i);
            }
          }
          return null;
        });
  }

  @Test
  void portion_ofTrainingAndOfTheFirst_areThoseExamplesAlone() throws Exception {
    ValidationSplit split = new ValidationSplit(COUNT, 0.3, 9);
    Portion training = new Portion("train", 0.3, 9, RandomLabels.NONE, Portion.ALL);
    SparkContexts.use(
        "local[2]",
        spark -> {
          LearnerSpec spec = Evaluator.spec(spark, model, dataset);
          try (Landscape all = landscape(spark, training, 2);
              Landscape first = landscape(spark, training.first(1_000), 2);
              Landscape same = landscape(spark, training.first(1_000_000), 3);
              Examples examples =
                  Evaluator.examples(spark, dataset, folder, "train", split, RandomLabels.NONE, 2);
              Weights weights = Weights.broadcast(spark, model.parameters())) {
            assertEquals(split.trainingExamples(), all.examples());
            Evaluation expected =
                Evaluation.of(spec, examples, Evaluation.Subset.TRAINING, weights, false);
            assertEquals(expected.loss(), all.evaluate(model.parameters()).loss());
            assertEquals(
                expected.accuracy(), all.score(model.parameters()).accuracy().orElseThrow());
            assertEquals(1_000, first.examples());
            assertEquals(1_000, first.evaluate(model.parameters()).examples());
            assertNotEquals(expected.loss(), first.evaluate(model.parameters()).loss());
            assertArrayEquals(gradient(all), gradient(same));
            long last = training.first(1_000).endId(split) - 1;
            assertTrue(!split.isValidation(last), "the last one counts");
            assertEquals(
                1_000,
                LongStream.rangeClosed(0, last).filter(id -> !split.isValidation(id)).count());
          }
          return null;
        });
  }

  /** One example at a time, without Spark. */
  @Test
  void sensitivities_ofEachLayer_areMeansOverItsDeltas() throws Exception {
    int count = 200;
    List<Sensitivity> found =
        SparkContexts.use(
            "local[2]",
            spark -> {
              try (Landscape landscape = landscape(spark, Portion.of("train").first(count), 2)) {
                return landscape.sensitivities(model.parameters());
              }
            });
    byte[] records = Files.readAllBytes(temporary.resolve("train/part-00000.bin"));
    int bytes = dataset.format().recordBytes();
    assertTrue(records.length >= count * bytes, "they are in the first shard");
    int[] layers = {1, 4, 5};
    double[][] sums = new double[3][];
    double[] norms = new double[3];
    try (BackPropagation b =
        new BackPropagation(
            model.network(), model.loss(), Correctness.NONE, PortableEngine.create(), 1)) {
      b.setParameters(model.parameters());
      for (int id = 0; id < count; id++) {
        model.normalization().apply(model.format(), records, id * bytes, b.inputs(), 0);
        model.format().target(records, id * bytes, b.targets(), 0, 3);
        b.clear();
        b.errorAndGradientAnswering(1);
        for (int i = 0; i < 3; i++) {
          int width = model.network().units(layers[i]);
          sums[i] = sums[i] == null ? new double[width] : sums[i];
          double squares = 0;
          for (int unit = 0; unit < width; unit++) {
            double delta = b.deltas(layers[i])[unit];
            sums[i][unit] += delta;
            squares += delta * delta;
          }
          norms[i] += Math.sqrt(squares);
        }
      }
    }
    assertEquals(3, found.size());
    for (int i = 0; i < 3; i++) {
      double squares = 0;
      for (double sum : sums[i]) {
        squares += sum / count * (sum / count);
      }
      assertEquals(layers[i], found.get(i).layer());
      assertEquals(Math.sqrt(squares), found.get(i).ofMean(), 1e-5 * Math.sqrt(squares));
      assertEquals(norms[i] / count, found.get(i).mean(), 1e-5 * norms[i] / count);
    }
  }

  @Test
  void measures_ofTwoModels_meetWhatEvaluationGives() throws Exception {
    Model other = model(WORDS, 2);
    SparkContexts.use(
        "local[2]",
        spark -> {
          try (Landscape train = landscape(spark, Portion.of("train"), 2);
              Landscape test = landscape(spark, Portion.of("test"), 2)) {
            Interpolation line =
                Interpolation.of(
                    model.network(),
                    model.parameters(),
                    other.parameters(),
                    new double[] {0, 0.5, 1},
                    train,
                    test,
                    ProgressListener.NONE);
            Evaluation first = Evaluator.evaluate(spark, model, folder, "test", 3);
            Evaluation last = Evaluator.evaluate(spark, other, folder, "train", 1);
            assertEquals(first.loss(), line.points().get(0).test().loss());
            assertEquals(first.accuracy(), line.points().get(0).test().accuracy().orElseThrow());
            assertEquals(last.loss(), line.points().get(2).train().loss());
            LossSlice slice =
                LossSlice.of(
                    model.network(),
                    model.parameters(),
                    new LossSlice.Settings(1, 3, 1, 0),
                    test,
                    ProgressListener.NONE);
            assertEquals(first.loss(), slice.rows().get(0).get(1).loss());
            Evaluation byBatch = Evaluator.evaluate(spark, model, folder, "test", 3, true);
            assertNotEquals(first.loss(), byBatch.loss());
            assertEquals(byBatch.loss(), test.byBatch().score(model.parameters()).loss());
            double[] w = new double[model.network().trainedCount()];
            for (int i = 0; i < w.length; i++) {
              w[i] = model.parameters()[i];
            }
            Sharpness sharpness =
                Sharpness.of(
                    test.objective(model.parameters()),
                    w,
                    new Sharpness.Settings(List.of(0.1), 0, 5, 0),
                    ProgressListener.NONE);
            assertEquals(first.loss(), sharpness.loss());
            Sharpness.Box box = sharpness.boxes().get(0);
            assertTrue(box.maximum() > sharpness.loss(), box.toString());
            assertTrue(box.maximum() >= box.corner(), box.toString());
          }
          return null;
        });
  }

  @Test
  void of_wrongData_saysSo() throws Exception {
    SparkContexts.use(
        "local[1]",
        spark -> {
          assertEquals(
              "--examples 0: it must be at least 1",
              assertThrows(UserError.class, () -> Portion.of("train").first(0)).getMessage());
          assertThrows(UserError.class, () -> landscape(spark, Portion.of("nowhere"), 1));
          return null;
        });
  }
}
