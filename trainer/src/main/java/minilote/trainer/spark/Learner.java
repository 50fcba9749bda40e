package minilote.trainer.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import minilote.datasets.Augmentation;
import minilote.datasets.Normalization;
import minilote.datasets.RecordFormat;
import minilote.trainer.math.Correctness;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Phase;
import minilote.trainer.math.PhaseClock;
import minilote.trainer.math.TimedEngine;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.LaneStatistics;
import minilote.trainer.network.LanesSideBySide;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.run.Inference;
import org.jspecify.annotations.Nullable;

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
  private final Supplier<BackPropagation> maker;
  private final List<BackPropagation> ofLanes = new ArrayList<>(); // where they are side by side
  private @Nullable LanesSideBySide sideBySide;
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
    Correctness correctness = Correctness.of(format.targetKind(), outputs);
    this.maker = () -> new BackPropagation(network, loss, correctness, this.engine, blockRows);
    this.backPropagation = maker.get();
    ofLanes.add(backPropagation);
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

  /**
   * Means for several lanes of a batch, whose layers exchange what they measure; {@link
   * #backPropagation} is the first one's. They serve every step.
   */
  LanesSideBySide sideBySide(int lanes) {
    LanesSideBySide together = sideBySide;
    if (together == null || together.size() != lanes) {
      while (ofLanes.size() < lanes) {
        ofLanes.add(maker.get());
      }
      together = new LanesSideBySide(ofLanes.subList(0, lanes));
      sideBySide = together;
    }
    return together;
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
    stage(data, offset, backPropagation, row);
  }

  private void stage(byte[] data, int offset, BackPropagation to, int row) {
    normalization.apply(format, data, offset, to.inputs(), row * inputs);
    format.target(data, offset, to.targets(), row * outputs, outputs);
  }

  /** The same for a row to learn from: with its key, and its image augmented. */
  private void stage(Rows rows, RowKeys keys, BackPropagation to, int row) {
    stage(rows.data(), rows.offset(), to, row);
    if (keyed) {
      long key = keys.next();
      to.keys()[row] = key;
      augmentation.apply(key, format, to.inputs(), row * inputs);
    }
  }

  /** The next {@code count} rows to learn from, as a block. */
  private void stageNext(Rows rows, RowKeys keys, BackPropagation to, int count) {
    Phase before = clock.to(Phase.DATA);
    for (int row = 0; row < count; row++) {
      rows.advance();
      stage(rows, keys, to, row);
    }
    clock.to(before);
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
      stageNext(rows, keys, backPropagation, part);
      done += part;
      backPropagation.errorAndGradient(part, done < count ? Learner::tellNobody : complete);
    }
  }

  /**
   * The errors and the gradients of the next rows in several lanes, which go through the network
   * together.
   *
   * @param counts of the rows of each lane; 0 for one without
   * @param statistics of the batch
   * @param complete told, on the way back, from which parameter on all gradients are complete
   */
  void learn(
      Rows rows,
      RowKeys keys,
      LanesSideBySide lanesTogether,
      int[] counts,
      LaneStatistics statistics,
      IntConsumer complete) {
    for (int i = 0; i < lanesTogether.size(); i++) {
      lanesTogether.lane(i).clear();
      stageNext(rows, keys, lanesTogether.lane(i), counts[i]);
    }
    lanesTogether.errorAndGradient(counts, statistics, complete);
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
