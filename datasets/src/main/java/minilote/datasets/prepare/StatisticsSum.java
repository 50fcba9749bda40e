package minilote.datasets.prepare;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import minilote.datasets.FeatureType;
import minilote.datasets.LittleEndian;
import minilote.datasets.RecordFormat;
import minilote.datasets.Statistics;

/**
 * Adds up the features of records, channel by channel: bytes as exact integers, floats as doubles
 * in the order of the records.
 */
final class StatisticsSum {
  private final RecordFormat format;
  private final int perChannel;
  private final int targetBytes;
  private final long[] byteSums; // channels; 255² · 2⁴⁷ values fit
  private final long[] byteSquares; // channels
  private final double[] floatSums; // channels
  private final double[] floatSquares; // channels
  private long records;

  StatisticsSum(RecordFormat format) {
    this.format = format;
    this.perChannel = format.features() / format.channels();
    this.targetBytes = format.targetBytes();
    boolean bytes = format.featureType() == FeatureType.BYTES;
    this.byteSums = new long[bytes ? format.channels() : 0];
    this.byteSquares = new long[byteSums.length];
    this.floatSums = new double[bytes ? 0 : format.channels()];
    this.floatSquares = new double[floatSums.length];
  }

  void add(byte[] record) {
    records++;
    int at = targetBytes;
    for (int c = 0; c < byteSums.length; c++) {
      int end = at + perChannel;
      long sum = 0;
      long squares = 0;
      for (; at < end; at++) {
        int value = record[at] & 0xff;
        sum += value;
        squares += (long) value * value;
      }
      byteSums[c] = Math.addExact(byteSums[c], sum);
      byteSquares[c] = Math.addExact(byteSquares[c], squares);
    }
    for (int c = 0; c < floatSums.length; c++) {
      for (int i = 0; i < perChannel; i++, at += Float.BYTES) {
        double value = LittleEndian.getFloat(record, at);
        floatSums[c] += value;
        floatSquares[c] += value * value;
      }
    }
  }

  Statistics statistics() {
    boolean bytes = format.featureType() == FeatureType.BYTES;
    return new Statistics(
        format.featureType(),
        Math.multiplyExact(records, (long) perChannel),
        bytes ? decimals(byteSums) : decimals(floatSums),
        bytes ? decimals(byteSquares) : decimals(floatSquares));
  }

  private static List<BigDecimal> decimals(long[] sums) {
    return Arrays.stream(sums).mapToObj(BigDecimal::valueOf).toList();
  }

  private static List<BigDecimal> decimals(double[] sums) {
    return Arrays.stream(sums).mapToObj(BigDecimal::valueOf).toList();
  }
}
