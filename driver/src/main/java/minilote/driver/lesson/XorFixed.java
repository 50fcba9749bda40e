package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.List;
import minilote.driver.report.Plane;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;
import minilote.trainer.math.Matrix;
import minilote.trainer.network.ParameterTensor;

/** XOR by threshold units whose weights somebody knows. */
final class XorFixed {
  private static final Plane.Range SIGNS = new Plane.Range(-1.75, 1.75);
  private static final Plane.Range BITS = new Plane.Range(-0.5, 1.5);
  private static final int CELLS = 48;

  /** f = h₁·¬h₂ + ¬h₁·h₂ over ±1: two ANDs, and an OR of them. */
  private static final Answers SUM_OF_PRODUCTS =
      Answers.of("dense 2 sign, dense 1 sign", 2, 1, -1, -1, 1, -1.5f, -1.5f, 1, 1, 1.5f);

  /** (x₁ ∨ x₂) ∧ ¬(x₁ ∧ x₂) over 0 and 1. */
  private static final Answers OR_AND_NOT_AND =
      Answers.of("dense 2 heaviside, dense 1 heaviside", 2, 1, 1, 1, 1, -0.5f, -1.5f, 1, -1, -0.5f);

  /** The first one behind a layer of two lines. */
  private static final Answers OF_TWO_LINES =
      Answers.of(
          "dense 2 sign, dense 2 sign, dense 1 sign",
          2,
          new float[] {-0.5f, 1, 1, 0.6f, -0.2f, -0.1f, 1, -1, -1, 1, -1.5f, -1.5f, 1, 1, 1.5f});

  private XorFixed() {}

  static void work(Findings findings, LessonText text) {
    findings.table("sum-weights", weights(SUM_OF_PRODUCTS, text, "h₁·¬h₂", "¬h₁·h₂", "f"));
    findings.table("sum", table(SUM_OF_PRODUCTS, -1, "(h₁, h₂)", "h₁·¬h₂", "¬h₁·h₂", "f"));
    findings.table("or-weights", weights(OR_AND_NOT_AND, text, "x₁ ∨ x₂", "x₁ ∧ x₂", "ŷ"));
    findings.table("or", table(OR_AND_NOT_AND, 0, "(x₁, x₂)", "x₁ ∨ x₂", "x₁ ∧ x₂", "ŷ"));
    findings.drawing(
        "sum-plane",
        plane("f = h₁·¬h₂ + ¬h₁·h₂", SUM_OF_PRODUCTS, SIGNS, -1, "h₁", "h₂", "h₁·¬h₂", "¬h₁·h₂"));
    findings.drawing(
        "or-plane",
        plane("(x₁ ∨ x₂) ∧ ¬(x₁ ∧ x₂)", OR_AND_NOT_AND, BITS, 0, "x₁", "x₂", "x₁ ∨ x₂", "x₁ ∧ x₂"));
    List<Series> lines = lines(OF_TWO_LINES, SIGNS, "h₁", "h₂");
    findings.drawing(
        "lines-plane",
        new Plane(
            text.word("of-two-lines"),
            "x₁",
            "x₂",
            SIGNS,
            SIGNS,
            OF_TWO_LINES.regions(SIGNS, SIGNS, CELLS, 1),
            lines));
  }

  private static LessonTable weights(Answers network, LessonText text, String... units) {
    LessonTable table = LessonTable.of(text.word("unit"), text.word("layer"), "w₁", "w₂", "b");
    int unit = 0;
    for (int layer = 1; layer <= network.network().layers(); layer++) {
      Matrix w = network.network().weights(network.w(), layer);
      int biases = bias(network, layer);
      for (int j = 0; j < w.columns(); j++) {
        table =
            table.with(
                units[unit++],
                String.valueOf(layer),
                Written.brief(w.get(0, j)),
                Written.brief(w.get(1, j)),
                Written.brief(network.w()[biases + j]));
      }
    }
    return table;
  }

  private static int bias(Answers network, int layer) {
    return network.network().tensors().stream()
        .filter(t -> t.role() == ParameterTensor.Role.BIAS)
        .toList()
        .get(layer - 1)
        .offset();
  }

  private static LessonTable table(Answers network, int no, String... columns) {
    float[][] x = XorTruth.over(no).inputs();
    float[][] hidden = network.to(x, 1);
    float[][] answers = network.to(x);
    LessonTable table = LessonTable.of(columns);
    for (int i = 0; i < x.length; i++) {
      table =
          table.with(
              Written.tuple(x[i]),
              Written.brief(hidden[i][0]),
              Written.brief(hidden[i][1]),
              Written.brief(answers[i][0]));
    }
    return table;
  }

  private static Plane plane(
      String title,
      Answers network,
      Plane.Range seen,
      int no,
      String x,
      String y,
      String first,
      String second) {
    List<Series> series = new ArrayList<>(lines(network, seen, first, second));
    series.addAll(XorTruth.points(no));
    return new Plane(title, x, y, seen, seen, network.regions(seen, seen, CELLS, 1), series);
  }

  /** Where the two units of the first layer are undecided. */
  static List<Series> lines(Answers network, Plane.Range seen, String... units) {
    Matrix w = network.network().weights(network.w(), 1);
    int biases = bias(network, 1);
    List<Series> lines = new ArrayList<>();
    for (int j = 0; j < units.length; j++) {
      lines.add(
          SeparatingLine.over(
              seen,
              seen,
              units[j],
              Styles.of(2 + j),
              w.get(0, j),
              w.get(1, j),
              network.w()[biases + j]));
    }
    return lines;
  }
}
