package minilote.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import minilote.datasets.Json;
import minilote.datasets.Normalization;
import minilote.datasets.RecordFormat;
import minilote.trainer.math.NativeBlas;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Spark MLlib's multilayer perceptron: how long a number of iterations takes it, and the training
 * loss that it then has. Its examples are normalized, cached and counted before the clock starts;
 * its products are OpenBLAS's, as Minilote's.
 */
final class Perceptron {
  private static final String LABEL = "label";
  private static final String FEATURES = "features";

  /** So small that it takes all its iterations. */
  private static final double TOLERANCE = 1e-30;

  /** What Spark needs of Java 17, of which its own launcher would tell the JVM. */
  static final List<String> JAVA_OPTIONS =
      List.of(JavaModuleOptions.defaultModuleOptions().split(" "));

  private Perceptron() {}

  private static ObjectNode fit(Work work, String solver, int iterations) {
    // Chooses the library for netlib's own class as well, through which MLlib multiplies.
    String blas = NativeBlas.report().describe();
    SparkSession spark =
        SparkSession.builder()
            .master("local[" + work.threads() + "]")
            .appName("perceptron")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    try (JavaSparkContext context = new JavaSparkContext(spark.sparkContext())) {
      Dataset<Row> examples = examples(spark, context, work).cache();
      long count = examples.count();
      MultilayerPerceptronClassifier classifier =
          new MultilayerPerceptronClassifier()
              .setLayers(work.network().layers())
              .setSolver(solver)
              .setMaxIter(iterations)
              .setTol(TOLERANCE)
              .setSeed(work.seed());
      long began = System.nanoTime();
      MultilayerPerceptronClassificationModel model = classifier.fit(examples);
      double seconds = (System.nanoTime() - began) * 1e-9;
      ObjectNode json = Json.object();
      json.put("blas", blas);
      json.put("solver", solver);
      json.put("iterations", iterations);
      json.put("examples", count);
      json.put("seconds", seconds);
      json.put("training_loss", loss(model, examples, count));
      return json;
    }
  }

  private static Dataset<Row> examples(SparkSession spark, JavaSparkContext context, Work work) {
    String folder = work.data();
    int partitions = work.threads();
    List<Integer> numbers = IntStream.range(0, partitions).boxed().toList();
    StructType schema =
        new StructType(
            new StructField[] {
              new StructField(LABEL, DataTypes.DoubleType, false, Metadata.empty()),
              new StructField(FEATURES, new VectorUDT(), false, Metadata.empty())
            });
    return spark.createDataFrame(
        context
            .parallelize(numbers, partitions)
            .flatMap(number -> rows(folder, number, partitions).iterator()),
        schema);
  }

  private static List<Row> rows(String folder, int partition, int partitions) {
    TrainingExamples examples = TrainingExamples.read(folder);
    Normalization normalization = TrainingExamples.normalization(folder);
    RecordFormat format = examples.format();
    float[] input = new float[format.features()];
    List<Row> rows = new ArrayList<>();
    for (int example = partition; example < examples.count(); example += partitions) {
      int offset = example * format.recordBytes();
      normalization.apply(format, examples.records(), offset, input, 0);
      double[] features = new double[input.length];
      for (int i = 0; i < features.length; i++) {
        features[i] = input[i];
      }
      double label = format.label(examples.records(), offset);
      rows.add(RowFactory.create(label, Vectors.dense(features)));
    }
    return rows;
  }

  /** The mean cross-entropy over all examples, from the signals of the last layer. */
  private static double loss(
      MultilayerPerceptronClassificationModel model, Dataset<Row> examples, long count) {
    return model
            .transform(examples)
            .select(LABEL, "rawPrediction")
            .toJavaRDD()
            .mapToDouble(Perceptron::crossEntropy)
            .sum()
        / count;
  }

  private static double crossEntropy(Row row) {
    int label = (int) row.getDouble(0);
    Vector signals = (Vector) row.get(1);
    return crossEntropy(signals.toArray(), label);
  }

  /** {@code log Σ exp s_k − s_label}. */
  static double crossEntropy(double[] signals, int label) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double signal : signals) {
      largest = Math.max(largest, signal);
    }
    double sum = 0;
    for (double signal : signals) {
      sum += Math.exp(signal - largest);
    }
    return largest + Math.log(sum) - signals[label];
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    System.out.println(fit(Work.fromJson(args[0]), args[1], Integer.parseInt(args[2])));
  }
}
