package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The perceptron rule over the same examples in the same order, epoch by epoch, until one has no
 * mistake, or the weights at its end are those of an earlier one's, or a limit.
 *
 * @param steps of the first epochs
 * @param epochs all of them
 * @param sameAs the earlier epoch, from 0 (before the first one), at whose end the weights were
 *     those at the last one's, so that all will repeat itself; −1 where there is none
 * @param exact whether no weight was rounded: only then a cycle says that no line separates
 */
record PerceptronCourse(List<Step> steps, List<Epoch> epochs, int sameAs, boolean exact) {
  /** Steps of more epochs than this are not kept. */
  private static final int KEPT = 12;

  /**
   * One example.
   *
   * @param w the weights after it, then b
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Step(int epoch, int example, float answer, float[] w) {}

  /**
   * One pass.
   *
   * @param w the weights at its end, then b
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Epoch(int mistakes, float[] w) {}

  /**
   * Learns.
   *
   * @param x examples × inputs
   * @param y one an example
   * @param limit the most epochs
   * @param progress told of each epoch
   */
  static PerceptronCourse of(
      float[][] x, float[] y, Perceptron.Coding coding, int limit, IntConsumer progress) {
    List<Step> steps = new ArrayList<>();
    List<Epoch> epochs = new ArrayList<>();
    Map<List<Integer>, Integer> seen = new HashMap<>();
    try (Perceptron unit = new Perceptron(x[0].length, coding)) {
      seen.put(bits(unit.weights()), 0);
      for (int epoch = 1; epoch <= limit; epoch++) {
        int mistakes = 0;
        for (int i = 0; i < x.length; i++) {
          float answer = unit.learn(x[i], y[i]);
          mistakes += answer == y[i] ? 0 : 1;
          if (epoch <= KEPT && x.length <= KEPT) {
            steps.add(new Step(epoch, i, answer, unit.weights()));
          }
        }
        epochs.add(new Epoch(mistakes, unit.weights()));
        progress.accept(epoch);
        Integer earlier = seen.putIfAbsent(bits(unit.weights()), epoch);
        if (mistakes == 0) {
          break;
        }
        if (earlier != null) {
          return new PerceptronCourse(steps, epochs, earlier, unit.isExact());
        }
      }
      return new PerceptronCourse(steps, epochs, -1, unit.isExact());
    }
  }

  private static List<Integer> bits(float[] w) {
    List<Integer> bits = new ArrayList<>();
    for (float number : w) {
      bits.add(Float.floatToIntBits(number + 0f)); // −0 is 0.
    }
    return bits;
  }

  Epoch last() {
    return epochs.get(epochs.size() - 1);
  }

  boolean isLearned() {
    return last().mistakes() == 0;
  }

  boolean isCycle() {
    return sameAs >= 0;
  }

  /** Whether the weights are numbers still, as they are unless inputs are huge. */
  boolean isFinite() {
    for (float number : last().w()) {
      if (!Float.isFinite(number)) {
        return false;
      }
    }
    return true;
  }

  /** After how many epochs the weights come back. */
  int cycle() {
    return epochs.size() - sameAs;
  }

  /** Of all epochs. */
  int mistakes() {
    return epochs.stream().mapToInt(Epoch::mistakes).sum();
  }

  @Override
  public String toString() {
    return "%d epochs to %s".formatted(epochs.size(), Arrays.toString(last().w()));
  }
}
