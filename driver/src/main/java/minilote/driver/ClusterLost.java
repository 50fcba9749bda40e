package minilote.driver;

/** The cluster does not compute, or no longer does: one sentence says what became of it. */
final class ClusterLost extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClusterLost(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
