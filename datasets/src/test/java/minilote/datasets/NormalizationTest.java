package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NormalizationTest {
  private static final RecordFormat IMAGE = RecordFormat.image(2, 1, 2, 10);
  private static final RecordFormat VECTOR =
      new RecordFormat(FeatureType.FLOATS, List.of(3), TargetKind.CLASS, 2);

  // one byte before the record, its class, then 0, 255 in channel 0 and 10, 30 in channel 1
  private static final byte[] IMAGE_RECORD = {99, 7, 0, 0, (byte) 255, 10, 30, 99};

  private static Dataset dataset(RecordFormat format, long count, long[] sum, long[] squares) {
    Statistics statistics =
        new Statistics(format.featureType(), count, decimals(sum), decimals(squares));
    Dataset.Shard shard = new Dataset.Shard("train/part-00000.bin", 2, "0".repeat(64));
    return new Dataset(
        "test",
        format,
        List.of(),
        Map.of("train", new Dataset.Split(2, List.of(shard), statistics)),
        1,
        "",
        "");
  }

  private static List<BigDecimal> decimals(long[] numbers) {
    return java.util.Arrays.stream(numbers).mapToObj(BigDecimal::valueOf).toList();
  }

  private static byte[] vectorRecord(float... values) {
    byte[] record = new byte[2 + 4 * values.length];
    for (int i = 0; i < values.length; i++) {
      LittleEndian.putFloat(record, 2 + 4 * i, values[i]);
    }
    return record;
  }

  private static float[] apply(Normalization n, RecordFormat format, byte[] record, int offset) {
    float[] to = new float[format.features() + 2];
    to[0] = to[to.length - 1] = -77;
    n.apply(format, record, offset, to, 1);
    assertEquals(-77, to[0]);
    assertEquals(-77, to[to.length - 1]);
    return java.util.Arrays.copyOfRange(to, 1, to.length - 1);
  }

  @Test
  void apply_none_dividesBytesBy255AndLeavesFloats() {
    Normalization none = Normalization.of("none", dataset(IMAGE, 4, new long[2], new long[2]));
    assertArrayEquals(
        new float[] {0, 1, 10 / 255f, 30 / 255f}, apply(none, IMAGE, IMAGE_RECORD, 1));
    assertArrayEquals(
        new float[] {-1.5f, 0, 3e30f}, apply(none, VECTOR, vectorRecord(-1.5f, 0, 3e30f), 0));
  }

  @Test
  void apply_standardize_centresEachChannelOnTheTrainingMean() {
    // Channel 0: bytes 51, 102 (mean 76.5, deviation 25.5); channel 1: constant 20.
    Dataset data =
        dataset(IMAGE, 2, new long[] {153, 40}, new long[] {51 * 51 + 102 * 102, 2 * 400});
    Normalization standardize = Normalization.of("standardize", data);
    assertArrayEquals(
        new float[] {-3, 7, -10 / 255f, 10 / 255f},
        apply(standardize, IMAGE, IMAGE_RECORD, 1),
        1e-6f);
  }

  @Test
  void apply_standardizeFloats_hasMeanAndDeviationOfEachFeature() {
    // Features over two examples: (1, 3), (10, 10), (−4, 4).
    Dataset data = dataset(VECTOR, 2, new long[] {4, 20, 0}, new long[] {10, 200, 32});
    Normalization standardize = Normalization.of("standardize", data);
    assertArrayEquals(
        new float[] {1, 2, -0.5f}, apply(standardize, VECTOR, vectorRecord(3, 12, -2), 0));
  }

  @Test
  void apply_perImage_hasMeanZeroAndDeviationOne() {
    Normalization perImage =
        Normalization.of("per-image", dataset(IMAGE, 4, new long[2], new long[2]));
    // 0, 255, 10, 30: mean 73.75, variance (0 + 65025 + 100 + 900) / 4 − 73.75² = 11067.1875
    double deviation = Math.sqrt(11067.1875);
    float[] expected = new float[4];
    int[] bytes = {0, 255, 10, 30};
    for (int i = 0; i < 4; i++) {
      expected[i] = (float) ((bytes[i] - 73.75) / deviation);
    }
    assertArrayEquals(expected, apply(perImage, IMAGE, IMAGE_RECORD, 1), 1e-6f);

    // 1, 3, 8: mean 4, variance 26/3
    double d = Math.sqrt(26 / 3.0);
    assertArrayEquals(
        new float[] {(float) (-3 / d), (float) (-1 / d), (float) (4 / d)},
        apply(perImage, VECTOR, vectorRecord(1, 3, 8), 0),
        1e-6f);
  }

  @Test
  void apply_perImageOfOneColour_isZero() {
    Normalization perImage = Normalization.fromJson(Json.parse("{\"name\":\"per-image\"}"));
    assertArrayEquals(new float[4], apply(perImage, IMAGE, new byte[] {0, 0, 9, 9, 9, 9}, 0), 0f);
    assertArrayEquals(new float[3], apply(perImage, VECTOR, vectorRecord(0.1f, 0.1f, 0.1f), 0), 0f);
  }

  @Test
  void apply_perImageLargeImage_doesNotOverflow() {
    RecordFormat large = RecordFormat.image(3, 2100, 2100, 2); // 13.2 million features
    byte[] record = new byte[large.recordBytes()];
    for (int i = 2; i < record.length; i++) {
      record[i] = (byte) (i % 2 == 0 ? 255 : 253);
    }
    float[] to = new float[large.features()];
    Normalization.fromJson(Json.parse("{\"name\":\"per-image\"}")).apply(large, record, 0, to, 0);
    assertEquals(1f, to[0], 1e-4f);
    assertEquals(-1f, to[1], 1e-4f);
  }

  @Test
  void json_everyKind_normalizesTheSameWay() {
    Dataset data = dataset(IMAGE, 7, new long[] {153, 41}, new long[] {12_345, 801});
    for (String name : List.of("none", "standardize", "per-image")) {
      Normalization normalization = Normalization.of(name, data);
      Normalization back = Normalization.fromJson(Json.parse(normalization.toJson().toString()));
      assertEquals(name, back.name());
      assertArrayEquals(
          apply(normalization, IMAGE, IMAGE_RECORD, 1), apply(back, IMAGE, IMAGE_RECORD, 1));
    }
  }

  @Test
  void apply_statisticsOfOtherChannels_isRefused() {
    Normalization vectors =
        Normalization.of("standardize", dataset(VECTOR, 2, new long[3], new long[3]));
    UserError e =
        assertThrows(UserError.class, () -> vectors.apply(IMAGE, IMAGE_RECORD, 0, new float[4], 0));
    assertEquals(
        "the normalization has statistics of 3 channels, the records have 2", e.getMessage());
  }

  @Test
  void fromJson_wrongContent_isRefusedInOneSentence() {
    Map<String, String> cases =
        Map.of(
            "{\"name\":\"zca\"}",
            "there is no normalization \"zca\": it must be none, standardize or per-image",
            "{\"name\":\"standardize\",\"mean\":[1]}",
            "\"deviation\" is missing",
            "{\"name\":\"standardize\",\"mean\":[1],\"deviation\":[]}",
            "standardization needs as many means as deviations, not 1 and 0",
            "{\"name\":\"standardize\",\"mean\":[1],\"deviation\":[-1]}",
            "standardization needs finite means and deviations of at least 0",
            "{\"name\":\"standardize\",\"mean\":[1e999],\"deviation\":[1]}",
            "standardization needs finite means and deviations of at least 0");
    Stream<Map.Entry<String, String>> entries = cases.entrySet().stream();
    entries.forEach(
        c -> {
          UserError e =
              assertThrows(UserError.class, () -> Normalization.fromJson(Json.parse(c.getKey())));
          assertEquals(c.getValue(), e.getMessage());
        });
    assertTrue(cases.size() >= 5);
  }
}
