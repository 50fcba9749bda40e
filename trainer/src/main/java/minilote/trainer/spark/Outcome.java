package minilote.trainer.spark;

import java.io.Serializable;

/** What an executor hands over at the end of an all-reduce job. */
final class Outcome implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Steps that were taken. */
  int steps;

  /** Whether the loss of the step after these was no finite number. */
  boolean diverged;

  /** The loss of that step, or of the last one. */
  double loss;

  /** Whether this one speaks for all: its losses are those of the steps. */
  boolean leads;

  double[] losses = new double[0];
  long[] correct = new long[0];
  double[] laneSquares = new double[0];
  double[] squares = new double[0];
}
