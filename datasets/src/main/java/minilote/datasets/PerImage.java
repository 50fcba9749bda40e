package minilote.datasets;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Each record minus the mean of its own features (over all channels), over their own deviation; a
 * constant record becomes zeros.
 */
final class PerImage implements Normalization {
  @Override
  public void apply(RecordFormat format, byte[] data, int recordOffset, float[] to, int toOffset) {
    int from = recordOffset + format.targetBytes();
    int features = format.features();
    switch (format.featureType()) {
      case BYTES -> bytes(data, from, features, to, toOffset);
      case FLOATS -> floats(data, from, features, to, toOffset);
    }
  }

  private static void bytes(byte[] data, int from, int n, float[] to, int toOffset) {
    long sum = 0;
    long squares = 0;
    for (int i = 0; i < n; i++) {
      int value = data[from + i] & 0xff;
      sum += value;
      squares += (long) value * value;
    }
    // (x − Σx/n) / √(Σx²/n − (Σx/n)²) = (n x − Σx) / √(n Σx² − (Σx)²): integers up to the root.
    double spread = spread(n, sum, squares);
    double factor = spread == 0 ? 0 : 1 / Math.sqrt(spread);
    for (int i = 0; i < n; i++) {
      long centred = (long) n * (data[from + i] & 0xff) - sum;
      to[toOffset + i] = (float) (centred * factor);
    }
  }

  private static double spread(long n, long sum, long squares) {
    // n² · 255² < 2⁶³ up to 11.9 million features; beyond that, doubles have to do.
    return n < 11_000_000
        ? (double) (n * squares - sum * sum)
        : Math.max(0, (double) n * squares - (double) sum * sum);
  }

  private static void floats(byte[] data, int from, int n, float[] to, int toOffset) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += LittleEndian.getFloat(data, from + Float.BYTES * i);
    }
    double mean = sum / n;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double centred = LittleEndian.getFloat(data, from + Float.BYTES * i) - mean;
      squares += centred * centred;
    }
    double factor = squares == 0 ? 0 : 1 / Math.sqrt(squares / n);
    for (int i = 0; i < n; i++) {
      double centred = LittleEndian.getFloat(data, from + Float.BYTES * i) - mean;
      to[toOffset + i] = (float) (centred * factor);
    }
  }

  @Override
  public String name() {
    return PER_IMAGE;
  }

  @Override
  public ObjectNode toJson() {
    return Json.object().put("name", PER_IMAGE);
  }
}
