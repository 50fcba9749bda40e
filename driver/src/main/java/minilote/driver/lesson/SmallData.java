package minilote.driver.lesson;

/**
 * Few examples, in memory.
 *
 * @param inputs examples × d^(0)
 * @param targets examples × d^(L)
 */
@SuppressWarnings("ArrayRecordComponent") // Data are not compared.
public record SmallData(float[][] inputs, float[][] targets) {
  public SmallData {
    if (inputs.length == 0 || inputs.length != targets.length) {
      throw new IllegalArgumentException(
          "%d inputs and %d targets are no examples".formatted(inputs.length, targets.length));
    }
  }

  public int size() {
    return inputs.length;
  }
}
