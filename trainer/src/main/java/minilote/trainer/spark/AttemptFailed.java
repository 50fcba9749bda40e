package minilote.trainer.spark;

/** A job of {@link AllReduce} ended without a result; what it began with is unchanged. */
final class AttemptFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String BEFORE_REASON = "finished unsuccessfully.\n";

  AttemptFailed(Throwable cause) {
    super(cause.getMessage(), cause);
  }

  /** What happened to the task, in a line: Spark says it after what became of stage and job. */
  String reason() {
    String said = String.valueOf(getMessage());
    int before = said.indexOf(BEFORE_REASON);
    return said.substring(before < 0 ? 0 : before + BEFORE_REASON.length())
        .lines()
        .findFirst()
        .orElse(said);
  }
}
