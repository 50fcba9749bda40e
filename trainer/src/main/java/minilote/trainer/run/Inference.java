package minilote.trainer.run;

import minilote.trainer.math.PortableEngine;
import minilote.trainer.network.ForwardPropagation;

/**
 * A model that answers, a block of records at a time. Any activation will do, also those without a
 * derivative. One thread; nothing is allocated after construction.
 */
public final class Inference implements AutoCloseable {
  private final Model model;
  private final int inputs;
  private final int outputs;
  private final ForwardPropagation forward;

  /**
   * Prepares a model.
   *
   * @param maxRows the most records of a block
   */
  public Inference(Model model, int maxRows) {
    this.model = model;
    this.inputs = model.network().inputs();
    this.outputs = model.network().outputs();
    this.forward = new ForwardPropagation(model.network(), PortableEngine.create(), maxRows);
    forward.setParameters(model.parameters());
  }

  /**
   * Puts the record at {@code offset} of {@code data}, of the model's {@link Model#format()}, into
   * row {@code row}.
   */
  public void stage(byte[] data, int offset, int row) {
    model.normalization().apply(model.format(), data, offset, forward.inputs(), row * inputs);
  }

  /** Answers for the first {@code rows} rows. */
  public void answer(int rows) {
    forward.forward(rows);
  }

  /** Output {@code k} of row {@code row}: a probability, after a softmax or a sigmoid. */
  public float output(int row, int k) {
    return forward.outputs()[row * outputs + k];
  }

  /** Outputs of a row. */
  public int outputs() {
    return outputs;
  }

  /** The class of row {@code row}, see {@link #largest}. */
  public int predictedClass(int row) {
    return largest(forward.outputs(), row * outputs, outputs);
  }

  /**
   * The class that outputs stand for: the first of the largest, or for a single one, whether it is
   * above ½.
   */
  public static int largest(float[] outputs, int offset, int count) {
    if (count == 1) {
      return outputs[offset] > 0.5f ? 1 : 0;
    }
    int best = 0;
    for (int k = 1; k < count; k++) {
      if (outputs[offset + k] > outputs[offset + best]) {
        best = k;
      }
    }
    return best;
  }

  @Override
  public void close() {
    forward.close();
  }
}
