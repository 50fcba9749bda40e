package minilote.trainer.math;

/** What the time of a step of training goes into. */
public enum Phase {
  /** Finding examples and turning them into inputs of the network. */
  DATA,
  /** Products of matrices, and convolutions with all that makes products of them. */
  PRODUCTS,
  /** Activations, their derivatives, losses, sums over rows, batch normalization, dropout. */
  ACTIVATIONS,
  /** Pooling, and images brought from one order into another. */
  POOLING,
  /** Adding up the gradients of the lanes. */
  SUMS,
  /** The update of the weights. */
  OPTIMIZER,
  /** Sending sums and weights to other executors. */
  EXCHANGE,
  /** Waiting for other tasks. */
  WAITING,
  /** What is none of these, within a task. */
  OTHER
}
