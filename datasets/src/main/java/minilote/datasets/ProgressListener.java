package minilote.datasets;

/** Is told how far a long work has come. */
@FunctionalInterface
public interface ProgressListener {
  /** Listens to nothing. */
  ProgressListener NONE = (phase, done, total) -> {};

  /**
   * Called many times a second at most places; cheap implementations only.
   *
   * @param phase what is being done: "download FILE" (in bytes), "write train" (in examples)
   * @param done how much of it
   * @param total how much there is to do; −1 when it is not known
   */
  void progress(String phase, long done, long total);
}
