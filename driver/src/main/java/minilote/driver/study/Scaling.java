package minilote.driver.study;

/**
 * How the learning rate follows the batch: A. Krizhevsky, One weird trick for parallelizing
 * convolutional neural networks, 2014, arXiv:1404.5997 (square root); P. Goyal et al., Accurate,
 * Large Minibatch SGD, 2017, arXiv:1706.02677 (linear).
 */
public enum Scaling {
  NONE("the same learning rate"),
  LINEAR("a learning rate that grows as the batch"),
  SQRT("a learning rate that grows as the square root of the batch");

  private final String words;

  Scaling(String words) {
    this.words = words;
  }

  /** "the same learning rate". */
  public String words() {
    return words;
  }

  /** What the learning rate of the reference batch is multiplied by. */
  double factor(int batch, int reference) {
    double ratio = (double) batch / reference;
    return switch (this) {
      case NONE -> 1;
      case LINEAR -> ratio;
      case SQRT -> Math.sqrt(ratio);
    };
  }
}
