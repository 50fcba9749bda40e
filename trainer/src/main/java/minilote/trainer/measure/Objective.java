package minilote.trainer.measure;

/** A function f of n weights with its gradient: the mean loss over a set of examples, say. */
public interface Objective {
  /** n. */
  int dimension();

  /**
   * f(w).
   *
   * @param weights w, n numbers, only read
   */
  double loss(double[] weights);

  /**
   * f(w) and ∇f(w).
   *
   * @param weights w, n numbers, only read
   * @param gradient n numbers, written; another array than {@code weights}
   * @return f(w)
   */
  double lossAndGradient(double[] weights, double[] gradient);
}
