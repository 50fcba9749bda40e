package minilote.trainer.spark;

import java.util.Arrays;
import java.util.Iterator;
import minilote.trainer.network.BackPropagation;

/**
 * Sums over the examples of each partition, in blocks of {@link Examples#BLOCK} ids: the blocks are
 * the lanes of a {@link LaneSum}, so that the bits do not depend on partitions, and of a
 * partition's sums only whole aligned subtrees are held, two at most of each size.
 */
abstract class BlockSums extends PartitionTask<byte[], LaneSum> {
  private static final long serialVersionUID = 1L;
  private static final float[] NONE = {};

  private final LearnerSpec spec;
  private final Selection selection;
  private final Weights.Source weights;

  BlockSums(LearnerSpec spec, Selection selection, Weights weights) {
    this.spec = spec;
    this.selection = selection;
    this.weights = weights.source();
  }

  /** What is summed in a task: the numbers of a block, collected part by part. */
  interface Numbers {
    /** Before a block. */
    void clear();

    /** The network has so many rows. */
    void add(int rows);

    /** The sums over the block; the array may be used for the next one. */
    float[] sums();
  }

  /** To sum in a task, by its network. */
  abstract Numbers numbers(BackPropagation backPropagation);

  /** Lanes of the sum: the power of two that the blocks fit into. */
  static int lanes(Selection selection) {
    int blocks = selection.blocks();
    return blocks <= 1 ? 1 : Integer.highestOneBit(blocks - 1) << 1;
  }

  @Override
  LaneSum run(int partition, Iterator<byte[]> held) {
    try (KeptLearner kept = spec.take()) {
      return sum(kept.learner(), partition, held);
    }
  }

  private LaneSum sum(Learner learner, int partition, Iterator<byte[]> held) {
    BackPropagation backPropagation = learner.backPropagation();
    backPropagation.setParameters(weights.get());
    BlockRows rows = new BlockRows(selection, learner);
    Numbers numbers = numbers(backPropagation);
    LaneSum sum = learner.laneSum();
    sum.clear();
    int block = selection.firstBlock(partition);
    for (; held.hasNext(); block++) {
      backPropagation.clear();
      numbers.clear();
      int count =
          rows.forEachPart(
              held.next(),
              block,
              part -> {
                backPropagation.errorAndGradientAnswering(part);
                numbers.add(part);
              });
      sum.add(
          block,
          count > 0 ? numbers.sums() : NONE,
          backPropagation.loss(),
          backPropagation.correct(),
          count);
    }
    if (block == selection.blocks()) {
      for (int lane = block; lane < lanes(selection); lane++) {
        sum.add(lane, NONE, 0, 0, 0);
      }
    }
    return sum;
  }

  /** Of the gradient, one number a parameter. */
  static final class Gradient extends BlockSums {
    private static final long serialVersionUID = 1L;

    Gradient(LearnerSpec spec, Selection selection, Weights weights) {
      super(spec, selection, weights);
    }

    @Override
    Numbers numbers(BackPropagation backPropagation) {
      return new Numbers() {
        @Override
        public void clear() {}

        @Override
        public void add(int rows) {}

        @Override
        public float[] sums() {
          return backPropagation.gradient();
        }
      };
    }
  }

  /**
   * Of δ^(ℓ) of some layers one after the other, d^(ℓ) numbers each; behind them of each ‖δ^(ℓ)‖.
   */
  static final class Sensitivities extends BlockSums {
    private static final long serialVersionUID = 1L;

    private final int[] layers;
    private final int[] units; // d^(ℓ) of each

    Sensitivities(
        LearnerSpec spec, Selection selection, Weights weights, int[] layers, int[] units) {
      super(spec, selection, weights);
      this.layers = layers;
      this.units = units;
    }

    @Override
    Numbers numbers(BackPropagation backPropagation) {
      int length = layers.length;
      for (int width : units) {
        length += width;
      }
      return new Summing(backPropagation, new double[length]);
    }

    /** In double precision, as there are many rows. */
    private final class Summing implements Numbers {
      private final BackPropagation backPropagation;
      private final double[] sums;
      private final float[] inFloats;

      Summing(BackPropagation backPropagation, double[] sums) {
        this.backPropagation = backPropagation;
        this.sums = sums;
        this.inFloats = new float[sums.length];
      }

      @Override
      public void clear() {
        Arrays.fill(sums, 0);
      }

      @Override
      public void add(int rows) {
        int first = 0;
        for (int i = 0; i < layers.length; i++) {
          float[] delta = backPropagation.deltas(layers[i]); // rows × d^(ℓ)
          for (int row = 0; row < rows; row++) {
            double squares = 0;
            for (int unit = 0; unit < units[i]; unit++) {
              double number = delta[row * units[i] + unit];
              sums[first + unit] += number;
              squares += number * number;
            }
            sums[sums.length - layers.length + i] += Math.sqrt(squares);
          }
          first += units[i];
        }
      }

      @Override
      public float[] sums() {
        for (int i = 0; i < sums.length; i++) {
          inFloats[i] = (float) sums[i];
        }
        return inFloats;
      }
    }
  }
}
