package minilote.driver.lesson;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Plane;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;

/** The perceptron rule on gates, on XOR, which no line separates, and on the user's examples. */
final class PerceptronLesson implements Lesson {
  private static final int LIMIT = 100;
  private static final int STEPS_OF = 3;
  private static final int EPOCHS_DRAWN = 12;
  private static final int MISTAKES_WRITTEN = 8;
  private static final Plane.Range SEEN = new Plane.Range(-0.5, 1.5);
  private static final Plane.Range SEEN_OF_CYCLE = new Plane.Range(-1.5, 1.5);

  /**
   * A gate.
   *
   * @param truth for (no, no), (no, yes), (yes, no), (yes, yes); of NOT for no, yes
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Gate(String name, boolean[] truth) {
    PerceptronExamples over(Perceptron.Coding coding) {
      int inputs = truth.length == 2 ? 1 : 2;
      float[][] x = new float[truth.length][inputs];
      float[] y = new float[truth.length];
      for (int i = 0; i < truth.length; i++) {
        for (int j = 0; j < inputs; j++) {
          x[i][j] = (i >> (inputs - 1 - j) & 1) == 1 ? 1 : coding.no();
        }
        y[i] = truth[i] ? 1 : coding.no();
      }
      return new PerceptronExamples(x, y, coding, List.of("x₁", "x₂").subList(0, inputs));
    }
  }

  private static final Gate AND = new Gate("AND", new boolean[] {false, false, false, true});
  private static final Gate XOR = new Gate("XOR", new boolean[] {false, true, true, false});

  private static final List<Gate> GATES =
      List.of(
          AND,
          new Gate("OR", new boolean[] {false, true, true, true}),
          new Gate("NOR", new boolean[] {true, false, false, false}),
          new Gate("NOT", new boolean[] {true, false}),
          XOR);

  @Override
  public String name() {
    return "perceptron";
  }

  @Override
  public Set<LessonOption> options() {
    return Set.of(LessonOption.CSV);
  }

  @Override
  public Findings work(Classroom room, LessonText text) throws IOException {
    Findings findings = new Findings();
    // First, so that what is wrong with the user's file is said at once.
    findings.flag("csv", room.csv() != null);
    if (room.csv() != null) {
      new OwnPerceptron(LessonCsv.read(room.csv()), text).work(room, findings);
    }
    and(findings, text);
    findings.table("bits", table(Perceptron.Coding.BITS, text));
    findings.table("signs", table(Perceptron.Coding.SIGNS, text));
    findings.drawing("mistakes", mistakes(text));
    xor(findings, text);
    return findings;
  }

  private static PerceptronCourse learn(PerceptronExamples examples) {
    return PerceptronCourse.of(examples.x(), examples.y(), examples.coding(), LIMIT, epoch -> {});
  }

  private static void and(Findings findings, LessonText text) {
    PerceptronExamples examples = AND.over(Perceptron.Coding.BITS);
    PerceptronCourse course = learn(examples);
    findings.count("and-epochs", course.epochs().size());
    findings.count("and-mistakes", course.mistakes());
    findings.count("and-shown", STEPS_OF);
    findings.table("steps", steps(examples, course, 1, STEPS_OF, text));
    findings.drawing("lines", plane(examples, course, 1, "AND: " + text.word("lines"), text));
    float[] w = course.last().w();
    findings.flag("and-on-line", w[0] + w[1] + w[2] == 0);
  }

  private static void xor(Findings findings, LessonText text) {
    PerceptronExamples examples = XOR.over(Perceptron.Coding.BITS);
    PerceptronCourse course = learn(examples);
    findings.flag("xor-cycle", course.isCycle());
    findings.count("xor-epochs", course.epochs().size());
    findings.count("xor-same", course.sameAs());
    findings.count("xor-cycle-epochs", course.cycle());
    findings.flag("xor-one-epoch", course.cycle() == 1);
    findings.count("xor-mistakes", course.last().mistakes());
    findings.word("xor-weights", Written.tuple(course.last().w()));
    findings.table(
        "xor-steps", steps(examples, course, course.sameAs() + 1, course.epochs().size(), text));
    findings.drawing(
        "xor-lines", planeOfSteps(examples, course, "XOR: " + text.word("one-pass"), text));
    PerceptronCourse signs = learn(XOR.over(Perceptron.Coding.SIGNS));
    findings.flag("xor-signs-cycle", signs.isCycle());
    findings.count("xor-signs-cycle-epochs", signs.cycle());
    findings.flag("xor-signs-one-epoch", signs.cycle() == 1);
  }

  private static LessonTable steps(
      PerceptronExamples examples, PerceptronCourse course, int from, int to, LessonText text) {
    LessonTable table =
        LessonTable.of(text.word("epoch"), "(x₁, x₂)", "y", "ŷ", "y − ŷ", "w₁", "w₂", "b");
    for (PerceptronCourse.Step step : course.steps()) {
      if (step.epoch() >= from && step.epoch() <= to) {
        float y = examples.y()[step.example()];
        table =
            table.with(
                String.valueOf(step.epoch()),
                Written.tuple(examples.x()[step.example()]),
                Written.brief(y),
                Written.brief(step.answer()),
                Written.brief(y - step.answer()),
                Written.brief(step.w()[0]),
                Written.brief(step.w()[1]),
                Written.brief(step.w()[2]));
      }
    }
    return table;
  }

  private static LessonTable table(Perceptron.Coding coding, LessonText text) {
    LessonTable table =
        LessonTable.of(
            text.word("gate"),
            text.word("mistakes-of-epochs"),
            text.word("epochs"),
            "w₁",
            "w₂",
            "b");
    for (Gate gate : GATES) {
      PerceptronCourse course = learn(gate.over(coding));
      float[] w = course.last().w();
      boolean two = w.length == 3;
      boolean learned = course.isLearned();
      table =
          table.with(
              gate.name(),
              written(course),
              learned ? String.valueOf(course.epochs().size()) : text.word("never"),
              learned ? Written.brief(w[0]) : "",
              learned && two ? Written.brief(w[1]) : "",
              learned ? Written.brief(w[w.length - 1]) : "");
    }
    return table;
  }

  /** "2, 3, 1, 0", or the beginning of it. */
  private static String written(PerceptronCourse course) {
    String list =
        course.epochs().stream()
            .limit(MISTAKES_WRITTEN)
            .map(epoch -> String.valueOf(epoch.mistakes()))
            .collect(Collectors.joining(", "));
    return course.isLearned() && course.epochs().size() <= MISTAKES_WRITTEN ? list : list + ", …";
  }

  private static Chart mistakes(LessonText text) {
    List<Series> series = new ArrayList<>();
    for (Gate gate : GATES) {
      PerceptronCourse course = learn(gate.over(Perceptron.Coding.BITS));
      double[] y =
          IntStream.range(0, EPOCHS_DRAWN)
              .filter(i -> course.isCycle() || i < course.epochs().size())
              .mapToDouble(i -> mistakes(course, i))
              .toArray();
      series.add(
          Series.line(
              gate.name(),
              Styles.of(series.size()),
              Mark.of(series.size()),
              IntStream.rangeClosed(1, y.length).asDoubleStream().toArray(),
              y));
    }
    return new Chart(
        text.word("mistakes"), text.word("epoch"), Scale.COUNTING, Scale.LINEAR, "", series);
  }

  /** Of the epoch from 0; what repeats itself is known beyond the last one that was computed. */
  private static int mistakes(PerceptronCourse course, int epoch) {
    int computed = course.epochs().size();
    int index =
        epoch < computed ? epoch : course.sameAs() + (epoch - course.sameAs()) % course.cycle();
    return course.epochs().get(index).mistakes();
  }

  private static Plane plane(
      PerceptronExamples examples,
      PerceptronCourse course,
      int from,
      String title,
      LessonText text) {
    List<Series> series = new ArrayList<>();
    int last = course.epochs().size();
    float[] before = new float[0];
    for (int epoch = from; epoch <= last; epoch++) {
      float[] w = course.epochs().get(epoch - 1).w();
      if (!Arrays.equals(w, before)) {
        series.add(
            line("%s %d".formatted(text.word("after-epoch"), epoch), 2 + series.size(), w, SEEN));
      }
      before = w;
    }
    series.addAll(points(examples));
    return new Plane(title, "x₁", "x₂", SEEN, SEEN, ground(course.last().w()), series);
  }

  /** The lines after each example of the last epoch. */
  private static Plane planeOfSteps(
      PerceptronExamples examples, PerceptronCourse course, String title, LessonText text) {
    List<Series> series = new ArrayList<>();
    for (PerceptronCourse.Step step : course.steps()) {
      if (step.epoch() == course.epochs().size()) {
        series.add(
            line(
                "%s %s".formatted(text.word("after"), Written.tuple(examples.x()[step.example()])),
                2 + series.size(),
                step.w(),
                SEEN_OF_CYCLE));
      }
    }
    series.addAll(points(examples));
    return new Plane(title, "x₁", "x₂", SEEN_OF_CYCLE, SEEN_OF_CYCLE, null, series);
  }

  private static Series line(String name, int style, float[] w, Plane.Range seen) {
    return SeparatingLine.over(seen, seen, name, Styles.of(style), w[0], w[1], w[2]);
  }

  private static Plane.Ground ground(float[] w) {
    // Where the unit answers 1, as the trainer's threshold does, from 0 on.
    return Plane.Ground.of(SEEN, SEEN, 60, true, (x, y) -> w[0] * x + w[1] * y + w[2] >= 0 ? 1 : 0);
  }

  private static List<Series> points(PerceptronExamples examples) {
    return LabelledPoints.of(examples.x(), examples.y(), examples.coding().no());
  }
}
