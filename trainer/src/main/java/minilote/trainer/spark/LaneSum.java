package minilote.trainer.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sum of gradients, losses, counts and squares over some of the lanes of one batch, in the one
 * order that makes its bits independent of who computed and merged what.
 *
 * <p>Floating-point addition is not associative, so a sum whose order follows the cluster changes
 * with the cluster. Here lanes are the leaves of one fixed binary tree over {@code 0 … L−1}; a sum
 * holds whole aligned subtrees (level {@code k}, index {@code i}: lanes {@code i·2^k … (i+1)·2^k −
 * 1}) and adds two only when they are siblings. Merging is then exactly associative and
 * commutative. A lane without examples is the identity: it is present, so that its sibling can go
 * up, but has no numbers, as {@code −0 + 0} would change bits.
 *
 * <p>At most {@code 2·log2 L} subtrees are held. Not thread-safe. Crosses Spark as plain arrays,
 * with either of its serializers.
 */
public final class LaneSum implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Whole aligned subtrees, by their first lane; {@link #subtrees} of them. */
  private @Nullable Subtree[] held = new Subtree[4];

  private int subtrees;

  /** Arrays that a merge left over, to be used again; they do not travel. */
  private transient float @Nullable [] @Nullable [] spare;

  /**
   * The sum over one aligned range of lanes; {@code gradient} is null where no lane of it has an
   * example.
   */
  private static final class Subtree implements Serializable {
    private static final long serialVersionUID = 1L;

    int level;
    int index;
    float @Nullable [] gradient;
    double loss;
    long correct;
    long count;
    double squares;

    /** Whether the array is another's: not to be added into, and not to be kept. */
    transient boolean borrowed;

    int firstLane() {
      return index << level;
    }

    /** The same numbers in the same array. */
    Subtree borrow() {
      Subtree subtree = new Subtree();
      subtree.borrowed = true;
      subtree.level = level;
      subtree.index = index;
      subtree.gradient = gradient;
      subtree.loss = loss;
      subtree.correct = correct;
      subtree.count = count;
      subtree.squares = squares;
      return subtree;
    }
  }

  /**
   * Adds the sums of one lane, which must not be there yet. The gradient is copied or added where
   * it stands: the caller keeps the array.
   *
   * @param lane the lane's number
   * @param gradient sum over the lane's examples, one number a parameter
   * @param loss sum of the examples' losses
   * @param correct how many of the examples were classified rightly
   * @param count how many examples the lane holds; with 0 the other numbers are not looked at
   * @param squares {@code ‖g‖²} of the lane's mean gradient; 0 in a step that is not measured
   */
  public void add(
      int lane, float[] gradient, double loss, long correct, long count, double squares) {
    insert(leaf(lane, gradient, loss, correct, count, squares), false);
  }

  /** The same where nobody asks for squares. */
  public void add(int lane, float[] gradient, double loss, long correct, long count) {
    add(lane, gradient, loss, correct, count, 0);
  }

  /**
   * As {@link #add(int, float[], double, long, long, double)}, but without a copy: the array stays
   * the caller's and must not change before {@link #clear}. Only for the last lane that is added:
   * nothing but {@code clear} may follow.
   */
  public void lend(
      int lane, float[] gradient, double loss, long correct, long count, double squares) {
    insert(leaf(lane, gradient, loss, correct, count, squares), true);
  }

  private static Subtree leaf(
      int lane, float[] gradient, double loss, long correct, long count, double squares) {
    Subtree leaf = new Subtree();
    leaf.borrowed = true;
    leaf.index = lane;
    if (count > 0) {
      leaf.gradient = gradient;
      leaf.loss = loss;
      leaf.correct = correct;
      leaf.count = count;
      leaf.squares = squares;
    }
    return leaf;
  }

  /**
   * Takes over all that {@code other} holds, which must be other lanes; {@code other} is not to be
   * used afterwards.
   */
  public void merge(LaneSum other) {
    for (int i = 0; i < other.subtrees; i++) {
      insert(other.at(i), false);
    }
    Arrays.fill(other.held, null);
    other.subtrees = 0;
  }

  /**
   * Adds all that {@code other} holds, which must be other lanes; {@code other} stays as it is, and
   * the caller's.
   */
  public void addAll(LaneSum other) {
    for (int i = 0; i < other.subtrees; i++) {
      insert(other.at(i).borrow(), false);
    }
  }

  /** Forgets all lanes and keeps the memory for the next step. */
  public void clear() {
    for (int i = 0; i < subtrees; i++) {
      recycle(at(i));
    }
    Arrays.fill(held, null);
    subtrees = 0;
  }

  private Subtree at(int i) {
    return Objects.requireNonNull(held[i]);
  }

  private void insert(Subtree subtree, boolean stayBorrowed) {
    int at = 0;
    while (at < subtrees && at(at).firstLane() < subtree.firstLane()) {
      at++;
    }
    boolean overlaps =
        (at < subtrees && at(at).firstLane() < (subtree.index + 1) << subtree.level)
            || (at > 0 && (at(at - 1).index + 1) << at(at - 1).level > subtree.firstLane());
    if (overlaps) {
      throw new IllegalStateException(
          "lane %d was added twice to the sum of one batch".formatted(subtree.firstLane()));
    }
    // Going up: as long as the sibling is there, the two become their parent.
    Subtree node = subtree;
    while (true) {
      boolean left = (node.index & 1) == 0;
      int siblingAt = left ? at : at - 1;
      if (siblingAt < 0
          || siblingAt >= subtrees
          || at(siblingAt).level != node.level
          || at(siblingAt).index != (node.index ^ 1)) {
        break;
      }
      Subtree sibling = at(siblingAt);
      remove(siblingAt);
      at = siblingAt;
      node = left ? parent(node, sibling) : parent(sibling, node);
    }
    if (node.borrowed && !stayBorrowed && node.gradient != null) {
      node.gradient = copy(node.gradient);
      node.borrowed = false;
    }
    place(at, node);
  }

  /** The parent of two siblings; adds into an array that is ours and gives the other one back. */
  private Subtree parent(Subtree left, Subtree right) {
    Subtree parent = new Subtree();
    parent.level = left.level + 1;
    parent.index = left.index >> 1;
    parent.correct = left.correct + right.correct;
    parent.count = left.count + right.count;
    float[] a = left.gradient;
    float[] b = right.gradient;
    if (a == null || b == null) {
      // The identity: the other side's numbers as they are.
      Subtree one = a != null ? left : right;
      parent.loss = one.loss;
      parent.squares = one.squares;
      parent.gradient = one.gradient;
      parent.borrowed = one.borrowed;
      return parent;
    }
    parent.loss = left.loss + right.loss;
    parent.squares = left.squares + right.squares;
    // IEEE addition commutes: into whichever is ours, the bits are the same. Two borrowed ones do
    // not meet, since what is held is ours.
    Subtree into = left.borrowed ? right : left;
    Subtree term = into == left ? right : left;
    parent.gradient = into == left ? addTo(a, b) : addTo(b, a);
    recycle(term);
    return parent;
  }

  private static float[] addTo(float[] sum, float[] term) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += term[i];
    }
    return sum;
  }

  private void place(int at, Subtree node) {
    if (subtrees == held.length) {
      held = Arrays.copyOf(held, 2 * held.length);
    }
    System.arraycopy(held, at, held, at + 1, subtrees - at);
    held[at] = node;
    subtrees++;
  }

  private void remove(int at) {
    subtrees--;
    System.arraycopy(held, at + 1, held, at, subtrees - at);
    held[subtrees] = null;
  }

  private float[] copy(float[] numbers) {
    float[][] arrays = spare;
    if (arrays != null) {
      for (int i = 0; i < arrays.length; i++) {
        float[] array = arrays[i];
        if (array != null && array.length == numbers.length) {
          arrays[i] = null;
          System.arraycopy(numbers, 0, array, 0, numbers.length);
          return array;
        }
      }
    }
    return numbers.clone();
  }

  private void recycle(Subtree subtree) {
    float[] array = subtree.gradient;
    if (array == null || subtree.borrowed) {
      return;
    }
    float[][] arrays = spare;
    if (arrays == null) {
      arrays = new float[32][];
      spare = arrays;
    }
    for (int i = 0; i < arrays.length; i++) {
      if (arrays[i] == null) {
        arrays[i] = array;
        return;
      }
    }
  }

  /** How many subtrees are held: 1 when the whole batch is there, at most {@code 2·log2 L}. */
  public int subtrees() {
    return subtrees;
  }

  /** Whether the sum is over all {@code lanes} lanes. */
  public boolean isWhole(int lanes) {
    return subtrees == 1 && at(0).index == 0 && 1 << at(0).level == lanes;
  }

  private Subtree root(int lanes) {
    if (!isWhole(lanes)) {
      throw new IllegalStateException(
          "the sum of a batch holds %d subtrees instead of all %d lanes"
              .formatted(subtrees, lanes));
    }
    return at(0);
  }

  /** The gradient's sum over all lanes, one number a parameter; the array stays this sum's. */
  public float[] gradient(int lanes) {
    float[] gradient = root(lanes).gradient;
    if (gradient == null) {
      throw new IllegalStateException("the batch has no example");
    }
    return gradient;
  }

  /** The sum of the losses over all lanes. */
  public double loss(int lanes) {
    return root(lanes).loss;
  }

  /** How many examples were classified rightly. */
  public long correct(int lanes) {
    return root(lanes).correct;
  }

  /** How many examples the batch has. */
  public long count(int lanes) {
    return root(lanes).count;
  }

  /** The sum over lanes of {@code ‖g‖²}, each of the lane's mean gradient. */
  public double squares(int lanes) {
    return root(lanes).squares;
  }
}
