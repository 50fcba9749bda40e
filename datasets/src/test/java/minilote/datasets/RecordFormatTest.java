package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordFormatTest {
  private static RecordFormat vector(int n, TargetKind kind, int targets) {
    return new RecordFormat(FeatureType.FLOATS, List.of(n), kind, targets);
  }

  @Test
  void sizes_cifar10_areTwoBytesOfLabelAnd3072OfPixels() {
    RecordFormat format = RecordFormat.image(3, 32, 32, 10);
    assertEquals(2, format.targetBytes());
    assertEquals(3072, format.features());
    assertEquals(3072, format.featureBytes());
    assertEquals(3074, format.recordBytes());
    assertEquals(3, format.channels());
  }

  @Test
  void sizes_floatsWithNumbersOrLabels_countFourBytesEach() {
    assertEquals(4 * 3 + 4 * 7, vector(7, TargetKind.NUMBERS, 3).recordBytes());
    assertEquals(3 + 4 * 7, vector(7, TargetKind.LABELS, 3).recordBytes());
    assertEquals(7, vector(7, TargetKind.LABELS, 3).channels());
  }

  @Test
  void label_twoBytes_isUnsignedAndLittleEndian() {
    RecordFormat format = RecordFormat.image(1, 1, 1, 65_536);
    assertEquals(0xfe01, format.label(new byte[] {9, 0x01, (byte) 0xfe, 0}, 1));
    assertThrows(
        IllegalStateException.class, () -> vector(1, TargetKind.LABELS, 3).label(new byte[16], 0));
  }

  @Test
  void target_class_isOneHot() {
    float[] to = {9, 9, 9, 9, 9};
    RecordFormat.image(1, 1, 1, 3).target(new byte[] {7, 2, 0, 5}, 1, to, 1, 3);
    assertArrayEquals(new float[] {9, 0, 0, 1, 9}, to);
  }

  @Test
  void target_twoClassesAndOneOutput_isTheClassItself() {
    float[] to = {9, 9};
    RecordFormat format = RecordFormat.image(1, 1, 1, 2);
    format.target(new byte[] {1, 0, 5}, 0, to, 0, 1);
    assertArrayEquals(new float[] {1, 9}, to);
    format.target(new byte[] {1, 0, 5}, 0, to, 0, 2);
    assertArrayEquals(new float[] {0, 1}, to);
  }

  @Test
  void target_labelsAndNumbers_areThemselves() {
    float[] to = new float[3];
    vector(1, TargetKind.LABELS, 3).target(new byte[] {9, 1, 0, 1, 0, 0, 0, 0}, 1, to, 0, 3);
    assertArrayEquals(new float[] {1, 0, 1}, to);
    byte[] record =
        ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putFloat(-1.5f).putFloat(7).array();
    vector(1, TargetKind.NUMBERS, 2).target(record, 0, to, 1, 2);
    assertArrayEquals(new float[] {1, -1.5f, 7}, to);
  }

  @Test
  void target_otherNumberOfOutputs_saysHowManyUnitsTheLastLayerNeeds() {
    UserError e =
        assertThrows(
            UserError.class,
            () -> RecordFormat.image(1, 1, 1, 10).target(new byte[3], 0, new float[7], 0, 7));
    assertEquals(
        "the network has 7 outputs, the data set has 10 classes: the last layer needs 10 units",
        e.getMessage());
    e = assertThrows(UserError.class, () -> RecordFormat.image(1, 1, 1, 2).checkOutputs(3));
    assertEquals(
        "the network has 3 outputs, the data set has 2 classes: the last layer needs 1 or 2 units",
        e.getMessage());
  }

  @Test
  void json_everyKind_comesBackEqual() {
    for (RecordFormat format :
        List.of(
            RecordFormat.image(3, 32, 32, 10),
            vector(4, TargetKind.CLASS, 3),
            vector(4, TargetKind.LABELS, 5),
            vector(4, TargetKind.NUMBERS, 1))) {
      assertEquals(format, RecordFormat.fromJson(format.toJson()));
    }
    assertEquals(
        "{\"features\":\"bytes\",\"shape\":[3,32,32],\"target\":\"class\",\"targets\":10}",
        RecordFormat.image(3, 32, 32, 10).toJson().toString());
  }
}
