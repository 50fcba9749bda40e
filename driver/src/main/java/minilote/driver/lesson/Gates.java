package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import minilote.driver.report.Mark;
import minilote.driver.report.Plane;
import minilote.driver.report.Series;

/** One threshold unit with fixed weights is a gate: AND, OR, NOR, NOT over 0 and 1 and over ±1. */
final class Gates implements Lesson {
  private static final Plane.Range SEEN = new Plane.Range(-1.75, 1.75);
  private static final Plane.Range SEEN_OF_BITS = new Plane.Range(-0.5, 1.5);
  private static final int CELLS = 90;

  /**
   * A unit with its weights.
   *
   * @param w w₁, w₂ (of NOT: w₁), then b
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Gate(String name, float[] w) {
    int inputs() {
      return w.length - 1;
    }

    float b() {
      return w[w.length - 1];
    }
  }

  private static final List<Gate> OVER_SIGNS =
      List.of(
          new Gate("AND", new float[] {1, 1, -1.5f}),
          new Gate("OR", new float[] {1, 1, 1.5f}),
          new Gate("NOR", new float[] {-1, -1, -1.5f}),
          new Gate("NOT", new float[] {-1, 0}));

  private static final List<Gate> OVER_BITS =
      List.of(
          new Gate("AND", new float[] {1, 1, -1.5f}),
          new Gate("OR", new float[] {1, 1, -0.5f}),
          new Gate("NOR", new float[] {-1, -1, 0.5f}),
          new Gate("NOT", new float[] {-1, 0.5f}));

  @Override
  public String name() {
    return "gates";
  }

  @Override
  public Findings work(Classroom room, LessonText text) {
    Findings findings = new Findings();
    findings.table("signs", table(OVER_SIGNS, "sign", -1, text));
    findings.table("bits", table(OVER_BITS, "heaviside", 0, text));
    for (Gate gate : OVER_SIGNS) {
      if (gate.inputs() == 2) {
        findings.drawing(
            "signs-" + gate.name().toLowerCase(Locale.ROOT),
            plane(gate, "sign", -1, SEEN, text.word("over-signs")));
      }
    }
    for (Gate gate : OVER_BITS) {
      if (gate.inputs() == 2) {
        findings.drawing(
            "bits-" + gate.name().toLowerCase(Locale.ROOT),
            plane(gate, "heaviside", 0, SEEN_OF_BITS, text.word("over-bits")));
      }
    }
    return findings;
  }

  private static Answers unit(Gate gate, String threshold) {
    return Answers.of("dense 1 " + threshold, gate.inputs(), gate.w());
  }

  private static float[][] pairs(int no) {
    return new float[][] {{no, no}, {no, 1}, {1, no}, {1, 1}};
  }

  private static LessonTable table(List<Gate> gates, String threshold, int no, LessonText text) {
    List<String> columns = new ArrayList<>();
    columns.add(text.word("gate"));
    columns.add("w₁");
    columns.add("w₂");
    columns.add("b");
    float[][] pairs = pairs(no);
    for (float[] pair : pairs) {
      columns.add(Written.tuple(pair));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Gate gate : gates) {
      boolean two = gate.inputs() == 2;
      List<String> row = new ArrayList<>();
      row.add(gate.name());
      row.add(Written.brief(gate.w()[0]));
      row.add(two ? Written.brief(gate.w()[1]) : "");
      row.add(Written.brief(gate.b()));
      for (float[] answer : unit(gate, threshold).to(firstInputs(pairs, gate.inputs()))) {
        row.add(Written.brief(answer[0]));
      }
      rows.add(row);
    }
    return new LessonTable(columns, rows);
  }

  private static Plane plane(Gate gate, String threshold, int no, Plane.Range seen, String over) {
    float[][] pairs = pairs(no);
    Answers unit = unit(gate, threshold);
    float[][] answers = unit.to(pairs);
    List<Series> series = new ArrayList<>();
    series.add(
        SeparatingLine.over(
            seen, seen, "w₁x₁ + w₂x₂ + b = 0", "rule", gate.w()[0], gate.w()[1], gate.b()));
    for (int of = 1; of >= no; of -= 1 - no) {
      List<float[]> points = new ArrayList<>();
      for (int i = 0; i < pairs.length; i++) {
        if (answers[i][0] == of) {
          points.add(pairs[i]);
        }
      }
      series.add(
          Series.points(
              "ŷ = " + Written.brief(of),
              of == 1 ? "s1" : "s0",
              of == 1 ? Mark.SQUARE : Mark.CIRCLE,
              points.stream().mapToDouble(p -> p[0]).toArray(),
              points.stream().mapToDouble(p -> p[1]).toArray()));
    }
    return new Plane(
        gate.name() + ", " + over,
        "x₁",
        "x₂",
        seen,
        seen,
        unit.regions(seen, seen, CELLS, 1),
        series);
  }

  /** NOT looks at the first of the two alone. */
  private static float[][] firstInputs(float[][] pairs, int inputs) {
    return Arrays.stream(pairs).map(pair -> Arrays.copyOf(pair, inputs)).toArray(float[][]::new);
  }
}
