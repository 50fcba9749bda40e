package minilote.trainer.math;

/** A stretch of a {@code double[]}: the numbers of {@link ReferenceEngine}. */
final class DoubleNumbers implements Numbers {
  private final double[] array;
  private final float[] copy; // what values() hands out
  private final int offset;
  private final int length;

  DoubleNumbers(int length) {
    this(new double[length], new float[length], 0, length);
  }

  private DoubleNumbers(double[] array, float[] copy, int offset, int length) {
    this.array = array;
    this.copy = copy;
    this.offset = offset;
    this.length = length;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public DoubleNumbers slice(int from, int count) {
    Shapes.requireSlice(from, count, length);
    return new DoubleNumbers(array, copy, offset + from, count);
  }

  double get(int index) {
    return array[offset + index];
  }

  void set(int index, double value) {
    array[offset + index] = value;
  }

  void add(int index, double value) {
    array[offset + index] += value;
  }

  /** All of the numbers, rounded; always in the same array. */
  float[] inFloats() {
    for (int i = 0; i < length; i++) {
      copy[i] = (float) array[i];
    }
    return copy;
  }

  void requireWhole(String method, int given) {
    Shapes.requireWhole(method, offset == 0 && length == array.length, length, given);
  }
}
