package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import minilote.datasets.KeyedRandom;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Plane;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;
import minilote.trainer.network.Loss;

/** One hidden layer approximates smooth functions: error against units, and against examples. */
final class Approximation implements Lesson {
  static final List<Integer> UNITS = List.of(1, 2, 4, 8, 16, 32);
  static final int SEEDS = 7;
  private static final int STEPS = 1500;
  private static final double RATE = 0.05;

  private static final int POINTS = 64;
  private static final int SIDE = 14;

  static final int NEW_POINTS = 400;
  private static final int NEW_SIDE = 40;

  static final int FEW = 10;
  static final int MANY = 120;
  static final double NOISE = 0.3;
  private static final String NOISY_POINTS = "noisy points";

  private static final int DRAWN_POINTS = 120;
  private static final List<Integer> DRAWN = List.of(1, 2, 4, 32);
  private static final List<Integer> DRAWN_OF_FEW = List.of(2, 32);
  private static final List<Integer> DRAWN_PLANES = List.of(2, 8);
  private static final Plane.Range SEEN = new Plane.Range(-1, 1);

  /** What is approximated, of one variable. */
  static double wave(double x) {
    return StrictMath.sin(3 * x) + StrictMath.cos(7 * x) / 2;
  }

  /** What is approximated, of two variables. */
  static double hills(double x, double y) {
    return StrictMath.sin(3 * x) * StrictMath.cos(2 * y);
  }

  @Override
  public String name() {
    return "approximation";
  }

  @Override
  public Findings work(Classroom room, LessonText text) {
    Findings findings = new Findings();
    findings.count("seeds", SEEDS);
    findings.count("steps", STEPS);
    findings.count("points", POINTS);
    findings.count("points-of-two", SIDE * SIDE);
    FittedWidths one = fit(onWave(POINTS, false), room, text.word("fitting-one"));
    FittedWidths two = fit(onHills(SIDE, false), room, text.word("fitting-two"));
    units(findings, one, two, text);
    examples(findings, room, text);
    return findings;
  }

  private static FittedWidths fit(SmallData data, Classroom room, String phase) {
    return FittedWidths.of(
        UNITS, SEEDS, phase, room.progress(), (width, seed) -> learn(data, width, room, seed));
  }

  private static FittedNetwork learn(SmallData data, int width, Classroom room, int seed) {
    return FittedNetwork.of(
        "dense %d tanh, dense 1 linear".formatted(width),
        Loss.HALF_SQUARED_ERROR,
        data,
        STEPS,
        RATE,
        room.seed() * SEEDS + seed);
  }

  // ---- what is learned

  /** Points of the wave, side by side: with both ends, or in the middles of equal parts. */
  static SmallData onWave(int points, boolean middles) {
    float[][] x = new float[points][1];
    float[][] y = new float[points][1];
    for (int i = 0; i < points; i++) {
      x[i][0] = (float) place(i, points, middles);
      y[i][0] = (float) wave(x[i][0]);
    }
    return new SmallData(x, y);
  }

  private static double place(int i, int points, boolean middles) {
    return middles ? (2.0 * i + 1) / points - 1 : 2.0 * i / (points - 1) - 1;
  }

  private static SmallData onHills(int side, boolean middles) {
    float[][] x = new float[side * side][2];
    float[][] y = new float[side * side][1];
    for (int i = 0; i < x.length; i++) {
      x[i][0] = (float) place(i % side, side, middles);
      x[i][1] = (float) place(i / side, side, middles);
      y[i][0] = (float) hills(x[i][0], x[i][1]);
    }
    return new SmallData(x, y);
  }

  /** Points at random places of the wave, with noise. */
  static SmallData noisy(int points, long seed, int draw) {
    KeyedRandom random = KeyedRandom.of(seed, NOISY_POINTS, points, draw);
    float[][] x = new float[points][1];
    float[][] y = new float[points][1];
    for (int i = 0; i < points; i++) {
      x[i][0] = (float) (2 * random.nextDouble() - 1);
      y[i][0] = (float) (wave(x[i][0]) + NOISE * random.nextGaussian());
    }
    return new SmallData(x, y);
  }

  // ---- error against units

  private static void units(
      Findings findings, FittedWidths one, FittedWidths two, LessonText text) {
    SmallData newOfOne = onWave(NEW_POINTS, true);
    SmallData newOfTwo = onHills(NEW_SIDE, true);
    FittedWidths.Figures ofOne = one.figures(network -> network.error(newOfOne));
    FittedWidths.Figures ofTwo = two.figures(network -> network.error(newOfTwo));
    findings.table("errors", errors(ofOne, ofTwo, text));
    findings.drawing(
        "error-curves",
        new Chart(
            text.word("error-curves"),
            text.word("units"),
            Scale.LOG,
            Scale.LOG,
            "",
            List.of(
                banded(text.word("one-variable"), 0, one.across(), ofOne),
                banded(text.word("two-variables"), 1, two.across(), ofTwo))));
    findings.drawing("fits", fits(one, newOfOne, text));
    findings.drawing("hills", plane(text.word("target-of-two"), Approximation::hills));
    for (int width : DRAWN_PLANES) {
      FittedNetwork network = two.median(width, n -> n.error(newOfTwo));
      findings.drawing(
          "hills-" + width, plane(width + " " + text.word("units"), (x, y) -> at(network, x, y)));
    }
    for (int i = 0; i < UNITS.size(); i++) {
      findings.number("one-" + UNITS.get(i), ofOne.medians()[i]);
      findings.number("two-" + UNITS.get(i), ofTwo.medians()[i]);
    }
    findings.flag("falls", ofOne.falls() && ofTwo.falls());
  }

  private static double at(FittedNetwork network, double x, double y) {
    return network.answers(new float[][] {{(float) x, (float) y}})[0];
  }

  private static LessonTable errors(
      FittedWidths.Figures ofOne, FittedWidths.Figures ofTwo, LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < UNITS.size(); i++) {
      rows.add(
          List.of(
              String.valueOf(UNITS.get(i)),
              Written.number(ofOne.medians()[i]),
              range(ofOne, i),
              Written.number(ofTwo.medians()[i]),
              range(ofTwo, i)));
    }
    return new LessonTable(
        List.of(
            text.word("units"),
            text.word("one-variable"),
            text.word("range"),
            text.word("two-variables"),
            text.word("range-of-two")),
        rows);
  }

  private static String range(FittedWidths.Figures figures, int width) {
    return Written.decimals(3, figures.least()[width])
        + "–"
        + Written.decimals(3, figures.greatest()[width]);
  }

  private static Series banded(
      String name, int index, double[] across, FittedWidths.Figures figures) {
    return Series.line(name, Styles.of(index), Mark.of(index), across, figures.medians())
        .withBand(figures.least(), figures.greatest());
  }

  private static Chart fits(FittedWidths one, SmallData newPoints, LessonText text) {
    List<Series> series = new ArrayList<>();
    series.add(target(text));
    for (int width : DRAWN) {
      series.add(curve(width, series.size(), one.median(width, n -> n.error(newPoints)), text));
    }
    return new Chart(text.word("fits"), "x", Scale.LINEAR_ACROSS, Scale.LINEAR, "", series);
  }

  private static Series target(LessonText text) {
    SmallData wave = onWave(DRAWN_POINTS, false);
    return Series.line(
        text.word("target"),
        Styles.of(0),
        Mark.of(0),
        firsts(wave.inputs()),
        firsts(wave.targets()));
  }

  private static Series curve(int width, int index, FittedNetwork network, LessonText text) {
    SmallData wave = onWave(DRAWN_POINTS, false);
    return Series.line(
        width + " " + text.word(width == 1 ? "unit" : "units"),
        Styles.of(index),
        Mark.of(index),
        firsts(wave.inputs()),
        network.answers(wave.inputs()));
  }

  private static double[] firsts(float[][] rows) {
    double[] firsts = new double[rows.length];
    for (int i = 0; i < firsts.length; i++) {
      firsts[i] = rows[i][0];
    }
    return firsts;
  }

  /** Heights from −1 to 1, as shades. */
  private static Plane plane(String title, Plane.OfTwo height) {
    return new Plane(
        title,
        "x₁",
        "x₂",
        SEEN,
        SEEN,
        Plane.Ground.of(SEEN, SEEN, NEW_SIDE, false, (x, y) -> (height.at(x, y) + 1) / 2),
        List.of());
  }

  // ---- error against examples

  private static void examples(Findings findings, Classroom room, LessonText text) {
    List<SmallData> fewData = draws(FEW, room);
    List<SmallData> manyData = draws(MANY, room);
    FittedWidths few = fitDraws(fewData, room, text.word("fitting-few"));
    FittedWidths many = fitDraws(manyData, room, text.word("fitting-many"));
    SmallData newPoints = onWave(NEW_POINTS, true);
    FittedWidths.Figures fewNew = few.figures(network -> network.error(newPoints));
    FittedWidths.Figures manyNew = many.figures(network -> network.error(newPoints));
    FittedWidths.Figures fewSeen = seen(few, fewData);
    FittedWidths.Figures manySeen = seen(many, manyData);
    findings.count("few", FEW);
    findings.count("many", MANY);
    findings.number("noise", NOISE, Written.trimmed(NOISE));
    findings.table("examples", examples(fewSeen, fewNew, manySeen, manyNew, text));
    double[] across = few.across();
    findings.drawing(
        "example-curves",
        new Chart(
            text.word("example-curves"),
            text.word("units"),
            Scale.LOG,
            Scale.LOG,
            "",
            List.of(
                line(text.word("seen"), FEW, 0, across, fewSeen),
                line(text.word("new"), FEW, 1, across, fewNew),
                line(text.word("seen"), MANY, 2, across, manySeen),
                line(text.word("new"), MANY, 3, across, manyNew))));
    findings.drawing("few-fits", fewFits(fewData.get(0), few, text));
    findings.count("few-best", UNITS.get(fewNew.best()));
    findings.count("many-best", UNITS.get(manyNew.best()));
    findings.number("few-least", fewNew.medians()[fewNew.best()]);
    findings.number("many-least", manyNew.medians()[manyNew.best()]);
    int last = UNITS.size() - 1;
    findings.number("few-seen-last", fewSeen.medians()[last]);
    findings.number("few-new-last", fewNew.medians()[last]);
    findings.number("many-new-last", manyNew.medians()[last]);
    findings.flag(
        "learned-noise",
        fewSeen.medians()[last] < NOISE / 2
            && fewNew.medians()[last] > fewNew.medians()[fewNew.best()]);
    findings.flag("more-need-more", fewNew.best() < manyNew.best());
  }

  private static List<SmallData> draws(int points, Classroom room) {
    List<SmallData> draws = new ArrayList<>();
    for (int draw = 0; draw < SEEDS; draw++) {
      draws.add(noisy(points, room.seed(), draw));
    }
    return draws;
  }

  /** Each seed with points of its own. */
  private static FittedWidths fitDraws(List<SmallData> draws, Classroom room, String phase) {
    return FittedWidths.of(
        UNITS,
        SEEDS,
        phase,
        room.progress(),
        (width, seed) -> learn(draws.get(seed), width, room, seed));
  }

  /** The error on the points that each has learned. */
  private static FittedWidths.Figures seen(FittedWidths widths, List<SmallData> draws) {
    List<double[]> sorted = new ArrayList<>();
    for (List<FittedNetwork> networks : widths.networks()) {
      double[] errors = new double[SEEDS];
      for (int seed = 0; seed < SEEDS; seed++) {
        errors[seed] = networks.get(seed).error(draws.get(seed));
      }
      Arrays.sort(errors);
      sorted.add(errors);
    }
    return new FittedWidths.Figures(sorted);
  }

  private static LessonTable examples(
      FittedWidths.Figures fewSeen,
      FittedWidths.Figures fewNew,
      FittedWidths.Figures manySeen,
      FittedWidths.Figures manyNew,
      LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < UNITS.size(); i++) {
      rows.add(
          List.of(
              String.valueOf(UNITS.get(i)),
              Written.number(fewSeen.medians()[i]),
              Written.number(fewNew.medians()[i]),
              Written.number(manySeen.medians()[i]),
              Written.number(manyNew.medians()[i])));
    }
    return new LessonTable(
        List.of(
            text.word("units"),
            of(text.word("seen"), FEW),
            of(text.word("new"), FEW),
            of(text.word("seen"), MANY),
            of(text.word("new"), MANY)),
        rows);
  }

  private static String of(String which, int points) {
    return "%s, N\u00a0=\u00a0%d".formatted(which, points);
  }

  private static Series line(
      String which, int points, int index, double[] across, FittedWidths.Figures figures) {
    return Series.line(
        of(which, points), Styles.of(index), Mark.of(index), across, figures.medians());
  }

  /** What networks make of the first draw. */
  private static Chart fewFits(SmallData data, FittedWidths few, LessonText text) {
    List<Series> series = new ArrayList<>();
    series.add(target(text));
    for (int width : DRAWN_OF_FEW) {
      series.add(
          curve(width, series.size(), few.networks().get(UNITS.indexOf(width)).get(0), text));
    }
    series.add(
        Series.points(
            text.word("points"),
            Styles.of(series.size()),
            Mark.of(series.size()),
            firsts(data.inputs()),
            firsts(data.targets())));
    return new Chart(text.word("few-fits"), "x", Scale.LINEAR_ACROSS, Scale.LINEAR, "", series);
  }
}
