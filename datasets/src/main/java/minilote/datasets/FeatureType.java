package minilote.datasets;

import java.util.Locale;

/** What one feature of a record is. */
public enum FeatureType {
  /** An unsigned byte, 0..255: a pixel's value in one channel. */
  BYTES(1, 255),
  /** A little-endian IEEE 754 single. */
  FLOATS(Float.BYTES, 1);

  private final int size;
  private final int unit;

  FeatureType(int size, int unit) {
    this.size = size;
    this.unit = unit;
  }

  /** Bytes that one feature takes in a record. */
  public int size() {
    return size;
  }

  /** The stored value that counts as 1: networks see a byte divided by 255, a float as it is. */
  int unit() {
    return unit;
  }

  /** The word for it in {@code dataset.json}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
