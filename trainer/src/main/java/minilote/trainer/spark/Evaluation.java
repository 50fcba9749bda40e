package minilote.trainer.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import minilote.datasets.TargetKind;
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
   * @param byBatch whether batch normalization goes by the statistics of each pass's rows
   */
  static Evaluation of(
      LearnerSpec spec,
      Examples examples,
      Subset subset,
      Weights weights,
      boolean confusing,
      boolean byBatch) {
    Selection selection = new Selection(examples, subset, Selection.ALL_IDS);
    return of(spec, examples, selection, weights, confusing, byBatch);
  }

  /** The same by the running statistics. */
  static Evaluation of(
      LearnerSpec spec, Examples examples, Subset subset, Weights weights, boolean confusing) {
    return of(spec, examples, subset, weights, confusing, false);
  }

  /** The same for examples that are told otherwise. */
  static Evaluation of(
      LearnerSpec spec,
      Examples examples,
      Selection selection,
      Weights weights,
      boolean confusing,
      boolean byBatch) {
    return of(new Task(spec, selection, weights.source(), confusing, byBatch), examples);
  }

  private static Evaluation of(Task task, Examples examples) {
    LearnerSpec spec = task.spec;
    Selection selection = task.selection;
    List<Partial> partials = examples.blocks().mapPartitions(task::evaluate).collect();
    double[] losses = new double[selection.blocks()];
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
    private final Selection selection;
    private final Weights.Source weights;
    private final boolean confusing;
    private final boolean byBatch;

    Task(
        LearnerSpec spec,
        Selection selection,
        Weights.Source weights,
        boolean confusing,
        boolean byBatch) {
      this.byBatch = byBatch;
      this.spec = spec;
      this.selection = selection;
      this.weights = weights;
      this.confusing = confusing;
    }

    Iterator<Partial> evaluate(Iterator<byte[]> blocks) {
      try (KeptLearner kept = spec.take()) {
        return List.of(evaluate(kept.learner(), blocks)).iterator();
      }
    }

    private Partial evaluate(Learner learner, Iterator<byte[]> blocks) {
      int partition = TaskContext.getPartitionId();
      BackPropagation backPropagation = learner.backPropagation();
      backPropagation.setParameters(weights.get());
      BlockRows rows = new BlockRows(selection, learner);
      boolean matrix = confusing && spec.targetKind() == TargetKind.CLASS;
      int classes = matrix ? learner.format().targets() : 0;
      Partial partial = new Partial();
      partial.firstBlock = selection.firstBlock(partition);
      partial.losses = new double[selection.firstBlock(partition + 1) - partial.firstBlock];
      partial.confusion = new long[classes][classes];
      for (int i = 0; blocks.hasNext(); i++) {
        backPropagation.clear();
        partial.count +=
            rows.forEachPart(
                blocks.next(),
                partial.firstBlock + i,
                count -> {
                  if (byBatch) {
                    backPropagation.errorByBatch(count);
                  } else {
                    backPropagation.error(count);
                  }
                  for (int row = 0; row < count && matrix; row++) {
                    partial.confusion[rows.label(row)][learner.predictedClass(row)]++;
                  }
                });
        partial.losses[i] = backPropagation.loss();
        partial.correct += backPropagation.correct();
      }
      return partial;
    }
  }
}
