package minilote.trainer.math;

/** A stretch of a {@code float[]} that may be exchanged for another, as a whole. */
final class FloatNumbers implements Numbers {
  /** What slices of the same whole share. */
  private static final class Storage {
    float[] array;

    Storage(float[] array) {
      this.array = array;
    }
  }

  private final Storage storage;
  private final int offset;
  private final int length;

  FloatNumbers(float[] array) {
    this(new Storage(array), 0, array.length);
  }

  private FloatNumbers(Storage storage, int offset, int length) {
    this.storage = storage;
    this.offset = offset;
    this.length = length;
  }

  float[] array() {
    return storage.array;
  }

  /** Where the stretch begins in {@link #array()}. */
  int offset() {
    return offset;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public FloatNumbers slice(int from, int count) {
    Shapes.requireSlice(from, count, length);
    return new FloatNumbers(storage, offset + from, count);
  }

  boolean whole() {
    return offset == 0 && length == storage.array.length;
  }

  void rebind(float[] array) {
    Shapes.requireWhole("load", whole(), length, array.length);
    storage.array = array;
  }
}
