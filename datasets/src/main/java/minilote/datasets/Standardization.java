package minilote.datasets;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Each channel of an image, or feature of a vector, minus its mean and over its deviation; a
 * constant one becomes 0 where it keeps its value.
 */
final class Standardization implements Normalization {
  private static final int BYTE_VALUES = 256;

  private final double[] mean; // channels
  private final double[] deviation; // channels

  // channels × 256: what each byte becomes, so that bytes cost one look-up
  private final float[] ofByte;

  Standardization(List<Double> mean, List<Double> deviation) {
    if (mean.isEmpty() || mean.size() != deviation.size()) {
      throw new UserError(
          "standardization needs as many means as deviations, not %d and %d"
              .formatted(mean.size(), deviation.size()));
    }
    this.mean = mean.stream().mapToDouble(Double::doubleValue).toArray();
    this.deviation = deviation.stream().mapToDouble(Double::doubleValue).toArray();
    if (!DoubleStream.concat(DoubleStream.of(this.mean), DoubleStream.of(this.deviation))
            .allMatch(Double::isFinite)
        || !DoubleStream.of(this.deviation).allMatch(d -> d >= 0)) {
      throw new UserError("standardization needs finite means and deviations of at least 0");
    }
    ofByte = new float[this.mean.length * BYTE_VALUES];
    for (int i = 0; i < ofByte.length; i++) {
      ofByte[i] = standardized(i % BYTE_VALUES / 255.0, i / BYTE_VALUES);
    }
  }

  static Standardization of(Statistics statistics) {
    IntStream channels = IntStream.range(0, statistics.channels());
    List<Integer> list = channels.boxed().toList();
    return new Standardization(
        list.stream().map(statistics::mean).toList(),
        list.stream().map(statistics::deviation).toList());
  }

  private float standardized(double value, int channel) {
    double divisor = deviation[channel] == 0 ? 1 : deviation[channel];
    return (float) ((value - mean[channel]) / divisor);
  }

  @Override
  public void apply(RecordFormat format, byte[] data, int recordOffset, float[] to, int toOffset) {
    if (format.channels() != mean.length) {
      throw new UserError(
          "the normalization has statistics of %d channels, the records have %d"
              .formatted(mean.length, format.channels()));
    }
    int from = recordOffset + format.targetBytes();
    int perChannel = format.features() / mean.length;
    int i = 0;
    for (int c = 0; c < mean.length; c++) {
      int end = i + perChannel;
      if (format.featureType() == FeatureType.BYTES) {
        for (; i < end; i++) {
          to[toOffset + i] = ofByte[c * BYTE_VALUES + (data[from + i] & 0xff)];
        }
      } else {
        for (; i < end; i++) {
          float value = LittleEndian.getFloat(data, from + Float.BYTES * i);
          to[toOffset + i] = standardized(value, c);
        }
      }
    }
  }

  @Override
  public String name() {
    return STANDARDIZE;
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = Json.object().put("name", STANDARDIZE);
    ArrayNode means = json.putArray("mean");
    DoubleStream.of(mean).forEach(means::add);
    ArrayNode deviations = json.putArray("deviation");
    DoubleStream.of(deviation).forEach(deviations::add);
    return json;
  }
}
