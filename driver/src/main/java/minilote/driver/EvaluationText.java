package minilote.driver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import minilote.datasets.Json;
import minilote.driver.report.Words;
import minilote.trainer.spark.Evaluation;
import org.jspecify.annotations.Nullable;

/** An evaluation for people, in at most 80 columns, and as JSON. */
final class EvaluationText {
  private static final int LONGEST_NAME = 14;
  private static final int MOST_CONFUSIONS = 20;

  private final List<String> classNames;
  private final Evaluation evaluation;
  private final String split;

  EvaluationText(List<String> classNames, Evaluation evaluation, String split) {
    this.classNames = classNames;
    this.evaluation = evaluation;
    this.split = split;
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("split", split);
    json.put("examples", evaluation.examples());
    json.put("loss", evaluation.loss());
    json.put("accuracy", accuracy());
    long[][] confusion = evaluation.confusion();
    if (confusion.length > 0) {
      ArrayNode classes = json.putArray("classes");
      ArrayNode rows = json.putArray("confusion");
      for (int c = 0; c < confusion.length; c++) {
        classes
            .addObject()
            .put("class", c)
            .put("name", classNames.isEmpty() ? null : classNames.get(c))
            .put("examples", sum(confusion[c]))
            .put("correct", confusion[c][c])
            .put("accuracy", share(confusion[c][c], sum(confusion[c])));
        ArrayNode row = rows.addArray();
        for (long count : confusion[c]) {
          row.add(count);
        }
      }
    }
    return json;
  }

  private @Nullable Double accuracy() {
    return Double.isNaN(evaluation.accuracy()) ? null : (Double) evaluation.accuracy();
  }

  private static @Nullable Double share(long part, long whole) {
    return whole == 0 ? null : (Double) ((double) part / whole);
  }

  private static long sum(long[] row) {
    long sum = 0;
    for (long count : row) {
      sum += count;
    }
    return sum;
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    TextTable head = new TextTable("lr");
    head.row(split + " examples", String.format(Locale.ROOT, "%,d", evaluation.examples()));
    head.row("loss", Words.number(evaluation.loss()));
    if (accuracy() != null) {
      head.row("accuracy", Words.percent(accuracy()));
    }
    parts.add(head.toString());
    if (evaluation.confusion().length > 0) {
      parts.add(byClass());
      String matrix = matrix();
      parts.add(
          matrix.lines().allMatch(line -> line.length() <= Terminal.WIDTH)
              ? "Confusion matrix: rows are what examples are, columns what they are taken for.\n\n"
                  + matrix
              : confusions());
    }
    return String.join("\n\n", parts);
  }

  private String name(int c) {
    return classNames.isEmpty() || classNames.get(c).equals(String.valueOf(c))
        ? String.valueOf(c)
        : c + " " + TextTable.shorten(classNames.get(c), LONGEST_NAME);
  }

  private String byClass() {
    TextTable table = new TextTable("lrrl");
    table.row("class", "examples", "accuracy", "most often taken for");
    long[][] confusion = evaluation.confusion();
    for (int c = 0; c < confusion.length; c++) {
      long examples = sum(confusion[c]);
      int other = mostConfused(confusion[c], c);
      table.row(
          name(c),
          String.format(Locale.ROOT, "%,d", examples),
          Words.percent(share(confusion[c][c], examples)),
          other < 0
              ? ""
              : "%s (%s)"
                  .formatted(name(other), Words.percent(share(confusion[c][other], examples))));
    }
    return table.toString();
  }

  /** The class, other than its own, that examples are most often taken for; −1 for none. */
  private static int mostConfused(long[] row, int own) {
    int most = -1;
    for (int c = 0; c < row.length; c++) {
      if (c != own && row[c] > 0 && (most < 0 || row[c] > row[most])) {
        most = c;
      }
    }
    return most;
  }

  private String matrix() {
    TextTable table = new TextTable("lr");
    long[][] confusion = evaluation.confusion();
    List<String> head = new ArrayList<>();
    head.add("");
    for (int c = 0; c < confusion.length; c++) {
      head.add(String.valueOf(c));
    }
    table.row(head);
    for (int c = 0; c < confusion.length; c++) {
      List<String> row = new ArrayList<>();
      row.add(name(c));
      for (long count : confusion[c]) {
        row.add(count == 0 ? "·" : String.valueOf(count));
      }
      table.row(row);
    }
    return table.toString();
  }

  private record Confusion(int is, int takenFor, long count) {}

  /** For matrices that no terminal shows. */
  private String confusions() {
    List<Confusion> all = new ArrayList<>();
    long[][] confusion = evaluation.confusion();
    for (int is = 0; is < confusion.length; is++) {
      for (int takenFor = 0; takenFor < confusion.length; takenFor++) {
        if (is != takenFor && confusion[is][takenFor] > 0) {
          all.add(new Confusion(is, takenFor, confusion[is][takenFor]));
        }
      }
    }
    all.sort(Comparator.comparingLong(Confusion::count).reversed());
    TextTable table = new TextTable("llr");
    table.row("is", "taken for", "examples");
    for (Confusion c : all.subList(0, Math.min(MOST_CONFUSIONS, all.size()))) {
      table.row(name(c.is()), name(c.takenFor()), String.valueOf(c.count()));
    }
    return "The most frequent confusions (--json has the whole matrix):\n\n" + table;
  }
}
