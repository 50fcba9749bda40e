package minilote.trainer.spark;

/** A job of {@link AllReduce} ended without a result; what it began with is unchanged. */
final class AttemptFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AttemptFailed(Throwable cause) {
    super(cause.getMessage(), cause);
  }
}
