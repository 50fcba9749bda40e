package minilote.trainer.spark;

import java.util.ArrayList;
import java.util.List;
import minilote.trainer.math.Norms;
import minilote.trainer.optimizer.ParameterRange;

/**
 * Who adds what when several executors exchange their sums: executor {@code e} reduces its slice of
 * the parameters, some of the fixed blocks of {@link Norms#BLOCK}, and sends the new weights of it
 * to all; from each executor it gets the sums of the largest subtrees of lanes that the executor
 * holds whole.
 */
final class Slices {
  private final int parameters;
  private final int executors;
  private final int blocks;

  /**
   * For a number of executors.
   *
   * @param parameters how many parameters there are
   */
  Slices(int parameters, int executors) {
    this.parameters = parameters;
    this.executors = executors;
    this.blocks = Norms.blocks(parameters);
  }

  int blocks() {
    return blocks;
  }

  /** The first block of an executor's slice; for {@code executor = executors} the blocks. */
  int firstBlock(int executor) {
    return (int) ((long) executor * blocks / executors);
  }

  /** The executor that reduces a block. */
  int owner(int block) {
    return (int) (((block + 1L) * executors - 1) / blocks);
  }

  /** The parameters of an executor's slice. */
  ParameterRange slice(int executor) {
    return new ParameterRange(from(firstBlock(executor)), from(firstBlock(executor + 1)));
  }

  /** The first parameter of a block. */
  int from(int block) {
    return Math.min(block * Norms.BLOCK, parameters);
  }

  /** One past the last parameter of a block. */
  int to(int block) {
    return from(block + 1);
  }

  /**
   * The largest subtrees whose lanes one executor holds, as nodes of {@link LaneTree}.
   *
   * @param executorOfLane the executor that holds each lane
   */
  static int[] roots(int[] executorOfLane, int executor) {
    List<Integer> roots = new ArrayList<>();
    collect(LaneTree.ROOT, executorOfLane, executor, roots);
    return roots.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * How many such subtrees there are for one who holds lanes {@code from} to {@code behind − 1} of
   * {@code lanes}.
   */
  static int roots(int from, int behind, int lanes) {
    int roots = 0;
    for (int lane = from; lane < behind; roots++) {
      // The largest subtree that begins with this lane, and does not end behind the last one.
      int width = Integer.highestOneBit(behind - lane);
      lane += lane == 0 ? Math.min(width, lanes) : Math.min(width, Integer.lowestOneBit(lane));
    }
    return roots;
  }

  private static void collect(int node, int[] executorOfLane, int executor, List<Integer> roots) {
    int lanes = executorOfLane.length;
    int first = LaneTree.firstLane(node, lanes);
    boolean all = true;
    for (int lane = first; lane < first + LaneTree.width(node, lanes); lane++) {
      all &= executorOfLane[lane] == executor;
    }
    if (all) {
      roots.add(node);
    } else if (node < lanes) {
      collect(2 * node, executorOfLane, executor, roots);
      collect(2 * node + 1, executorOfLane, executor, roots);
    }
  }
}
