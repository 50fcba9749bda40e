package minilote.trainer.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import minilote.datasets.TargetKind;
import minilote.datasets.ValidationSplit;
import minilote.trainer.math.PairwiseSum;
import minilote.trainer.network.BackPropagation;
import org.apache.spark.TaskContext;

/**
 * How well a network does on a set of examples: mean loss, accuracy, and for classes the confusion
 * matrix. One Spark job.
 *
 * <p>Losses are summed in blocks of {@link Examples#BLOCK} ids, in double precision, and the
 * blocks' sums along one fixed tree, so that the figures do not depend on partitions.
 *
 * @param loss the mean loss of an example
 * @param accuracy the share classified rightly; NaN where the targets are numbers
 * @param examples how many there were
 * @param confusion examples by true class (row) and predicted class (column); empty unless the
 *     targets are classes
 */
public record Evaluation(double loss, double accuracy, long examples, long[][] confusion) {

  /** Which examples of a split count. */
  enum Subset {
    ALL,
    TRAINING,
    VALIDATION
  }

  /**
   * Evaluates {@code weights} on a subset of {@code examples}.
   *
   * @param confusing whether the confusion matrix is wanted, which takes the square of the number
   *     of classes
   */
  static Evaluation of(
      LearnerSpec spec, Examples examples, Subset subset, Weights weights, boolean confusing) {
    Task task = new Task(spec, examples, subset, weights.source(), confusing);
    List<Partial> partials = examples.blocks().mapPartitions(task::evaluate).collect();
    double[] losses = new double[Math.toIntExact(Examples.blockCount(examples.count()))];
    long count = 0;
    long correct = 0;
    long[][] confusion = new long[0][];
    for (Partial partial : partials) {
      System.arraycopy(partial.losses, 0, losses, partial.firstBlock, partial.losses.length);
      count += partial.count;
      correct += partial.correct;
      if (confusion.length == 0) {
        confusion = partial.confusion;
      } else {
        for (int row = 0; row < confusion.length; row++) {
          for (int column = 0; column < confusion.length; column++) {
            confusion[row][column] += partial.confusion[row][column];
          }
        }
      }
    }
    boolean classified = spec.targetKind() != TargetKind.NUMBERS;
    return new Evaluation(
        PairwiseSum.of(losses, losses.length) / count,
        classified ? (double) correct / count : Double.NaN,
        count,
        confusion);
  }

  /** What a partition finds. A plain class, not a record, as Spark's Kryo cannot read records. */
  private static final class Partial implements Serializable {
    private static final long serialVersionUID = 1L;

    int firstBlock;
    double[] losses = new double[0];
    long count;
    long correct;
    long[][] confusion = new long[0][];
  }

  private static final class Task implements Serializable {
    private static final long serialVersionUID = 1L;

    private final LearnerSpec spec;
    private final long examples;
    private final int partitions;
    private final Subset subset;
    private final double validationFraction;
    private final long validationSeed;
    private final Weights.Source weights;
    private final boolean confusing;

    Task(
        LearnerSpec spec,
        Examples examples,
        Subset subset,
        Weights.Source weights,
        boolean confusing) {
      this.spec = spec;
      this.examples = examples.count();
      this.partitions = examples.partitions();
      this.subset = subset;
      this.validationFraction = examples.validation().fraction();
      this.validationSeed = examples.validation().seed();
      this.weights = weights;
      this.confusing = confusing;
    }

    Iterator<Partial> evaluate(Iterator<byte[]> blocks) {
      int partition = TaskContext.getPartitionId();
      long firstBlock = Examples.firstBlock(partition, examples, partitions);
      long endBlock = Examples.firstBlock(partition + 1, examples, partitions);
      ValidationSplit validation =
          new ValidationSplit(examples, validationFraction, validationSeed);
      Learner learner = spec.learner();
      learner.backPropagation().setParameters(weights.get());
      boolean matrix = confusing && spec.targetKind() == TargetKind.CLASS;
      int classes = matrix ? learner.format().targets() : 0;
      Partial partial = new Partial();
      partial.firstBlock = Math.toIntExact(firstBlock);
      partial.losses = new double[Math.toIntExact(endBlock - firstBlock)];
      partial.confusion = new long[classes][classes];
      for (int i = 0; blocks.hasNext(); i++) {
        long firstId = (firstBlock + i) * Examples.BLOCK;
        evaluateBlock(learner, blocks.next(), firstId, validation, partial, i);
      }
      return List.of(partial).iterator();
    }

    private void evaluateBlock(
        Learner learner,
        byte[] block,
        long firstId,
        ValidationSplit validation,
        Partial partial,
        int index) {
      BackPropagation backPropagation = learner.backPropagation();
      backPropagation.clear();
      int recordBytes = learner.format().recordBytes();
      int[] labels = new int[learner.blockRows()];
      int rows = 0;
      long id = firstId;
      for (int offset = 0; offset < block.length; offset += recordBytes, id++) {
        if (subset == Subset.ALL || (subset == Subset.VALIDATION) == validation.isValidation(id)) {
          if (partial.confusion.length > 0) {
            labels[rows] = learner.format().label(block, offset);
          }
          learner.stage(block, offset, rows++);
        }
        boolean last = offset + recordBytes == block.length;
        if (rows == labels.length || (last && rows > 0)) {
          backPropagation.error(rows);
          for (int row = 0; row < rows && partial.confusion.length > 0; row++) {
            partial.confusion[labels[row]][learner.predictedClass(row)]++;
          }
          partial.count += rows;
          rows = 0;
        }
      }
      partial.losses[index] = backPropagation.loss();
      partial.correct += backPropagation.correct();
    }
  }
}
