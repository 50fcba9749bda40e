package minilote.trainer.run;

import minilote.datasets.UserError;

/** Another process is training in a run's folder. */
public final class RunHeld extends UserError {
  private static final long serialVersionUID = 1L;

  RunHeld(String sentence) {
    super(sentence);
  }
}
