package minilote.trainer.run;

/**
 * A training whose loss or weights are no longer finite. It would come to the same end again: its
 * settings are the cause.
 */
public final class TrainingDiverged extends TrainingFailed {
  private static final long serialVersionUID = 1L;

  public TrainingDiverged(String sentence) {
    super(sentence);
  }
}
