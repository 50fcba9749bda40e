package minilote.trainer.math;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** A stretch of floats off the heap. */
final class NativeNumbers implements Numbers {
  private static final int BYTES = Float.BYTES;

  private final Pointer pointer;
  private final int length;
  private final boolean whole;
  private float @Nullable [] copy; // of the whole, for values()

  private NativeNumbers(Pointer pointer, int length, boolean whole) {
    this.pointer = pointer;
    this.length = length;
    this.whole = whole;
  }

  /** All of some memory. */
  static NativeNumbers at(long address, int length) {
    return new NativeNumbers(new Pointer(address), length, true);
  }

  /** Where the first number lies. */
  long address() {
    return Pointer.nativeValue(pointer);
  }

  /** Where a number lies. */
  long address(int index) {
    return address() + (long) index * BYTES;
  }

  boolean whole() {
    return whole;
  }

  /** {@code this[at …] = from[offset …]}. */
  void write(int at, float[] from, int offset, int count) {
    pointer.write((long) at * BYTES, from, offset, count);
  }

  /** {@code to[offset …] = this[at …]}. */
  void read(int at, float[] to, int offset, int count) {
    pointer.read((long) at * BYTES, to, offset, count);
  }

  /** The array of {@link Engine#values}. */
  float[] copy() {
    float[] values = copy;
    if (values == null) {
      values = new float[length];
      copy = values;
    }
    return values;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public NativeNumbers slice(int from, int count) {
    Shapes.requireSlice(from, count, length);
    return new NativeNumbers(pointer.share((long) from * BYTES), count, false);
  }
}
