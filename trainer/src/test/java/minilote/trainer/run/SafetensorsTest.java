package minilote.trainer.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;

class SafetensorsTest {
  private static Safetensors example() {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    tensors.put(
        "layer.1.weight", new Safetensors.Tensor(List.of(2, 3), new float[] {1, 2, 3, 4, 5, -0f}));
    tensors.put(
        "layer.1.bias", new Safetensors.Tensor(List.of(3), new float[] {0.5f, Float.MIN_VALUE, 7}));
    return new Safetensors(tensors, Map.of("network", "dense 3 \"x\" é"));
  }

  @Test
  void toBytes_twoTensors_hasTheFormatsLayout() {
    byte[] bytes = example().toBytes();
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) file.getLong();
    assertEquals(0, header % 8);
    String text = new String(bytes, 8, header, StandardCharsets.UTF_8);
    assertTrue(
        text.contains(
            "\"layer.1.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}"),
        text);
    assertTrue(
        text.contains(
            "\"layer.1.bias\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[24,36]}"),
        text);
    assertEquals(8 + header + 36, bytes.length);
    assertEquals(4f, file.getFloat(8 + header + 12), "row-major: second row, first column");
  }

  @Test
  void fromBytes_whatToBytesWrote_isTheSame() {
    Safetensors read = Safetensors.fromBytes(example().toBytes(), "m");
    assertEquals(example().metadata(), read.metadata());
    assertEquals(List.of("layer.1.weight", "layer.1.bias"), List.copyOf(read.tensors().keySet()));
    example()
        .tensors()
        .forEach(
            (name, tensor) -> {
              assertEquals(tensor.shape(), read.tensors().get(name).shape());
              assertArrayEquals(tensor.numbers(), read.tensors().get(name).numbers());
            });
  }

  @Test
  void fromBytes_cutAnywhere_isRefused() {
    byte[] whole = example().toBytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      UserError error = assertThrows(UserError.class, () -> Safetensors.fromBytes(cut, "m"));
      assertTrue(error.getMessage().startsWith("m"), error.getMessage());
    }
  }

  @Test
  void fromBytes_anyByteChanged_isReadOrRefusedButNeverCrashes() {
    byte[] whole = example().toBytes();
    Random random = new Random(1);
    int refused = 0;
    for (int trial = 0; trial < 4_000; trial++) {
      byte[] damaged = whole.clone();
      for (int change = 0; change <= random.nextInt(3); change++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        Safetensors.fromBytes(damaged, "m");
      } catch (UserError e) {
        refused++;
      }
    }
    assertTrue(refused > 1_000, "damaged headers are refused: " + refused);
  }
}
