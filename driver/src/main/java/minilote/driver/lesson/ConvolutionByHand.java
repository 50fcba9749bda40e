package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.ForwardPropagation;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;

/**
 * A convolution and pools on an image so small that each number can be computed by hand: an edge
 * that goes straight down and then to the left, and a kernel that answers where it is brighter to
 * the right.
 */
final class ConvolutionByHand {
  private static final int SIDE = 6;
  private static final int KERNEL = 3;
  private static final int WINDOWS = SIDE - KERNEL + 1;
  private static final int POOL = 2;
  private static final int POOLED = WINDOWS / POOL;
  private static final float BIAS = -1;

  private static final float[] IMAGE = {
    0, 0, 0, 1, 1, 1,
    0, 0, 0, 1, 1, 1,
    0, 0, 1, 1, 1, 1,
    0, 1, 1, 1, 1, 0,
    1, 1, 1, 1, 0, 0,
    1, 1, 1, 0, 0, 0
  };

  private static final float[] WEIGHTS = {
    -1, 0, 1,
    -1, 0, 1,
    -1, 0, 1
  };

  private static final String CONVOLUTION = "conv 1 3x3 padding valid";

  private final float[] signals = through("", 1);
  private final float[] outputs = through(" relu", 1);
  private final float[] largest = through(" relu, max-pool 2x2", 2);
  private final float[] means = through(" relu, average-pool 2x2", 2);

  ConvolutionByHand() {}

  /** What the trainer's layers make of the image. */
  private static float[] through(String rest, int layer) {
    Network network =
        Network.of(
            NetworkDescription.parse(CONVOLUTION + rest + ", flatten"), List.of(1, SIDE, SIDE));
    try (ForwardPropagation forward =
        new ForwardPropagation(network, EngineKind.PORTABLE.create(), 1)) {
      float[] parameters = new float[network.parameterCount()];
      System.arraycopy(WEIGHTS, 0, parameters, 0, WEIGHTS.length);
      parameters[WEIGHTS.length] = BIAS;
      forward.setParameters(parameters);
      System.arraycopy(IMAGE, 0, forward.inputs(), 0, IMAGE.length);
      forward.forward(1);
      return Arrays.copyOf(forward.outputs(layer), network.units(layer));
    }
  }

  /** Puts what there is to see among the findings. */
  void tell(Findings findings, LessonText text) {
    findings.word("by-hand", table(text.word("largest"), text.word("mean")));
    findings.word("one-place", place(0, 1));
    findings.number("one-signal", signals[1], number(signals[1]));
    findings.number("bias", BIAS, number(BIAS));
  }

  /** All matrices side by side. */
  private String table(String ofLargest, String ofMeans) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-15s%-14s%-15s%-11s%-7s%s"
            .formatted(" x^(0)", " W^(1)", " s^(1)", " x^(1)", " " + ofLargest, " " + ofMeans));
    for (int row = 0; row < SIDE; row++) {
      lines.add(
          String.join(
              "   ",
              cells(IMAGE, SIDE, row, 2),
              cells(WEIGHTS, KERNEL, row, 3) + "  ",
              cells(signals, WINDOWS, row, 3),
              cells(outputs, WINDOWS, row, 2),
              cells(largest, POOLED, row, 2),
              cells(means, POOLED, row, 5)));
    }
    return lines.stream().map(String::stripTrailing).collect(Collectors.joining("\n"));
  }

  /** A row of a matrix, or as much room. */
  private static String cells(float[] matrix, int columns, int row, int width) {
    StringBuilder line = new StringBuilder();
    for (int at = row * columns; at < (row + 1) * columns; at++) {
      String cell = at < matrix.length ? number(matrix[at]) : "";
      line.append(" ".repeat(width - cell.length())).append(cell);
    }
    return line.toString();
  }

  /** The sum at a place, written out. */
  private static String place(int top, int left) {
    StringJoiner sum = new StringJoiner(" + ");
    for (int row = 0; row < KERNEL; row++) {
      for (int column = 0; column < KERNEL; column++) {
        float weight = WEIGHTS[row * KERNEL + column];
        float pixel = IMAGE[(top + row) * SIDE + left + column];
        sum.add((weight < 0 ? "(%s)·%s" : "%s·%s").formatted(number(weight), number(pixel)));
      }
    }
    return sum.toString();
  }

  private static String number(float number) {
    String written =
        number == Math.rint(number)
            ? String.format(Locale.ROOT, "%.0f", number + 0.0)
            : String.format(Locale.ROOT, "%.2f", number);
    return written.replace('-', '−');
  }
}
