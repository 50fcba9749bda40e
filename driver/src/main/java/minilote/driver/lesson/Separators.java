package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import minilote.datasets.KeyedRandom;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Plane;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;
import minilote.trainer.network.Loss;

/** A disc as N lines have it: with fixed weights, counted, and learned from points. */
final class Separators implements Lesson {
  static final List<Integer> LINES = List.of(3, 4, 6, 8, 16, 32);
  private static final List<Integer> DRAWN = List.of(3, 6, 16);

  static final double HALF = 2;
  private static final Plane.Range SEEN = new Plane.Range(-HALF, HALF);
  private static final int FINE = 800;
  private static final int COARSE = 300;

  static final int POINTS = 800;
  private static final int SEEDS = 7;
  private static final int STEPS = 1000;
  private static final double RATE = 0.1;
  private static final double STUCK = 0.5;
  private static final String POINTS_OF_DISC = "points of a disc";

  private static final int CELLS = 60;
  private static final int ARCS = 240;
  private static final double LONG = 6;

  @Override
  public String name() {
    return "separators";
  }

  @Override
  public Findings work(Classroom room, LessonText text) {
    Findings findings = new Findings();
    findings.count("counted", (long) FINE * FINE);
    findings.count("points", POINTS);
    findings.count("steps", STEPS);
    findings.count("seeds", SEEDS);
    float[][] fine = grid(FINE);
    double[] around = LINES.stream().mapToDouble(n -> wrong(Polygon.around(n), fine)).toArray();
    double[] nearest = LINES.stream().mapToDouble(n -> wrong(Polygon.nearest(n), fine)).toArray();
    FittedWidths learned = learn(room, text);
    float[][] coarse = grid(COARSE);
    FittedWidths.Figures errors = learned.figures(network -> wrong(network, coarse));
    findings.table("fixed", fixed(around, nearest, text));
    findings.table("learned", learned(errors, text));
    findings.drawing("curves", curves(around, nearest, errors, text));
    for (int lines : DRAWN) {
      Polygon polygon = Polygon.around(lines);
      findings.drawing(
          "fixed-" + lines,
          plane(
              lines + " " + text.word("lines"),
              polygon.network(),
              sides(polygon, text.word("border")),
              text));
      FittedNetwork network = learned.best(lines, n -> wrong(n, coarse));
      findings.drawing(
          "learned-" + lines,
          plane(
              lines + " " + text.word("units"),
              network,
              borders(network, text.word("border")),
              text));
    }
    compare(findings, around, nearest, errors);
    return findings;
  }

  private static void compare(
      Findings findings, double[] around, double[] nearest, FittedWidths.Figures errors) {
    for (int i = 0; i < LINES.size(); i++) {
      findings.share("around-" + LINES.get(i), around[i]);
      findings.share("nearest-" + LINES.get(i), nearest[i]);
      findings.share("learned-" + LINES.get(i), errors.medians()[i]);
      findings.share("best-" + LINES.get(i), errors.least()[i]);
      findings.count("stuck-" + LINES.get(i), stuck(errors, i));
    }
    int last = LINES.size() - 1;
    findings.number(
        "ratio",
        around[last - 1] / around[last],
        Written.decimals(2, around[last - 1] / around[last]));
    findings.flag("smooth-ahead", errors.least()[0] < nearest[0]);
    findings.flag("some-stuck", stuck(errors, 0) > 0);
    findings.flag("polygon-ahead", nearest[last] < errors.least()[last]);
  }

  // ---- what is counted

  static boolean inDisc(double x, double y) {
    return x * x + y * y <= 1;
  }

  /** The middles of side × side equal squares, line by line. */
  private static float[][] grid(int side) {
    float[][] grid = new float[side * side][2];
    for (int i = 0; i < grid.length; i++) {
      grid[i][0] = (float) SEEN.middle(i % side, side);
      grid[i][1] = (float) SEEN.middle(i / side, side);
    }
    return grid;
  }

  private static double wrong(Polygon polygon, float[][] grid) {
    return wrong(polygon.network(), grid);
  }

  /** How many points the network and the disc have apart, for each of the disc's. */
  private static double wrong(FittedNetwork network, float[][] grid) {
    double[] answers = network.answers(grid);
    int disc = 0;
    int wrong = 0;
    for (int i = 0; i < grid.length; i++) {
      boolean in = inDisc(grid[i][0], grid[i][1]);
      disc += in ? 1 : 0;
      wrong += in == (answers[i] >= 0.5) ? 0 : 1;
    }
    return (double) wrong / disc;
  }

  // ---- learned

  private static FittedWidths learn(Classroom room, LessonText text) {
    SmallData data = points(room.seed());
    return FittedWidths.of(
        LINES,
        SEEDS,
        text.word("fitting"),
        room.progress(),
        (units, seed) ->
            FittedNetwork.of(
                "dense %d tanh, dense 1 sigmoid".formatted(units),
                Loss.BINARY_CROSS_ENTROPY,
                data,
                STEPS,
                RATE,
                room.seed() * SEEDS + seed));
  }

  /** Points of the square, with 1 where they are in the disc. */
  static SmallData points(long seed) {
    KeyedRandom random = KeyedRandom.of(seed, POINTS_OF_DISC);
    float[][] x = new float[POINTS][2];
    float[][] y = new float[POINTS][1];
    for (int i = 0; i < POINTS; i++) {
      x[i][0] = (float) (HALF * (2 * random.nextDouble() - 1));
      x[i][1] = (float) (HALF * (2 * random.nextDouble() - 1));
      y[i][0] = inDisc(x[i][0], x[i][1]) ? 1 : 0;
    }
    return new SmallData(x, y);
  }

  /** How many seeds are wrong in more than half of the disc's area. */
  private static long stuck(FittedWidths.Figures errors, int width) {
    return DoubleStream.of(errors.sorted().get(width)).filter(error -> error > STUCK).count();
  }

  // ---- tables and drawings

  private static LessonTable fixed(double[] around, double[] nearest, LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < LINES.size(); i++) {
      int lines = LINES.get(i);
      rows.add(
          List.of(
              String.valueOf(lines),
              Written.decimals(4, around[i]),
              Written.decimals(4, Polygon.excessAround(lines)),
              Written.decimals(4, Polygon.nearest(lines).distance()),
              Written.decimals(4, nearest[i])));
    }
    return new LessonTable(
        List.of("N", text.word("around"), "N·tan(π/N)/π − 1", "d", text.word("nearest")), rows);
  }

  private static LessonTable learned(FittedWidths.Figures errors, LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < LINES.size(); i++) {
      rows.add(
          List.of(
              String.valueOf(LINES.get(i)),
              Written.decimals(4, errors.medians()[i]),
              Written.decimals(4, errors.least()[i]),
              Written.decimals(4, errors.greatest()[i]),
              String.valueOf(stuck(errors, i))));
    }
    return new LessonTable(
        List.of(
            "N",
            text.word("median"),
            text.word("least"),
            text.word("greatest"),
            text.word("stuck")),
        rows);
  }

  private static Chart curves(
      double[] around, double[] nearest, FittedWidths.Figures errors, LessonText text) {
    double[] across = LINES.stream().mapToDouble(Integer::doubleValue).toArray();
    double[] exact = LINES.stream().mapToDouble(Polygon::excessAround).toArray();
    return new Chart(
        text.word("curves"),
        "N",
        Scale.LOG,
        Scale.LOG,
        "",
        List.of(
            Series.line("N·tan(π/N)/π − 1", "rule", Mark.CIRCLE, across, exact),
            Series.points(text.word("around"), Styles.of(0), Mark.of(0), across, around),
            Series.line(text.word("nearest"), Styles.of(1), Mark.of(1), across, nearest),
            Series.line(text.word("learned"), Styles.of(2), Mark.of(2), across, errors.medians())
                .withBand(errors.least(), errors.greatest())));
  }

  private static Plane plane(String title, FittedNetwork network, Series borders, LessonText text) {
    double[] x = new double[ARCS + 1];
    double[] y = new double[ARCS + 1];
    for (int i = 0; i <= ARCS; i++) {
      x[i] = StrictMath.cos(2 * StrictMath.PI * i / ARCS);
      y[i] = StrictMath.sin(2 * StrictMath.PI * i / ARCS);
    }
    float[][] cells = grid(CELLS);
    double[] answers = network.answers(cells);
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < CELLS; i++) {
      double[] row = new double[CELLS];
      for (int j = 0; j < CELLS; j++) {
        row[j] = answers[i * CELLS + j] >= 0.5 ? 1 : 0;
      }
      rows.add(row);
    }
    return new Plane(
        title,
        "x₁",
        "x₂",
        SEEN,
        SEEN,
        new Plane.Ground(rows, true),
        List.of(borders, Series.line(text.word("disc"), Styles.of(4), Mark.CIRCLE, x, y)));
  }

  private static Series sides(Polygon polygon, String name) {
    List<double[]> lines = new ArrayList<>();
    for (int side = 0; side < polygon.sides(); side++) {
      double angle = polygon.angle(side);
      lines.add(new double[] {StrictMath.cos(angle), StrictMath.sin(angle), -polygon.distance()});
    }
    return lines(lines, name);
  }

  /** Where the signals of hidden units are 0. */
  private static Series borders(FittedNetwork fitted, String name) {
    int units = fitted.network().units(1);
    float[] w = fitted.w();
    List<double[]> lines = new ArrayList<>();
    for (int unit = 0; unit < units; unit++) {
      lines.add(new double[] {w[unit], w[units + unit], w[2 * units + unit]});
    }
    return lines(lines, name);
  }

  /** Lines a x + b y + c = 0, each drawn far to both sides of its point that is nearest to 0. */
  private static Series lines(List<double[]> lines, String name) {
    double[] x = new double[3 * lines.size()];
    double[] y = new double[x.length];
    for (int i = 0; i < lines.size(); i++) {
      double[] line = lines.get(i);
      double norm = StrictMath.hypot(line[0], line[1]);
      double nearX = -line[2] * line[0] / (norm * norm);
      double nearY = -line[2] * line[1] / (norm * norm);
      for (int end = 0; end < 2; end++) {
        double along = (2 * end - 1) * LONG / norm;
        x[3 * i + end] = nearX - along * line[1];
        y[3 * i + end] = nearY + along * line[0];
      }
      x[3 * i + 2] = Double.NaN;
      y[3 * i + 2] = Double.NaN;
    }
    return Series.line(name, "rule", Mark.CIRCLE, x, y);
  }
}
