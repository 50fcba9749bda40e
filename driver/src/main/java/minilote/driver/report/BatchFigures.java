package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import minilote.driver.report.Axis.Scale;

/** Figures of a study's runs as a whole, against the batch or what else is varied. */
final class BatchFigures {
  private static final String SINGLE_RUNS = "single runs";
  private static final double BESIDE = 8;
  private static final double APART = 5;

  private final StudyData data;

  BatchFigures(StudyData data) {
    this.data = data;
  }

  /** How well runs do on examples that they have not seen, and the gap. */
  List<StudyFigure> generalization() {
    List<StudyFigure> figures = new ArrayList<>();
    String judged = data.judged();
    Kind kind = data.isClassified() ? Kind.SHARE : Kind.LOSS;
    add(figures, judged.replace('_', '-'), plain(judged), "", judged, kind, Scale.LINEAR, false);
    add(
        figures,
        "generalization-gap",
        "Generalization gap",
        data.isClassified()
            ? "Training accuracy minus %s accuracy, in points, both of the final weights. "
                .formatted(data.split())
            : "%s loss minus training loss, both of the final weights. "
                .formatted(upper(data.split())),
        "generalization_gap",
        data.isClassified() ? Kind.POINTS : Kind.LOSS,
        Scale.LINEAR,
        false);
    return figures;
  }

  /** What it takes to reach the target. */
  List<StudyFigure> target() {
    List<StudyFigure> figures = new ArrayList<>();
    String ideal =
        data.across().isBatch() && data.groups().size() == 1
            ? "Dashed: twice the batch, half the updates. "
            : "";
    add(
        figures,
        "updates-to-target",
        "Updates to the target",
        ideal + fitWords(),
        "steps_to_target",
        Kind.COUNT,
        Scale.LOG,
        true);
    add(
        figures,
        "seconds-to-target",
        "Seconds to the target",
        "Runs that were trained side by side share the machine's speed. ",
        "seconds_to_target",
        Kind.SECONDS,
        Scale.LOG,
        false);
    return figures;
  }

  private void add(
      List<StudyFigure> figures,
      String name,
      String title,
      String explanation,
      String figure,
      Kind kind,
      Scale up,
      boolean ideal) {
    List<Series> series = new ArrayList<>();
    List<StudyGroup> groups = data.groups();
    if (ideal && data.across().isBatch()) {
      series.addAll(guides(figure));
    }
    boolean several = data.seeds() > 1;
    for (int i = 0; several && i < groups.size(); i++) {
      series.add(
          singles(groups.get(i), i, figure)
              .scaled(kind::scaled)
              .shifted(offset(i, groups.size()) + BESIDE));
    }
    for (int i = 0; i < groups.size(); i++) {
      series.add(
          means(groups.get(i), i, figure).scaled(kind::scaled).shifted(offset(i, groups.size())));
    }
    Chart chart =
        new Chart(
            data.across().titled(title),
            data.across().axisLabel(),
            data.across().scale(),
            up,
            kind.axisUnit(),
            series);
    if (!chart.isEmpty()) {
      figures.add(
          new StudyFigure(
              name,
              explanation + (chart.isCut() ? "Bars that leave the figure are longer still." : ""),
              chart));
    }
  }

  private static double offset(int group, int groups) {
    return (group - (groups - 1) / 2.0) * APART;
  }

  private Series means(StudyGroup group, int index, String figure) {
    List<StudyCell> cells = group.cells();
    String name = group.name().isEmpty() ? "mean" : group.name();
    double[] x = cells.stream().mapToDouble(StudyCell::x).toArray();
    double[] y = cells.stream().mapToDouble(cell -> cell.mean(figure)).toArray();
    String style = Styles.of(index);
    Mark mark = Mark.of(index);
    return (data.across().isNames()
            ? Series.points(name, style, mark, x, y)
            : Series.line(name, style, mark, x, y))
        .withBars(cells.stream().mapToDouble(cell -> cell.ci95(figure)).toArray());
  }

  private static Series singles(StudyGroup group, int index, String figure) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (StudyCell cell : group.cells()) {
      for (JsonNode run : cell.runs()) {
        x.add(cell.x());
        y.add(StudyData.number(run, figure));
      }
    }
    return Series.points(
        SINGLE_RUNS,
        Styles.FAINT + " " + Styles.of(index),
        Mark.CIRCLE,
        x.stream().mapToDouble(v -> v).toArray(),
        y.stream().mapToDouble(v -> v).toArray());
  }

  /** What updates would be if batches were as good as their number of examples; and the fits. */
  private List<Series> guides(String figure) {
    List<Series> guides = new ArrayList<>();
    double[] batches = data.across().values().stream().mapToDouble(v -> v).toArray();
    StudyCell first = data.groups().get(0).cells().get(0);
    double steps = first.mean(figure);
    if (data.groups().size() == 1) {
      double[] ideal = new double[batches.length];
      for (int i = 0; i < batches.length; i++) {
        ideal[i] = steps * first.x() / batches[i];
      }
      guides.add(Series.line("half for twice the batch", "rule", Mark.CIRCLE, batches, ideal));
    }
    for (JsonNode fit : fits()) {
      double critical = StudyData.number(fit, "examples");
      double fewest = StudyData.number(fit, "fewest_steps");
      double[] fitted = new double[batches.length];
      for (int i = 0; i < batches.length; i++) {
        fitted[i] = fewest * (1 + critical / batches[i]);
      }
      String name =
          "fit, critical batch "
              + Kind.COUNT.words(
                  Math.rint(critical), Math.rint(StudyData.number(fit, "standard_error")));
      guides.add(
          Series.line(
              fits().size() > 1 ? name + ", " + data.words(fit) : name,
              "rule fit",
              Mark.CIRCLE,
              batches,
              fitted));
    }
    return guides;
  }

  /** Where runs show where it is. */
  private List<JsonNode> fits() {
    List<JsonNode> fits = new ArrayList<>();
    for (JsonNode fit : data.json().path("critical_batch")) {
      if (fit.path("examples").isNumber()) {
        fits.add(fit);
      }
    }
    return fits;
  }

  private String fitWords() {
    return fits().isEmpty()
        ? ""
        : "Fit: updates = fewest · (1 + critical batch / batch), with the standard error of the critical batch (McCandlish et al. 2018). ";
  }

  /** How means and runs are drawn. */
  String explanation() {
    int seeds = data.seeds();
    return seeds < 2
        ? "One seed each, so no intervals."
        : "Bars are 95 %% intervals of the mean over %s (Student's t), faint points single runs."
            .formatted(Words.count(seeds, "seed"));
  }

  static String plain(String figure) {
    return upper(figure.replace('_', ' ').replaceFirst("^train ", "training "));
  }

  private static String upper(String words) {
    return Words.capital(words);
  }
}
