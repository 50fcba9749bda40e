package minilote.driver.study;

import java.util.Map;

/**
 * What a study compares: the runs that differ in nothing but their seed.
 *
 * @param arm the arm's name
 * @param batch the batch
 * @param varied the values of the options that the arm varies
 */
public record Cell(String arm, int batch, Map<String, String> varied) {

  /** "batch 128, learning-rate 0.1". */
  public String words() {
    StringBuilder words = new StringBuilder(arm.isEmpty() ? "" : arm + ", ");
    words.append("batch %,d".formatted(batch));
    varied.forEach(
        (option, value) ->
            words.append(", ").append(option.substring(2)).append(' ').append(value));
    return words.toString();
  }
}
