package minilote.trainer.spark;

import org.jspecify.annotations.Nullable;

/**
 * The fixed binary tree over the lanes of a batch along which their sums are added, as {@link
 * LaneSum} defines it, for adders that work side by side: tasks put the sums of aligned subtrees
 * into it, then anybody adds any range of the parameters.
 *
 * <p>Nodes are numbered as in a heap: the root is 1, the children of {@code i} are {@code 2i} and
 * {@code 2i + 1}, lane {@code l} is {@code L + l}. Each lane must be covered by exactly one node
 * that was put. A node without examples is the identity. Who puts a node takes it back before the
 * next step; nothing is allocated after construction.
 *
 * <p>Not synchronized: putting must happen before adding.
 */
final class LaneTree {
  static final int ROOT = 1;

  private final int lanes;
  private final boolean[] held;
  private final float[] @Nullable [] gradients; // null: no examples
  private final int[] bases; // the parameter that stands first in the array
  private final double[] losses;
  private final long[] correct;
  private final double[] squares;

  /**
   * For some number of lanes.
   *
   * @param lanes lanes {@code L}, a power of two
   */
  LaneTree(int lanes) {
    this.lanes = lanes;
    this.held = new boolean[2 * lanes];
    this.gradients = new float[2 * lanes][];
    this.bases = new int[2 * lanes];
    this.losses = new double[2 * lanes];
    this.correct = new long[2 * lanes];
    this.squares = new double[2 * lanes];
  }

  /** How many of {@code lanes} lanes are under a node. */
  static int width(int node, int lanes) {
    return lanes / Integer.highestOneBit(node);
  }

  /** The first of {@code lanes} lanes under a node. */
  static int firstLane(int node, int lanes) {
    return node * width(node, lanes) - lanes;
  }

  /** Lanes {@code L}. */
  int lanes() {
    return lanes;
  }

  /** The node of lane {@code lane}. */
  int leaf(int lane) {
    return lanes + lane;
  }

  /**
   * Puts the sums over the lanes of a node.
   *
   * @param gradient the sum of the examples' gradients, which stays here until the next step and is
   *     added into; null where the lanes hold no example
   * @param base which parameter stands first in {@code gradient}
   * @param squares the sum over the lanes of {@code ‖g‖²}, each of the lane's mean gradient; 0 in a
   *     step that is not measured
   */
  void put(
      int node, float @Nullable [] gradient, int base, double loss, long correct, double squares) {
    held[node] = true;
    gradients[node] = gradient;
    bases[node] = base;
    losses[node] = loss;
    this.correct[node] = correct;
    this.squares[node] = squares;
  }

  /** Says that the lanes of a node have no example. */
  void putNothing(int node) {
    put(node, null, 0, 0, 0, 0);
  }

  /**
   * Puts the array in which the gradient of a lane is being computed, for what is complete of it.
   */
  void putUnfinished(int node, float[] gradient) {
    put(node, gradient, 0, 0, 0, 0);
  }

  /** Takes back what was put, so that the nodes below count again. */
  void remove(int node) {
    held[node] = false;
    gradients[node] = null;
  }

  /**
   * Makes one node of two siblings that are held, adding into an array of theirs.
   *
   * @return the array that is no longer needed; null where a sibling had none
   */
  float @Nullable [] merge(int parent) {
    int left = 2 * parent;
    int right = left + 1;
    float[] a = gradients[left];
    float[] b = gradients[right];
    if (a != null && b != null) {
      add(a, b, 0, a.length);
    }
    put(parent, a == null ? b : a, 0, loss(parent), correct(parent), squares(parent));
    remove(left);
    remove(right);
    return a == null ? null : b;
  }

  /** The sum of the losses under a node. */
  double loss(int node) {
    return sum(losses, node);
  }

  /** The sum over the lanes under a node of {@code ‖g‖²}, each of the lane's mean gradient. */
  double squares(int node) {
    return sum(squares, node);
  }

  private double sum(double[] terms, int node) {
    if (held[node]) {
      return terms[node];
    }
    requireInner(node);
    boolean left = hasExamples(2 * node);
    boolean right = hasExamples(2 * node + 1);
    // The identity is absent, not a zero.
    return left && right
        ? sum(terms, 2 * node) + sum(terms, 2 * node + 1)
        : left ? sum(terms, 2 * node) : right ? sum(terms, 2 * node + 1) : 0;
  }

  /** How many examples under a node were classified rightly. */
  long correct(int node) {
    if (held[node]) {
      return correct[node];
    }
    requireInner(node);
    return correct(2 * node) + correct(2 * node + 1);
  }

  /** Whether a lane under a node has examples. */
  boolean hasExamples(int node) {
    if (held[node]) {
      return gradients[node] != null;
    }
    requireInner(node);
    return hasExamples(2 * node) || hasExamples(2 * node + 1);
  }

  /**
   * Adds the gradients under a node for parameters {@code from} to {@code to − 1}, in place.
   *
   * @return the node whose array now holds the sum in this range; 0 where there is no example
   */
  int add(int node, int from, int to) {
    if (held[node]) {
      return gradients[node] == null ? 0 : node;
    }
    requireInner(node);
    int left = add(2 * node, from, to);
    int right = add(2 * node + 1, from, to);
    if (left == 0 || right == 0) {
      return left + right;
    }
    // IEEE addition commutes, so the sum may go into either; into one that is laid out as the
    // parameters where there is one.
    int into = bases[left] == 0 ? left : right;
    int other = into == left ? right : left;
    add(array(into), from - bases[into], array(other), from - bases[other], to - from);
    return into;
  }

  /** The array that a node was put with; its first number is of parameter {@link #base}. */
  float[] array(int node) {
    float[] array = gradients[node];
    if (array == null) {
      throw new IllegalStateException("node %d of the lanes has no example".formatted(node));
    }
    return array;
  }

  int base(int node) {
    return bases[node];
  }

  private void requireInner(int node) {
    if (node >= lanes) {
      throw new IllegalStateException("lane %d is missing in its batch".formatted(node - lanes));
    }
  }

  private static void add(float[] sum, int sumAt, float[] term, int termAt, int count) {
    if (sumAt == termAt) {
      add(sum, term, sumAt, sumAt + count);
    } else {
      for (int i = 0; i < count; i++) {
        sum[sumAt + i] += term[termAt + i];
      }
    }
  }

  /** Becomes vector instructions, as both are read at the same index. */
  private static void add(float[] sum, float[] term, int from, int to) {
    for (int i = from; i < to; i++) {
      sum[i] += term[i];
    }
  }
}
