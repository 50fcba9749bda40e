package minilote.driver.lesson;

import java.util.List;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.ForwardPropagation;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;

/**
 * A threshold unit that learns by the perceptron rule, example by example: {@code w ← w + (y − ŷ)
 * x}, {@code b ← b + (y − ŷ)}. Its answers are the trainer's; the rule is not, as it is no gradient
 * descent: a threshold has no derivative. It begins with zeros.
 */
final class Perceptron implements AutoCloseable {
  private final ForwardPropagation unit;
  private final float[] w; // the weights, then b
  private boolean exact = true;

  Perceptron(int inputs, Coding coding) {
    Network network =
        Network.of(NetworkDescription.parse("dense 1 " + coding.threshold()), List.of(inputs));
    this.unit = new ForwardPropagation(network, EngineKind.PORTABLE.create(), 1);
    this.w = new float[inputs + 1];
  }

  /** How the two answers are written, and the threshold that gives them. */
  enum Coding {
    /** 0 and 1. */
    BITS(0, "heaviside"),
    /** −1 and 1. */
    SIGNS(-1, "sign");

    private final int no;
    private final String threshold;

    Coding(int no, String threshold) {
      this.no = no;
      this.threshold = threshold;
    }

    /** What is written where 1 is not. */
    int no() {
      return no;
    }

    String threshold() {
      return threshold;
    }
  }

  /** ŷ. */
  float answer(float[] x) {
    unit.setParameters(w);
    System.arraycopy(x, 0, unit.inputs(), 0, x.length);
    unit.forward(1);
    return unit.outputs()[0];
  }

  /** Moves the weights where the unit is wrong; tells ŷ, as it was before. */
  float learn(float[] x, float y) {
    float answer = answer(x);
    float difference = y - answer;
    if (difference != 0) {
      for (int i = 0; i < x.length; i++) {
        add(i, difference * x[i]);
      }
      add(x.length, difference);
    }
    return answer;
  }

  /** Adds, and notices what is lost by rounding (Knuth's TwoSum). */
  private void add(int i, float more) {
    float sum = w[i] + more;
    float added = sum - w[i];
    exact &= (w[i] - (sum - added)) + (more - added) == 0;
    w[i] = sum;
  }

  /** Whether no weight has been rounded so far. */
  boolean isExact() {
    return exact;
  }

  /** The weights, then b, as they are now. */
  float[] weights() {
    return w.clone();
  }

  @Override
  public void close() {
    unit.close();
  }
}
