package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import minilote.datasets.UserError;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Plane;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;

/** The perceptron rule on examples of the user's own. */
final class OwnPerceptron {
  private static final int MOST_EPOCHS = 1000;
  private static final int FEWEST_EPOCHS = 20;

  /** Of larger files fewer epochs, so that nobody waits for long. */
  private static final int MOST_STEPS = 10_000_000;

  /** With as many examples it takes seconds. */
  private static final int LARGE = 1000;

  private static final int WEIGHTS_SHOWN = 20;
  private static final int POINTS = 300;
  private static final double MARGIN = 0.1;

  private final LessonCsv csv;
  private final PerceptronExamples examples;
  private final LessonText text;

  OwnPerceptron(LessonCsv csv, LessonText text) {
    this.csv = csv;
    this.examples = PerceptronExamples.of(csv);
    this.text = text;
  }

  void work(Classroom room, Findings findings) {
    int size = examples.y().length;
    int limit = Math.max(FEWEST_EPOCHS, Math.min(MOST_EPOCHS, MOST_STEPS / size));
    PerceptronCourse course =
        PerceptronCourse.of(
            examples.x(),
            examples.y(),
            examples.coding(),
            limit,
            epoch -> {
              if (size > LARGE) {
                room.progress().progress(text.word("epochs"), epoch, limit);
              }
            });
    if (!course.isFinite()) {
      throw new UserError(
          "%s: its inputs are so large that the weights left what a float can hold: divide each column by its greatest number"
              .formatted(csv.file()));
    }
    findings.word("csv-file", String.valueOf(csv.file().getFileName()));
    findings.count("csv-examples", size);
    findings.count("csv-inputs", examples.inputs().size());
    findings.word("csv-coding", examples.coding() == Perceptron.Coding.BITS ? "0, 1" : "−1, 1");
    findings.flag("csv-learned", course.isLearned());
    findings.flag("csv-cycle", course.isCycle());
    findings.flag("csv-exact", course.exact() && isExact());
    findings.flag("csv-limit", !course.isLearned() && !course.isCycle());
    findings.count("csv-epochs", course.epochs().size());
    findings.count("csv-mistakes", course.mistakes());
    findings.count("csv-last", course.last().mistakes());
    findings.count(
        "csv-fewest",
        course.epochs().stream().mapToInt(PerceptronCourse.Epoch::mistakes).min().orElse(0));
    findings.count("csv-same", Math.max(0, course.sameAs()));
    findings.count("csv-cycle-epochs", course.isCycle() ? course.cycle() : 0);
    findings.table("csv-weights", weights(course));
    findings.flag("csv-more-weights", examples.inputs().size() > WEIGHTS_SHOWN);
    findings.count("csv-weights-shown", WEIGHTS_SHOWN);
    findings.drawing("csv-curve", curve(course));
    findings.flag("csv-plane-drawn", examples.inputs().size() == 2);
    if (examples.inputs().size() == 2) {
      findings.drawing("csv-plane", plane(course));
    }
  }

  /** Whether single precision holds all inputs as they are written. */
  private boolean isExact() {
    for (double[] row : csv.rows()) {
      for (double number : row) {
        if ((float) number != number) {
          return false;
        }
      }
    }
    return true;
  }

  private LessonTable weights(PerceptronCourse course) {
    LessonTable table = LessonTable.of(text.word("input"), text.word("weight"));
    float[] w = course.last().w();
    for (int i = 0; i < Math.min(w.length - 1, WEIGHTS_SHOWN); i++) {
      table = table.with(examples.inputs().get(i), Written.brief(w[i]));
    }
    return table.with("b", Written.brief(w[w.length - 1]));
  }

  private Chart curve(PerceptronCourse course) {
    int epochs = course.epochs().size();
    int stride = (epochs + POINTS - 1) / POINTS;
    int[] drawn =
        IntStream.range(0, epochs).filter(i -> i % stride == 0 || i == epochs - 1).toArray();
    return new Chart(
        text.word("mistakes"),
        text.word("epoch"),
        Scale.COUNTING,
        Scale.LINEAR,
        "",
        List.of(
            Series.line(
                text.word("mistakes"),
                Styles.of(0),
                Mark.CIRCLE,
                Arrays.stream(drawn).mapToDouble(i -> i + 1).toArray(),
                Arrays.stream(drawn)
                    .mapToDouble(i -> course.epochs().get(i).mistakes())
                    .toArray())));
  }

  private Plane plane(PerceptronCourse course) {
    Plane.Range across = range(0);
    Plane.Range up = range(1);
    float[] w = course.last().w();
    List<Series> series = new ArrayList<>();
    series.add(
        SeparatingLine.over(
            across,
            up,
            "%s %d".formatted(text.word("after-epoch"), course.epochs().size()),
            "rule",
            w[0],
            w[1],
            w[2]));
    series.addAll(LabelledPoints.of(examples.x(), examples.y(), examples.coding().no()));
    return new Plane(
        text.word("your-examples"),
        examples.inputs().get(0),
        examples.inputs().get(1),
        across,
        up,
        Plane.Ground.of(across, up, 60, true, (x, y) -> w[0] * x + w[1] * y + w[2] >= 0 ? 1 : 0),
        series);
  }

  /** All of an input's numbers, with some room. */
  private Plane.Range range(int input) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (float[] x : examples.x()) {
      least = Math.min(least, x[input]);
      most = Math.max(most, x[input]);
    }
    double margin = most > least ? MARGIN * (most - least) : 1 + Math.abs(most) * MARGIN;
    return new Plane.Range(least - margin, most + margin);
  }
}
