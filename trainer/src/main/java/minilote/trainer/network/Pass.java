package minilote.trainer.network;

import java.util.function.IntConsumer;

/**
 * What a layer is told of a pass over a block of rows, beside the rows: whether they are learned
 * from, and then by which keys to draw and what becomes of the gradient. One object serves many
 * passes.
 */
final class Pass {
  /** Of a network that answers. */
  static final Pass ANSWERING = new Pass(false, false, new long[0]);

  /** Of one that answers for a whole batch, by this batch's own statistics. */
  static final Pass ANSWERING_BY_BATCH = new Pass(false, true, new long[0]);

  private final boolean learning;
  private final boolean byBatch;
  private final long[] keys; // of the rows
  private boolean add;
  private IntConsumer complete = Pass::tellNobody;

  private Pass(boolean learning, boolean byBatch, long[] keys) {
    this.learning = learning;
    this.byBatch = byBatch;
    this.keys = keys;
  }

  /** To answer, with a backward pass behind it: the gradient of what {@link #ANSWERING} gives. */
  static Pass answering() {
    return new Pass(false, false, new long[0]);
  }

  /** To learn from rows with those keys, which the caller keeps and fills. */
  static Pass learning(long[] keys) {
    return new Pass(true, true, keys);
  }

  /**
   * Before a pass.
   *
   * @param add whether to what is in the gradient
   * @param complete told, as the gradient is computed, from which parameter on it is
   */
  void begin(boolean add, IntConsumer complete) {
    this.add = add;
    this.complete = complete;
  }

  /**
   * Whether the rows are learned from. Where they are not, units are not dropped, and, unless
   * {@link #byBatch}, the running statistics normalize, forward and back.
   */
  boolean learning() {
    return learning;
  }

  /** Whether the rows are normalized by their own statistics, as they are in learning. */
  boolean byBatch() {
    return byBatch;
  }

  /** Of each row the key by which random numbers are drawn for it. */
  long[] keys() {
    return keys;
  }

  /** Whether sums over the rows are added to what is in the gradient. */
  boolean add() {
    return add;
  }

  /** Says that from that parameter on all has been added to the gradient. */
  void complete(int from) {
    complete.accept(from);
  }

  static void tellNobody(int from) {}
}
