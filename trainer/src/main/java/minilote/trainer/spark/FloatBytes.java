package minilote.trainer.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;

/**
 * Stretches of equally long arrays as bytes, which every serializer copies: Java's writes a {@code
 * float[]} number by number, and so does Kryo where {@code spark.kryo.unsafe} is off.
 */
final class FloatBytes {
  private FloatBytes() {}

  /** Numbers {@code from} to {@code to − 1} of each array. */
  static byte[] of(Collection<float[]> arrays, int from, int to) {
    int count = to - from;
    byte[] bytes =
        new byte[Math.toIntExact(Math.multiplyExact((long) Float.BYTES * count, arrays.size()))];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] array : arrays) {
      buffer.asFloatBuffer().put(array, from, count);
      buffer.position(buffer.position() + count * Float.BYTES);
    }
    return bytes;
  }

  /** The inverse of {@link #of}. */
  static void into(byte[] bytes, Collection<float[]> arrays, int from, int to) {
    int count = to - from;
    if (bytes.length != (long) Float.BYTES * count * arrays.size()) {
      throw new IllegalArgumentException(
          "%d bytes for %d times %d numbers".formatted(bytes.length, arrays.size(), count));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] array : arrays) {
      buffer.asFloatBuffer().get(array, from, count);
      buffer.position(buffer.position() + count * Float.BYTES);
    }
  }
}
