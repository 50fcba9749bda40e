package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.samskivert.mustache.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code report.html} of a study: what was compared, how, and what came out, for people. One file
 * without scripts, that opens without a network, in light and dark, on paper and on narrow screens;
 * and its figures and tables as files of their own.
 */
public final class StudyReport {
  /** The folder of its charts' files, beside the page. */
  public static final String FIGURES = "figures";

  private static final Template PAGE = Resources.template("study.mustache");
  private static final int MOST_SENTENCES = 6;

  private final StudyData data;
  private final StudyWords words;
  private final StudyTables tables;
  private final List<Section> sections;
  private final String command;

  /**
   * @param study the content of {@code study.json}
   * @param epochs by a run's key, the lines of its {@code metrics.jsonl} that end an epoch
   * @param command what was typed to make the study; empty where that is not known
   */
  public StudyReport(JsonNode study, Map<String, List<JsonNode>> epochs, String command) {
    this.data = new StudyData(study, epochs);
    this.words = new StudyWords(data);
    this.tables = new StudyTables(data);
    this.sections = sections();
    this.command = command;
  }

  private record Section(String title, String explanation, List<StudyFigure> charts) {}

  private record Sentence(String sentence) {}

  private List<Section> sections() {
    BatchFigures batches = new BatchFigures(data);
    CurveFigures curves = new CurveFigures(data);
    MinimumFigures minima = new MinimumFigures(data);
    List<Section> all = new ArrayList<>();
    all.add(new Section("Generalization", batches.explanation(), batches.generalization()));
    all.add(new Section("While they learn", curves.explanation(), curves.learning()));
    all.add(
        new Section(
            "To the target", words.target() + " " + batches.explanation(), batches.target()));
    all.add(new Section("Sharpness", MinimumFigures.SHARPNESS, minima.sharpness()));
    all.add(new Section("Around the minima", MinimumFigures.SLICE, minima.slices()));
    all.add(new Section("Gradients", curves.explanation(), curves.gradients()));
    all.add(new Section("Between two minima", MinimumFigures.LINE, minima.interpolations()));
    return all.stream().filter(section -> !section.charts().isEmpty()).toList();
  }

  /** The page. */
  public String toHtml() {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("style", Report.STYLE);
    page.put("network", words.network());
    page.put("data", data.json().path("data").asText());
    page.put("compared", sentences(words.compared()));
    page.put("warnings", sentences(words.warnings()));
    page.put("outcome", words.outcome());
    List<String> comparisons = words.comparisons();
    int shown = Math.min(MOST_SENTENCES, comparisons.size());
    page.put("comparisons", sentences(comparisons.subList(0, shown)));
    page.put("further", sentences(comparisons.subList(shown, comparisons.size())));
    page.put("cautions", sentences(words.cautions()));
    page.put("titles", line(tables.titles()).cells());
    page.put("rows", tables.rows().stream().map(this::line).toList());
    PublishedTable published = new PublishedTable(data);
    page.put("published", published.rows());
    page.put("source", published.source());
    page.put("small", published.isSmall());
    page.put("intervals", data.seeds() > 1);
    page.put("sections", sections);
    page.put("tuning", new TuningTable(data).rows());
    page.put("runTitles", tables.runTitles());
    page.put("figureCount", tables.figureCount());
    page.put("runs", tables.runs());
    page.put("settings", words.settings());
    page.put("computedBy", sentences(words.computedBy()));
    page.put("command", command);
    page.put("digest", data.json().path("data_sha256").asText());
    boolean finished = data.json().path("finished").asBoolean();
    page.put("files", finished ? files().keySet() : List.of());
    page.put("example", example());
    return unbroken(PAGE.execute(page));
  }

  /** Numbers stay with their units, and with their intervals; commands stay as they are. */
  private static String unbroken(String html) {
    StringBuilder unbroken = new StringBuilder();
    for (String part : html.split("(?=<pre>)|(?<=</pre>)", -1)) {
      unbroken.append(
          part.startsWith("<pre>")
              ? part
              : part.replace(" %", "\u00a0%").replace(" ± ", "\u00a0±\u00a0"));
    }
    return unbroken.toString();
  }

  private record Line(List<Cell> cells) {}

  private record Cell(String text, boolean named) {}

  private Line line(List<String> texts) {
    List<Cell> cells = new ArrayList<>();
    for (String text : texts) {
      cells.add(new Cell(text, cells.size() < data.identity().size()));
    }
    return new Line(cells);
  }

  private static List<Sentence> sentences(List<String> texts) {
    return texts.stream().map(Sentence::new).toList();
  }

  /** The folder of a run, for a command. */
  private String example() {
    for (JsonNode run : data.json().path("runs")) {
      if (StudyData.hasEnded(run)) {
        return run.path("folder").asText();
      }
    }
    return "";
  }

  /** Figures and tables as files, by their names in the study's folder. */
  public Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    for (Section section : sections) {
      for (StudyFigure figure : section.charts()) {
        files.put(FIGURES + "/" + figure.name() + ".svg", new ChartFile(figure.chart()).toSvg());
      }
    }
    files.put("summary.md", StudySummary.of(data, words, tables, command));
    files.put("tables/by-batch.csv", tables.byBatchCsv());
    files.put("tables/by-batch.md", tables.byBatchMarkdown());
    files.put("tables/runs.csv", tables.runsCsv());
    return files;
  }
}
