package minilote.trainer.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalDouble;
import minilote.datasets.ProgressListener;
import minilote.datasets.UserError;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import org.junit.jupiter.api.Test;

class InterpolationTest {
  private static final Network NETWORK =
      Network.of(NetworkDescription.parse("dense 1, batchnorm, dense 1"), List.of(1));

  // weight, bias, γ, β, weight, bias, mean, variance
  private static final float[] FROM = {1, 2, 1, 0, 0.1f, 1e9f, 4, 1};
  private static final float[] TO = {3, -2, 1, 1, 0.3f, 1e-9f, 5, 3};

  @Test
  void at_anywhere_isOnTheLineButForVariancesBelowZero() {
    assertArrayEquals(FROM, Interpolation.at(NETWORK, FROM, TO, 0));
    assertArrayEquals(TO, Interpolation.at(NETWORK, FROM, TO, 1));
    assertArrayEquals(
        new float[] {2, 0, 1, 0.5f, 0.2f, 5e8f, 4.5f, 2},
        Interpolation.at(NETWORK, FROM, TO, 0.5),
        1e-6f);
    float[] before = Interpolation.at(NETWORK, FROM, TO, -1);
    assertEquals(-1, before[0]);
    assertEquals(3, before[6]);
    assertEquals(0, before[7], "1 − 2 is no variance");
  }

  @Test
  void of_points_haveBothScoresOrOne() {
    Scorer weight = parameters -> new Score(parameters[0], OptionalDouble.of(0.25));
    Interpolation both =
        Interpolation.of(
            NETWORK, FROM, TO, new double[] {0, 1}, weight, weight, ProgressListener.NONE);
    assertEquals(
        "{\"points\":[{\"alpha\":0.0,\"train_loss\":1.0,\"train_accuracy\":0.25,"
            + "\"test_loss\":1.0,\"test_accuracy\":0.25},{\"alpha\":1.0,\"train_loss\":3.0,"
            + "\"train_accuracy\":0.25,\"test_loss\":3.0,\"test_accuracy\":0.25}]}",
        both.toJson().toString());
    Interpolation one =
        Interpolation.of(
            NETWORK,
            FROM,
            TO,
            new double[] {0},
            parameters -> new Score(Double.NaN, OptionalDouble.empty()),
            null,
            ProgressListener.NONE);
    assertEquals(
        "{\"points\":[{\"alpha\":0.0,\"train_loss\":null,\"train_accuracy\":null,"
            + "\"test_loss\":null,\"test_accuracy\":null}]}",
        one.toJson().toString());
  }

  @Test
  void grid_published_hasBothMinimaExactly() {
    double[] grid = Interpolation.grid(-1, 2, 25);
    assertEquals(25, grid.length);
    assertEquals(-1, grid[0]);
    assertEquals(0, grid[8]);
    assertEquals(1, grid[16]);
    assertEquals(2, grid[24]);
    assertEquals(
        "--points 1: it must be at least 2",
        assertThrows(UserError.class, () -> Interpolation.grid(-1, 2, 1)).getMessage());
    assertEquals(
        "--from 2.0: it must be below --to 2.0",
        assertThrows(UserError.class, () -> Interpolation.grid(2, 2, 3)).getMessage());
  }
}
