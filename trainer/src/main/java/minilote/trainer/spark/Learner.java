package minilote.trainer.spark;

import java.util.function.IntConsumer;
import minilote.datasets.Augmentation;
import minilote.datasets.Normalization;
import minilote.datasets.RecordFormat;
import minilote.trainer.math.Correctness;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Phase;
import minilote.trainer.math.PhaseClock;
import minilote.trainer.math.TimedEngine;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.run.Inference;

/**
 * One thread's means to learn: turns packed records into rows, and rows into errors and gradients.
 * Not thread-safe.
 */
final class Learner implements AutoCloseable {
  private final RecordFormat format;
  private final Normalization normalization;
  private final Augmentation augmentation;
  private final boolean keyed; // whether anything is drawn by the rows' keys
  private final int inputs;
  private final int outputs;
  private final int blockRows;
  private final TimedEngine engine;
  private final BackPropagation backPropagation;
  private PhaseClock clock = PhaseClock.OFF;
  private final LaneSum laneSum = new LaneSum();
  private final TaskLanes lanes = new TaskLanes();

  /**
   * @param lane the most examples of a lane; 0 where there are no lanes to learn from
   * @param engine what computes; it belongs to the learner and is closed with it
   */
  Learner(
      Network network,
      Loss loss,
      RecordFormat format,
      Normalization normalization,
      Augmentation augmentation,
      int lane,
      Engine engine) {
    this.engine = new TimedEngine(engine);
    this.format = format;
    this.normalization = normalization;
    this.augmentation = augmentation;
    this.keyed = !augmentation.isNone() || network.draws();
    this.inputs = network.inputs();
    this.outputs = network.outputs();
    this.blockRows = network.blockRows(lane);
    this.backPropagation =
        new BackPropagation(
            network, loss, Correctness.of(format.targetKind(), outputs), this.engine, blockRows);
  }

  /**
   * Rows of one pass. A lane or an evaluation block with more is taken in parts of so many, so that
   * memory does not grow with the batch.
   */
  int blockRows() {
    return blockRows;
  }

  BackPropagation backPropagation() {
    return backPropagation;
  }

  RecordFormat format() {
    return format;
  }

  /** The sum of this thread's lanes; its memory serves every step. */
  LaneSum laneSum() {
    return laneSum;
  }

  /** From now on, the time of this thread's work is told to this clock. */
  void setClock(PhaseClock clock) {
    this.clock = clock;
    engine.tell(clock);
  }

  /** The arrays of this thread's lanes; they serve every step. */
  TaskLanes lanes() {
    return lanes;
  }

  /**
   * Writes the record at {@code offset} of {@code data} into row {@code row} of the network's
   * inputs and targets.
   */
  void stage(byte[] data, int offset, int row) {
    normalization.apply(format, data, offset, backPropagation.inputs(), row * inputs);
    format.target(data, offset, backPropagation.targets(), row * outputs, outputs);
  }

  /** The same for a row to learn from: with its key, and its image augmented. */
  private void stage(Rows rows, RowKeys keys, int row) {
    stage(rows.data(), rows.offset(), row);
    if (keyed) {
      long key = keys.next();
      backPropagation.keys()[row] = key;
      augmentation.apply(key, format, backPropagation.inputs(), row * inputs);
    }
  }

  /**
   * The error and the gradient of the next {@code count} rows, in one pass; the sums are in {@link
   * #backPropagation()}, which starts from zero.
   */
  void learn(Rows rows, RowKeys keys, int count) {
    learn(rows, keys, count, Learner::tellNobody);
  }

  /**
   * The error and the gradient of the next {@code count} rows.
   *
   * @param keys of the rows
   * @param complete told, while the last of them are learnt from, from which parameter on the
   *     gradient is complete
   */
  void learn(Rows rows, RowKeys keys, int count, IntConsumer complete) {
    backPropagation.clear();
    for (int done = 0; done < count; ) {
      int part = Math.min(blockRows, count - done);
      Phase before = clock.to(Phase.DATA);
      for (int row = 0; row < part; row++) {
        rows.advance();
        stage(rows, keys, row);
      }
      clock.to(before);
      done += part;
      backPropagation.errorAndGradient(part, done < count ? Learner::tellNobody : complete);
    }
  }

  /** The class that the network gives to row {@code row} of the last forward pass. */
  int predictedClass(int row) {
    return Inference.largest(backPropagation.outputs(), row * outputs, outputs);
  }

  private static void tellNobody(int from) {}

  @Override
  public void close() {
    backPropagation.close();
  }
}
