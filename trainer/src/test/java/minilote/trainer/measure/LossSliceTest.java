package minilote.trainer.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import minilote.datasets.ProgressListener;
import minilote.datasets.UserError;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.network.ParameterTensor;
import org.junit.jupiter.api.Test;

class LossSliceTest {
  private static final Network NETWORK =
      Network.of(
          NetworkDescription.parse(
              "conv 3 2x2, batchnorm relu, residual(conv 3 3x3 bias none), dense 4 tanh, dense 2 softmax"),
          List.of(2, 4, 4));

  private static float[] weights() {
    return NETWORK.initialize(Initialization.parse("normal+biases"), 5);
  }

  private static double filterNorm(double[] numbers, int first, int length, int stride) {
    double squares = 0;
    for (int i = 0; i < length; i++) {
      squares += numbers[first + i * stride] * numbers[first + i * stride];
    }
    return Math.sqrt(squares);
  }

  @Test
  void direction_ofEachFilter_isAsLongAsTheNetworks() {
    float[] w = weights();
    double[] inDoubles = Vectors.of(w, w.length);
    double[] d = FilterDirection.of(NETWORK, w, 7, 1);
    int filters = 0;
    for (ParameterTensor tensor : NETWORK.tensors()) {
      if (!tensor.weight()) {
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          assertEquals(0, d[i], tensor.name());
        }
        continue;
      }
      boolean dense = tensor.shape().size() == 2;
      int count = dense ? tensor.shape().get(1) : tensor.shape().get(0);
      int length = tensor.length() / count;
      for (int filter = 0; filter < count; filter++, filters++) {
        int first = tensor.offset() + (dense ? filter : filter * length);
        int stride = dense ? count : 1;
        double norm = filterNorm(inDoubles, first, length, stride);
        assertEquals(norm, filterNorm(d, first, length, stride), 1e-9 * norm, tensor.name());
      }
    }
    assertEquals(3 + 3 + 4 + 2, filters);
    assertArrayEquals(d, FilterDirection.of(NETWORK, w, 7, 1));
    assertNotEquals(d[0], FilterDirection.of(NETWORK, w, 7, 2)[0]);
    assertNotEquals(d[0], FilterDirection.of(NETWORK, w, 8, 1)[0]);
  }

  @Test
  void of_oneDirection_isTheLossAlongItWithTheModelInTheMiddle() {
    float[] w = weights();
    double[] d = FilterDirection.of(NETWORK, w, 7, 1);
    List<float[]> asked = new ArrayList<>();
    LossSlice slice =
        LossSlice.of(
            NETWORK,
            w,
            new LossSlice.Settings(1, 5, 0.5, 7),
            parameters -> {
              asked.add(parameters.clone());
              return new Score(asked.size(), OptionalDouble.empty());
            },
            ProgressListener.NONE);
    assertArrayEquals(new double[] {-0.5, -0.25, 0, 0.25, 0.5}, slice.at());
    assertArrayEquals(w, asked.get(2));
    for (int i = 0; i < w.length; i++) {
      assertEquals(w[i] + 0.25 * d[i], asked.get(3)[i], 1e-6);
    }
    assertEquals(
        "{\"dimensions\":1,\"seed\":7,\"coordinates\":[-0.5,-0.25,0.0,0.25,0.5],"
            + "\"loss\":[1.0,2.0,3.0,4.0,5.0],\"accuracy\":[null,null,null,null,null]}",
        slice.toJson().toString());
  }

  @Test
  void of_twoDirections_isAGridWithTheModelInTheMiddle() {
    float[] w = weights();
    double[] first = FilterDirection.of(NETWORK, w, 7, 1);
    double[] second = FilterDirection.of(NETWORK, w, 7, 2);
    List<float[]> asked = new ArrayList<>();
    LossSlice slice =
        LossSlice.of(
            NETWORK,
            w,
            new LossSlice.Settings(2, 3, 1, 7),
            parameters -> {
              asked.add(parameters.clone());
              return new Score(asked.size(), OptionalDouble.of(0.5));
            },
            ProgressListener.NONE);
    assertEquals(9, asked.size());
    assertArrayEquals(w, asked.get(4));
    for (int i = 0; i < w.length; i++) { // The last point of the first row: a = 1, b = −1.
      assertEquals(w[i] + first[i] - second[i], asked.get(2)[i], 1e-5);
    }
    assertEquals(4, slice.rows().get(1).get(0).loss());
    assertEquals(
        "[[1.0,2.0,3.0],[4.0,5.0,6.0],[7.0,8.0,9.0]]", slice.toJson().get("loss").toString());
  }

  @Test
  void settings_wrong_sayTheOption() {
    assertEquals(
        "--points 4: it must be odd and at least 3, so that the model is in the middle",
        assertThrows(UserError.class, () -> new LossSlice.Settings(1, 4, 1, 0)).getMessage());
    assertEquals(
        "--grid 1: it must be odd and at least 3, so that the model is in the middle",
        assertThrows(UserError.class, () -> new LossSlice.Settings(2, 1, 1, 0)).getMessage());
    assertEquals(
        "--radius 0.0: it must be above 0",
        assertThrows(UserError.class, () -> new LossSlice.Settings(1, 5, 0, 0)).getMessage());
  }
}
