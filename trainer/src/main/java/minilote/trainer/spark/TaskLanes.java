package minilote.trainer.spark;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arrays in which one thread computes the gradients of its lanes, on their way into a {@link
 * LaneTree}: one a lane while there are few, since adding them later, with everybody else's, costs
 * least; beyond {@code 1 + log2 L} of them siblings are added up early, so that memory does not
 * grow with the lanes. Serves step after step and then allocates nothing.
 */
final class TaskLanes {
  private final List<float[]> all = new ArrayList<>();
  private final List<float[]> free = new ArrayList<>();
  private int[] nodes = new int[0]; // held, from left to right
  private int held;
  private @Nullable LaneTree last;

  /** Takes back what the last step put into the tree: all arrays are free again. */
  void begin(LaneTree tree) {
    if (nodes.length < tree.lanes()) {
      nodes = new int[tree.lanes()];
    }
    for (int i = 0; i < held && tree == last; i++) {
      tree.remove(nodes[i]);
    }
    last = tree;
    held = 0;
    free.clear();
    for (int i = 0; i < all.size(); i++) { // addAll would make an array of them first.
      free.add(all.get(i));
    }
  }

  /** An array for the gradient of the next lane; its content is anything. */
  float[] next(LaneTree tree, int parameters) {
    int most = 1 + Integer.numberOfTrailingZeros(tree.lanes());
    if (free.isEmpty() && all.size() >= most) {
      mergeSiblings(tree);
    }
    return another(parameters);
  }

  /** The same where those before are not complete yet, and none can be added to another. */
  float[] another(int parameters) {
    if (free.isEmpty()) {
      // The first steps, or more lonely subtrees than usual.
      float[] array = new float[parameters];
      all.add(array);
      return array;
    }
    return free.remove(free.size() - 1);
  }

  /** Remembers that a lane has been put into the tree; lanes come in their order. */
  void held(LaneTree tree, int lane) {
    nodes[held++] = tree.leaf(lane);
  }

  /** Merges siblings, smallest subtrees first, until an array is free or there are none. */
  private void mergeSiblings(LaneTree tree) {
    while (free.isEmpty()) {
      int at = -1;
      for (int i = 0; i < held - 1; i++) {
        boolean siblings = nodes[i] % 2 == 0 && nodes[i] + 1 == nodes[i + 1];
        if (siblings && (at < 0 || nodes[i] > nodes[at])) {
          at = i;
        }
      }
      if (at < 0) {
        return;
      }
      int parent = nodes[at] / 2;
      float[] left = tree.merge(parent);
      if (left != null) {
        free.add(left);
      }
      nodes[at] = parent;
      System.arraycopy(nodes, at + 2, nodes, at + 1, held - at - 2);
      held--;
    }
  }
}
