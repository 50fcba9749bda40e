package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import minilote.driver.report.Mark;
import minilote.driver.report.Plane;
import minilote.driver.report.Series;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.ForwardPropagation;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;

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

  /** What the unit answers to each example. */
  private static float[] answers(Gate gate, String threshold, float[][] x) {
    Network network =
        Network.of(NetworkDescription.parse("dense 1 " + threshold), List.of(gate.inputs()));
    try (ForwardPropagation unit =
        new ForwardPropagation(network, EngineKind.PORTABLE.create(), x.length)) {
      unit.setParameters(gate.w());
      for (int i = 0; i < x.length; i++) {
        System.arraycopy(x[i], 0, unit.inputs(), i * gate.inputs(), gate.inputs());
      }
      unit.forward(x.length);
      return unit.outputs().clone();
    }
  }

  private static LessonTable table(List<Gate> gates, String threshold, int no, LessonText text) {
    List<String> columns = new ArrayList<>();
    columns.add(text.word("gate"));
    columns.add("w₁");
    columns.add("w₂");
    columns.add("b");
    float[][] pairs = {{no, no}, {no, 1}, {1, no}, {1, 1}};
    for (float[] pair : pairs) {
      columns.add("(%s, %s)".formatted(whole(pair[0]), whole(pair[1])));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Gate gate : gates) {
      boolean two = gate.inputs() == 2;
      List<String> row = new ArrayList<>();
      row.add(gate.name());
      row.add(number(gate.w()[0]));
      row.add(two ? number(gate.w()[1]) : "");
      row.add(number(gate.b()));
      // NOT looks at the first of the two alone.
      float[] answers = answers(gate, threshold, pairs);
      for (float answer : answers) {
        row.add(whole(answer));
      }
      rows.add(row);
    }
    return new LessonTable(columns, rows);
  }

  private static Plane plane(Gate gate, String threshold, int no, Plane.Range seen, String over) {
    float[][] pairs = {{no, no}, {no, 1}, {1, no}, {1, 1}};
    float[] answers = answers(gate, threshold, pairs);
    List<Series> series = new ArrayList<>();
    series.add(line(gate, seen));
    for (int of = 1; of >= no; of -= 1 - no) {
      List<float[]> points = new ArrayList<>();
      for (int i = 0; i < pairs.length; i++) {
        if (answers[i] == of) {
          points.add(pairs[i]);
        }
      }
      series.add(
          Series.points(
              "ŷ = " + whole(of),
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
        Plane.Ground.of(
            seen,
            seen,
            CELLS,
            true,
            (x, y) ->
                answers(gate, threshold, new float[][] {{(float) x, (float) y}})[0] == 1 ? 1 : 0),
        series);
  }

  /** Where w₁x₁ + w₂x₂ + b = 0. */
  private static Series line(Gate gate, Plane.Range seen) {
    double[] x = {seen.least(), seen.most()};
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = -(gate.w()[0] * x[i] + gate.b()) / gate.w()[1];
    }
    return Series.line("w₁x₁ + w₂x₂ + b = 0", "rule", Mark.CIRCLE, x, y);
  }

  private static String whole(float number) {
    return String.valueOf(Math.round(number)).replace('-', '−');
  }

  private static String number(float number) {
    return (number == Math.rint(number) ? whole(number) : String.valueOf(number)).replace('-', '−');
  }
}
