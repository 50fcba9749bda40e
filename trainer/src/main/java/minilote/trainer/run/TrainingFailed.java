package minilote.trainer.run;

/** A training that cannot go on, through no mistake in its input: one sentence says why. */
public class TrainingFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TrainingFailed(String sentence) {
    super(sentence);
  }

  public TrainingFailed(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
