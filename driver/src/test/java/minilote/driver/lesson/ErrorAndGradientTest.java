package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import minilote.datasets.Dataset;
import minilote.datasets.RecordReader;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against loops over examples and units in double precision that know nothing of blocks. */
class ErrorAndGradientTest {
  private static final int EXAMPLES = 10_000;
  private static final int PIXELS = 784;
  private static final int HIDDEN = ErrorAndGradient.HIDDEN;
  private static final int CLASSES = 10;
  private static final int[] HALVES = {5 * 1024, EXAMPLES - 5 * 1024};
  private static final int[] QUARTERS = {2 * 1024, 3 * 1024, 2 * 1024, EXAMPLES - 7 * 1024};
  private static final int[] TAIL = {9 * 1024, EXAMPLES - 9 * 1024};

  private static Findings found;

  private static final float[] w = weights();
  private static double error;
  private static final double[] gradient = new double[w.length];
  private static final double[] means = new double[3]; // relative differences, of each cut
  private static final double[] norms = new double[2];

  private static float[] weights() {
    return Network.of(
            NetworkDescription.parse("dense %d sigmoid, dense 10 softmax".formatted(HIDDEN)),
            List.of(PIXELS))
        .initialize(Initialization.AUTO, 3);
  }

  @BeforeAll
  static void work() throws IOException {
    SparkConf conf =
        new SparkConf(false)
            .setMaster("local[2]")
            .setAppName("lesson")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost")
            .set("spark.driver.bindAddress", "127.0.0.1");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      Classroom room = Classrooms.with(3, null, null, spark);
      try (LessonData data = room.data()) {
        found = Classrooms.work(new ErrorAndGradient(), room);
        assertTrue(spark.getPersistentRDDs().isEmpty());
        loops(data.sample());
      }
    }
  }

  private static void loops(LessonData.Found sample) throws IOException {
    Dataset dataset = sample.dataset();
    byte[] record = new byte[dataset.format().recordBytes()];
    double[][] wrong = new double[3][w.length];
    int[][] cuts = {HALVES, QUARTERS, TAIL};
    try (RecordReader reader =
        new RecordReader(
            new Path(sample.folder()), dataset, Dataset.TRAIN, 0, EXAMPLES, new Configuration())) {
      double[] of = new double[w.length];
      for (int n = 0; n < EXAMPLES; n++) {
        assertEquals(1, reader.read(record));
        error += example(record, of) / EXAMPLES;
        for (int i = 0; i < of.length; i++) {
          gradient[i] += of[i] / EXAMPLES;
          for (int cut = 0; cut < cuts.length; cut++) {
            wrong[cut][i] += of[i] / partitionOf(n, cuts[cut]) / cuts[cut].length;
          }
        }
      }
    }
    for (int cut = 0; cut < cuts.length; cut++) {
      double apart = 0;
      double length = 0;
      for (int i = 0; i < w.length; i++) {
        apart += Math.pow(wrong[cut][i] - gradient[i], 2);
        length += gradient[i] * gradient[i];
      }
      means[cut] = Math.sqrt(apart / length);
    }
    int second = (PIXELS + 1) * HIDDEN;
    for (int i = 0; i < w.length; i++) {
      norms[i < second ? 0 : 1] += gradient[i] * gradient[i];
    }
  }

  /** The size of the partition that example n lies in. */
  private static double partitionOf(int n, int[] sizes) {
    int left = n;
    for (int size : sizes) {
      if (left < size) {
        return size;
      }
      left -= size;
    }
    throw new AssertionError("no partition has " + n);
  }

  /** Forward and back of one example; its gradient in {@code of}. */
  private static double example(byte[] record, double[] of) {
    int label = (record[0] & 0xff) | (record[1] & 0xff) << 8;
    double[] x = new double[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      x[i] = (record[2 + i] & 0xff) / 255.0;
    }
    int b1 = PIXELS * HIDDEN;
    int w2 = b1 + HIDDEN;
    int b2 = w2 + HIDDEN * CLASSES;
    double[] g = new double[HIDDEN];
    for (int j = 0; j < HIDDEN; j++) {
      double s = w[b1 + j];
      for (int i = 0; i < PIXELS; i++) {
        s += w[i * HIDDEN + j] * x[i];
      }
      g[j] = 1 / (1 + Math.exp(-s));
    }
    double[] p = new double[CLASSES];
    double sum = 0;
    for (int k = 0; k < CLASSES; k++) {
      double s = w[b2 + k];
      for (int j = 0; j < HIDDEN; j++) {
        s += w[w2 + j * CLASSES + k] * g[j];
      }
      p[k] = Math.exp(s);
      sum += p[k];
    }
    for (int k = 0; k < CLASSES; k++) {
      p[k] /= sum;
    }
    double e = -Math.log(p[label]);
    p[label] -= 1; // δ of the outputs from here on
    for (int j = 0; j < HIDDEN; j++) {
      double delta = 0;
      for (int k = 0; k < CLASSES; k++) {
        delta += w[w2 + j * CLASSES + k] * p[k];
        of[w2 + j * CLASSES + k] = g[j] * p[k];
      }
      delta *= g[j] * (1 - g[j]);
      of[b1 + j] = delta;
      for (int i = 0; i < PIXELS; i++) {
        of[i * HIDDEN + j] = x[i] * delta;
      }
    }
    System.arraycopy(p, 0, of, b2, CLASSES);
    return e;
  }

  @Test
  void errorAndGradient_overTheSample_areThoseOfLoops() {
    assertEquals(error, found.number("error"), 1e-6 * error);
    assertEquals(Math.sqrt(norms[0]), found.number("gradient-1"), 1e-5 * Math.sqrt(norms[0]));
    assertEquals(Math.sqrt(norms[1]), found.number("gradient-2"), 1e-5 * Math.sqrt(norms[1]));
  }

  @Test
  void partitions_oneTwoFour_giveTheSameBits() {
    assertTrue(found.toJson().path("same").asBoolean());
    List<List<String>> rows = Objects.requireNonNull(found.table("sums")).rows();
    assertEquals(List.of("1", "2", "4"), rows.stream().map(row -> row.get(0)).toList());
    for (List<String> row : rows) {
      assertEquals(rows.get(0).subList(1, 3), row.subList(1, 3));
    }
  }

  @Test
  void means_ofPartitionMeans_areWrongByThat() {
    List<List<String>> rows = Objects.requireNonNull(found.table("means")).rows();
    assertEquals("10,000", rows.get(0).get(0));
    assertTrue(Double.parseDouble(rows.get(0).get(2)) < 1e-6, "one partition is right");
    assertRow("5,120 + 4,880", "1.02", means[0], rows.get(1));
    assertRow("2,048 + 3,072 + 2,048 + 2,832", "1.22", means[1], rows.get(2));
    assertRow("9,216 + 784", "6.38", means[2], rows.get(3));
    assertTrue(found.number("mean-difference") > 1e-3);
  }

  private static void assertRow(
      String sizes, String heaviest, double difference, List<String> row) {
    assertEquals(sizes, row.get(0));
    assertEquals(heaviest, row.get(1));
    assertEquals(difference, Double.parseDouble(row.get(2)), 0.06 * difference); // two digits
  }

  @Test
  void sums_inOtherOrders_haveOtherBits() {
    assertTrue(found.toJson().path("orders-differ").asBoolean());
    double most = found.number("order-difference");
    assertTrue(most > 0 && most < 1e-5, "" + most);
  }
}
