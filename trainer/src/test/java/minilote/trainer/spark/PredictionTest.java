package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.Dataset;
import minilote.datasets.RecordReader;
import minilote.datasets.UserError;
import minilote.trainer.run.Model;
import minilote.trainer.run.TrainingSettings;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionTest {
  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dense 8 tanh, dense 3 softmax",
        "conv 6 3x3 relu, max-pool 2x2 stride 1, dense 3 softmax",
        "conv 6 3x3 bias none, batchnorm relu, residual(conv 6 3x3 bias none, batchnorm relu, dropout"
            + " 0.1, conv 6 3x3 bias none, batchnorm) relu, dense 3 softmax"
      })
  void predict_wholeSplit_agreesWithEvaluationAndWithVectors(String network) throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 2_500, 3);
    Path run = temporary.resolve("run");
    org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(data.toUri());
    Path csv = temporary.resolve("predictions.csv");
    SparkContexts.use(
        "local[2]",
        spark -> {
          TrainingSettings settings =
              Trainings.settings(data, 100, 2, "network", '"' + network + '"');
          Trainings.train(spark, settings, 0, run);
          Model model = Model.read(new org.apache.hadoop.fs.Path(run.toUri()), new Configuration());
          Evaluation evaluation = Evaluator.evaluate(spark, model, folder.toString(), "test", 3);
          assertTrue(evaluation.accuracy() > 0.6, "it learns: " + evaluation.accuracy());
          assertEquals(
              1250,
              Predictor.predict(
                  spark,
                  model,
                  folder.toString(),
                  "test",
                  new org.apache.hadoop.fs.Path(csv.toUri()),
                  3));
          List<String> lines = Files.readAllLines(csv);
          assertEquals("id,actual,predicted,red,green,none", lines.get(0));
          assertEquals(1251, lines.size());
          List<Vector> answers = new VectorModel(model).predict(vectors(spark, folder)).collect();
          long right = 0;
          for (int id = 0; id < 1250; id++) {
            String[] fields = lines.get(id + 1).split(",", -1);
            assertEquals(Integer.toString(id), fields[0]);
            right += fields[1].equals(fields[2]) ? 1 : 0;
            for (int k = 0; k < 3; k++) {
              assertEquals(answers.get(id).apply(k), Double.parseDouble(fields[3 + k]), 1e-6);
            }
          }
          assertEquals(evaluation.accuracy(), right / 1250.0);
          UserError error =
              assertThrows(UserError.class, () -> new VectorModel(model).predict(Vectors.zeros(5)));
          assertEquals("a vector has 5 features, the model takes 18", error.getMessage());
          return null;
        });
  }

  private static org.apache.spark.api.java.JavaRDD<Vector> vectors(
      org.apache.spark.api.java.JavaSparkContext spark, org.apache.hadoop.fs.Path folder)
      throws Exception {
    Dataset dataset = Dataset.read(folder, new Configuration());
    int recordBytes = dataset.format().recordBytes();
    byte[] records = new byte[1250 * recordBytes];
    try (RecordReader reader =
        new RecordReader(folder, dataset, "test", 0, 1250, new Configuration())) {
      reader.read(records);
    }
    List<Vector> vectors = new ArrayList<>();
    for (int offset = 0; offset < records.length; offset += recordBytes) {
      double[] pixels = new double[TestData.FEATURES];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = records[offset + 2 + i] & 0xff;
      }
      vectors.add(Vectors.dense(pixels));
    }
    return spark.parallelize(vectors, 2);
  }
}
