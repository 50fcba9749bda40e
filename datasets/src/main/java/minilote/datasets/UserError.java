package minilote.datasets;

/**
 * A mistake in what the user gave: an option, a file, a data set.
 *
 * <p>The message is one sentence for the user: what is wrong, where (file and offset, line and
 * column, option), and what would be right. Programs print it as it is, without a stack trace.
 */
public class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UserError(String sentence) {
    super(sentence);
  }

  public UserError(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
