package minilote.trainer.math;

/**
 * An operand of oneDNN that may lie in a Java array: then some of it is copied to memory of the
 * operand's own, or back from there. What is copied at a time should stay in a core's cache.
 */
final class DnnOperand {
  private final DnnContext context;
  private NativeNumbers buffer;

  DnnOperand(DnnContext context) {
    this.context = context;
    this.buffer = context.allocate(0);
  }

  /** The operand's own memory for so many numbers. */
  NativeNumbers buffer(int count) {
    if (buffer.length() < count) {
      buffer = context.allocate(Math.max(count, 2 * buffer.length()));
    }
    return buffer;
  }

  /** Where some of the numbers can be read. */
  long read(Numbers numbers, int from, int count) {
    if (numbers instanceof NativeNumbers off) {
      return off.address(from);
    }
    FloatNumbers on = NativeEngine.shared(numbers);
    NativeNumbers to = buffer(count);
    to.write(0, on.array(), on.offset() + from, count);
    return to.address();
  }

  /**
   * Where some of the numbers can be written, until {@link #written}.
   *
   * @param keep whether what is in them is needed there
   */
  long write(Numbers numbers, int from, int count, boolean keep) {
    if (keep || numbers instanceof NativeNumbers) {
      return read(numbers, from, count);
    }
    return buffer(count).address();
  }

  /** Brings what was written where {@link #write} said to the numbers. */
  void written(Numbers numbers, int from, int count) {
    if (!(numbers instanceof NativeNumbers)) {
      FloatNumbers on = NativeEngine.shared(numbers);
      buffer.read(0, on.array(), on.offset() + from, count);
    }
  }
}
