package minilote.trainer.math;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Words for shapes that do not fit each other: the operation, the names, both shapes, the rule. */
public final class Shapes {

  private Shapes() {}

  /** A shape as people write it: "3 × 4"; "scalar" without dimensions. */
  public static String of(int... dimensions) {
    return dimensions.length == 0
        ? "scalar"
        : Arrays.stream(dimensions).mapToObj(Integer::toString).collect(Collectors.joining(" × "));
  }

  /**
   * The error to throw where two shapes must agree and do not, such as "multiply: A is 2 × 3 and B
   * is 4 × 5, but the columns of A must be as many as the rows of B".
   *
   * @param operation what was asked for
   * @param left the first one's name
   * @param leftShape its dimensions
   * @param right the second one's name
   * @param rightShape its dimensions
   * @param rule how they must agree, completing the sentence after "but"
   */
  public static IllegalArgumentException disagree(
      String operation, String left, int[] leftShape, String right, int[] rightShape, String rule) {
    return new IllegalArgumentException(
        operation
            + ": "
            + left
            + " is "
            + of(leftShape)
            + " and "
            + right
            + " is "
            + of(rightShape)
            + ", but "
            + rule);
  }
}
