package minilote.driver.lesson;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import minilote.datasets.Json;

/**
 * A named matrix of a pass through a network; of a derivative, also what central differences give.
 *
 * @param name as the course writes it: {@code ∂E/∂W1}
 * @param formula what it is computed from; empty where it is given
 * @param values rows × columns, row-major
 * @param differences the same by central differences; empty where it is no derivative
 */
@SuppressWarnings("ArrayRecordComponent") // Quantities are not compared.
record Quantity(
    String name, String formula, int rows, int columns, float[] values, double[] differences) {
  /** What two matrices side by side may take, so that a phone shows both. */
  private static final int NARROW = 43;

  private static final double[] NONE = {};
  private static final int WIDE = 70;
  private static final String INDENT = "  ";
  private static final String GAP = "  ";
  private static final String FAR = "    ";
  private static final String BESIDE = "  │";
  private static final double LEAST_FIXED = 1e-2;
  private static final double MOST_FIXED = 1e4;

  Quantity {
    if (values.length != rows * columns
        || (differences.length != 0 && differences.length != values.length)) {
      throw new IllegalArgumentException(
          "%s is %d × %d, not %d numbers".formatted(name, rows, columns, values.length));
    }
  }

  /** One that is no derivative. */
  static Quantity of(String name, String formula, int rows, int columns, float[] values) {
    return new Quantity(name, formula, rows, columns, values, NONE);
  }

  boolean isDerivative() {
    return differences.length > 0;
  }

  /** ‖a − b‖ over the larger of ‖a‖ and ‖b‖; 0 where all is 0. */
  double relativeDifference() {
    double apart = 0;
    double here = 0;
    double there = 0;
    for (int i = 0; i < values.length; i++) {
      apart += (values[i] - differences[i]) * (values[i] - differences[i]);
      here += (double) values[i] * values[i];
      there += differences[i] * differences[i];
    }
    return apart == 0 ? 0 : Math.sqrt(apart / Math.max(here, there));
  }

  /**
   * Name, formula and shape, then the matrix; then, or beside it where both are narrow, what
   * central differences give.
   */
  String toLines() {
    double[] here = IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    String shape = "%d × %d".formatted(rows, columns);
    if (isDerivative()) {
      shape += String.format(Locale.ROOT, ", Δ = %.1e", relativeDifference());
    }
    String head = formula.isEmpty() ? name : name + " = " + formula;
    boolean isLong = head.length() + shape.length() > NARROW - FAR.length();
    StringBuilder lines =
        new StringBuilder(head).append(isLong ? "\n" + INDENT : FAR).append(shape).append('\n');
    if (!isDerivative()) {
      return lines.append(String.join("\n", matrix(here))).toString();
    }
    List<String> left = matrix(here);
    List<String> right = matrix(differences);
    int width = width(left);
    if (left.size() == rows && right.size() == rows && width + width(right) <= NARROW) {
      for (int row = 0; row < rows; row++) {
        lines.append(left.get(row)).append(BESIDE).append(right.get(row)).append('\n');
      }
    } else {
      lines
          .append(String.join("\n", left))
          .append('\n')
          .append(INDENT)
          .append("─".repeat(Math.max(width, width(right)) - INDENT.length()))
          .append('\n')
          .append(String.join("\n", right));
    }
    return lines.toString().stripTrailing();
  }

  private static int width(List<String> lines) {
    return lines.stream().mapToInt(String::length).max().orElse(0);
  }

  /** A line a row; where rows are long, some columns of all rows, then the next ones. */
  private List<String> matrix(double[] numbers) {
    double most = 0;
    for (double number : numbers) {
      most = Math.max(most, Math.abs(number));
    }
    String format = most == 0 || (most >= LEAST_FIXED && most < MOST_FIXED) ? "%.6f" : "%.5e";
    List<String> cells = new ArrayList<>();
    for (double number : numbers) {
      String cell = String.format(Locale.ROOT, format, number);
      cells.add((Double.parseDouble(cell) == 0 ? cell.replace("-", "") : cell).replace('-', '−'));
    }
    int width = width(cells);
    int together = Math.max(1, WIDE / (width + GAP.length()));
    List<String> lines = new ArrayList<>();
    for (int from = 0; from < columns; from += together) {
      if (from > 0) {
        lines.add(INDENT + "…");
      }
      for (int row = 0; row < rows; row++) {
        StringBuilder line = new StringBuilder();
        for (int column = from; column < Math.min(columns, from + together); column++) {
          String cell = cells.get(row * columns + column);
          line.append(GAP).append(" ".repeat(width - cell.length())).append(cell);
        }
        lines.add(line.toString());
      }
    }
    return lines;
  }

  /** Several, with a blank line between two. */
  static String toLines(List<Quantity> quantities) {
    return String.join("\n\n", quantities.stream().map(Quantity::toLines).toList());
  }

  /** With shape, values and, of a derivative, differences. */
  ObjectNode toJson() {
    ObjectNode json = Json.object().put("name", name).put("formula", formula);
    json.putArray("shape").add(rows).add(columns);
    ArrayNode matrix = json.putArray("values");
    for (int row = 0; row < rows; row++) {
      ArrayNode line = matrix.addArray();
      for (int column = 0; column < columns; column++) {
        line.add(values[row * columns + column]);
      }
    }
    if (isDerivative()) {
      ArrayNode other = json.putArray("differences");
      for (int row = 0; row < rows; row++) {
        ArrayNode line = other.addArray();
        for (int column = 0; column < columns; column++) {
          line.add(differences[row * columns + column]);
        }
      }
      json.put("relative_difference", relativeDifference());
    }
    return json;
  }

  /** Several. */
  static ArrayNode toJson(List<Quantity> quantities) {
    ArrayNode list = Json.object().putArray("list");
    quantities.forEach(quantity -> list.add(quantity.toJson()));
    return list;
  }
}
