package minilote.trainer.optimizer;

/**
 * Parameters {@code from} to {@code to − 1} of the flat array.
 *
 * @param from the first, counted from 0
 * @param to one past the last
 */
public record ParameterRange(int from, int to) {

  /** Checks the order. */
  public ParameterRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(
          "parameter range "
              + from
              + " to "
              + to
              + ": it must begin at 0 or later and not end"
              + " before it begins");
    }
  }
}
