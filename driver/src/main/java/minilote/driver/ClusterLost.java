package minilote.driver;

import org.jspecify.annotations.Nullable;

/** The cluster does not compute, or no longer does: one sentence says what became of it. */
final class ClusterLost extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClusterLost(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
