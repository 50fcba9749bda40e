package minilote.datasets;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Bytes as fractions of 255, in [0, 1]; floats as they are. */
final class NoNormalization implements Normalization {
  @Override
  public void apply(RecordFormat format, byte[] data, int recordOffset, float[] to, int toOffset) {
    int from = recordOffset + format.targetBytes();
    int features = format.features();
    switch (format.featureType()) {
      case BYTES -> {
        for (int i = 0; i < features; i++) {
          to[toOffset + i] = (data[from + i] & 0xff) / 255f;
        }
      }
      case FLOATS -> {
        for (int i = 0; i < features; i++) {
          to[toOffset + i] = LittleEndian.getFloat(data, from + Float.BYTES * i);
        }
      }
    }
  }

  @Override
  public String name() {
    return NONE;
  }

  @Override
  public ObjectNode toJson() {
    return Json.object().put("name", NONE);
  }
}
