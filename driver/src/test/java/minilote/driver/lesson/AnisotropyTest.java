package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import minilote.datasets.KeyedRandom;
import minilote.driver.lesson.NoisyDescent.Noise;
import org.junit.jupiter.api.Test;

/** Traces against matrices that are written out; noises against the covariance that they claim. */
class AnisotropyTest {
  private static final int DRAWS = 4000;

  @Test
  void traces_afterAStep_areThoseOfMatricesWrittenOut() throws IOException {
    Findings found = Classrooms.work(new Anisotropy(), Classrooms.empty(0));
    SmallData data = FlippedLabels.data(0);
    float[] w = FlippedLabels.start(FlippedLabels.network(), 0);
    double[] g = new LoopedNetwork(100, w).gradient(data);
    for (int i = 0; i < w.length; i++) {
      w[i] -= (float) (0.2 * g[i]);
    }
    LoopedNetwork own = new LoopedNetwork(100, w);
    double[][] h = own.hessian(data);
    double[][] noise = own.covariance(data);
    double ofH = LoopedNetwork.trace(h);
    double ofNoise = LoopedNetwork.trace(noise);
    double together = LoopedNetwork.trace(h, noise);
    List<String> row = Objects.requireNonNull(found.table("along")).rows().get(0);
    assertEquals(own.loss(data), Double.parseDouble(row.get(1)), 6e-4);
    assertEquals(ofH, Double.parseDouble(row.get(2)), 6e-3);
    assertEquals(ofNoise, Double.parseDouble(row.get(3)), 6e-3);
    assertEquals(together, Double.parseDouble(row.get(4)), 6e-3);
    assertEquals(ofH * ofNoise / 401, Double.parseDouble(row.get(5)), 6e-5);
    assertEquals(together / (ofH * ofNoise / 401), Double.parseDouble(row.get(6)), 6e-2);

    assertEquals(401, found.number("weights"));
    assertTrue(found.number("asymmetry") < 1e-5);
    assertTrue(found.number("least-ratio") > 50);
    for (List<String> each : Objects.requireNonNull(found.table("along")).rows()) {
      assertTrue(Double.parseDouble(each.get(6)) <= Double.parseDouble(each.get(7)), "" + each);
    }
    // To the second order a step rises by η²/2 tr(H · covariance).
    assertEquals(1, found.number("measured-batch") / found.number("predicted-batch"), 0.2);
    assertEquals(1, found.number("measured-shaped") / found.number("predicted-shaped"), 0.2);
    assertTrue(found.number("times") > 10);
    assertTrue(found.number("trace-batch") < found.number("trace"));
    assertTrue(found.number("trace-shaped") < found.number("trace"));
    assertTrue(found.number("trace-round") > found.number("trace"));
    assertTrue(found.toJson().get("shape-matters").asBoolean());
    assertTrue(found.number("loss-none") < found.number("loss"), "no minimum");
    assertEquals(sharpestLast(found), found.toJson().get("sharpest-last").asBoolean());
    assertTrue(sharpestLast(found));
  }

  private static boolean sharpestLast(Findings found) {
    List<Double> traces =
        Objects.requireNonNull(found.table("along")).rows().stream()
            .map(row -> Double.parseDouble(row.get(2)))
            .toList();
    return traces.get(traces.size() - 1).equals(Collections.max(traces));
  }

  /** With this seed tr H falls along gradient descent, and runs are counted one by one. */
  @Test
  void statements_ofAnotherSeed_followFromEachRun() throws IOException {
    Findings found = Classrooms.work(new Anisotropy(), Classrooms.empty(2));
    assertFalse(sharpestLast(found));
    assertFalse(found.toJson().get("sharpest-last").asBoolean());

    SmallData data = FlippedLabels.data(2);
    float[] w = FlippedLabels.start(FlippedLabels.network(), 2);
    try (SmallTraining training = FlippedLabels.training(data, w, data.size(), 2)) {
      for (int step = 0; step < 5000; step++) {
        training.epoch();
      }
    }
    double before = trace(data, w);
    assertEquals(before, found.number("trace"), 0.01);
    int flatter = 0;
    int sharper = 0;
    for (int run = 0; run < 3; run++) {
      long seed = KeyedRandom.of(2, "away", run).nextLong();
      NoisyDescent descent = new NoisyDescent(data, 10, seed);
      float[] v = w.clone();
      descent.run(Noise.ROUND, v, 100, pass -> {});
      sharper += trace(data, v) > before ? 1 : 0;
      v = w.clone();
      descent.run(Noise.BATCH, v, 100, pass -> {});
      flatter += trace(data, v) < before ? 1 : 0;
    }
    assertEquals(sharper, found.number("sharper-round"));
    assertEquals(sharper == 3, found.toJson().get("round-sharper").asBoolean());
    assertTrue(found.number("flatter-batch") <= flatter, "flatter by two measures");
    assertEquals(found.number("flatter-batch") == 3, found.toJson().get("flatter").asBoolean());
  }

  private static double trace(SmallData data, float[] w) {
    return LoopedNetwork.trace(new LoopedNetwork(100, w).hessian(data));
  }

  @Test
  void noises_ofABatch_haveTheSizeAndShapeTheyClaim() {
    SmallData data = FlippedLabels.data(5);
    float[] w = FlippedLabels.start(FlippedLabels.network(), 5);
    LoopedNetwork own = new LoopedNetwork(100, w);
    double[][] covariance = own.covariance(data);
    double[] g = own.gradient(data);
    double along = 0; // gᵀ Σ g, of a direction that matters
    for (int i = 0; i < g.length; i++) {
      for (int j = 0; j < g.length; j++) {
        along += g[i] * covariance[i][j] * g[j];
      }
    }
    double share = 190.0 / (199 * 10); // (N − B) / ((N − 1) B)
    double size = share * LoopedNetwork.trace(covariance);
    try (SmallTraining training = FlippedLabels.training(data, w, data.size(), 5)) {
      float[] mean = training.gradient().clone();
      ExampleGradients examples = new ExampleGradients(training, data.size());
      BatchNoise batches = new BatchNoise(examples.all(), 5);
      double round = ExactHessian.dot(g, g) * size / 401;
      for (Noise noise : List.of(Noise.BATCH, Noise.SHAPED, Noise.ROUND)) {
        double square = 0;
        double form = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
          double[] drawn =
              noise == Noise.BATCH
                  ? batches.of(10, draw)
                  : NoisyDescent.drawn(
                      noise, examples, mean, share, KeyedRandom.of(5, "draws", draw));
          square += ExactHessian.dot(drawn, drawn) / DRAWS;
          form += Math.pow(ExactHessian.dot(drawn, g), 2) / DRAWS;
        }
        assertEquals(1, square / size, 0.06, noise.name());
        assertEquals(1, form / (noise == Noise.ROUND ? round : share * along), 0.1, noise.name());
      }
    }
  }

  @Test
  void batches_ofAllExamples_haveNoNoise() {
    double[][] gradients = {{1, 2}, {3, -1}, {0, 5}};
    double[] none = new BatchNoise(gradients, 1).of(3, 7);
    assertEquals(0, none[0], 1e-15);
    assertEquals(0, none[1], 1e-15);
    assertEquals(0, BatchNoise.share(3, 3), 0);
    assertEquals(1, BatchNoise.share(3, 1), 0);
    double[] second = new BatchNoise(gradients, 1).of(1, 1);
    assertEquals(3 - 4.0 / 3, second[0], 1e-15);
    assertEquals(-1 - 2, second[1], 1e-15);
  }

  @Test
  void labels_areFlippedInATenth() {
    int flipped = 0;
    for (int seed = 0; seed < 20; seed++) {
      SmallData data = FlippedLabels.data(seed);
      for (int i = 0; i < data.size(); i++) {
        float[] x = data.inputs()[i];
        flipped += x[0] * x[1] > 0 == data.targets()[i][0] > 0.5f ? 0 : 1;
      }
    }
    assertEquals(0.1, flipped / (20.0 * 200), 0.02);
  }
}
