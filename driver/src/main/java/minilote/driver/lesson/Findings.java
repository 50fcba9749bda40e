package minilote.driver.lesson;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import minilote.datasets.Json;
import minilote.driver.report.Drawing;
import minilote.driver.report.Words;
import org.jspecify.annotations.Nullable;

/**
 * What a lesson has computed, by the names that its text uses: numbers and words, which stand
 * within its sentences as {@code {{name}}}; tables and drawings, which stand between them.
 */
public final class Findings {
  private final Map<String, Object> words = new LinkedHashMap<>();
  private final Map<String, Double> numbers = new LinkedHashMap<>();
  private final Map<String, LessonTable> tables = new LinkedHashMap<>();
  private final Map<String, Drawing> drawings = new LinkedHashMap<>();
  private final ObjectNode json = Json.object();

  /** A number, written as the program writes losses. */
  public Findings number(String name, double number) {
    return number(name, number, Words.number(number));
  }

  /** A number, written otherwise. */
  public Findings number(String name, double number, String written) {
    numbers.put(name, number);
    words.put(name, written);
    json.put(name, number);
    return this;
  }

  /** How many there are. */
  public Findings count(String name, long count) {
    numbers.put(name, (double) count);
    words.put(name, String.format(Locale.ROOT, "%,d", count));
    json.put(name, count);
    return this;
  }

  /** A share, written in percent. */
  public Findings share(String name, double share) {
    return number(name, share, Words.percent(share));
  }

  /** Something that is no number. */
  public Findings word(String name, String word) {
    words.put(name, word);
    json.put(name, word);
    return this;
  }

  /** Lines that stand as they are, within a block of code; what they tell, {@code --json} has. */
  public Findings lines(String name, String lines, JsonNode told) {
    words.put(name, lines);
    json.set(name, told);
    return this;
  }

  /** Whether something is so; the text has sections for it: {@code {{#name}}…{{/name}}}. */
  public Findings flag(String name, boolean flag) {
    words.put(name, flag);
    json.put(name, flag);
    return this;
  }

  public Findings table(String name, LessonTable table) {
    tables.put(name, table);
    ArrayNode rows = json.putArray(name);
    for (var row : table.rows()) {
      ObjectNode object = rows.addObject();
      for (int i = 0; i < row.size(); i++) {
        object.put(table.columns().get(i), row.get(i));
      }
    }
    return this;
  }

  public Findings drawing(String name, Drawing drawing) {
    drawings.put(name, drawing);
    return this;
  }

  /** The number of that name, as it was computed. */
  public double number(String name) {
    return Objects.requireNonNull(numbers.get(name), name);
  }

  /** Numbers and words as the text uses them. */
  Map<String, Object> words() {
    return words;
  }

  /** The table of that name; null where it is none. */
  public @Nullable LessonTable table(String name) {
    return tables.get(name);
  }

  /** Whether a drawing has that name. */
  boolean isDrawn(String name) {
    return drawings.containsKey(name);
  }

  /** How many drawings there are. */
  int drawn() {
    return drawings.size();
  }

  /** The drawing of that name. */
  public Drawing drawing(String name) {
    return Objects.requireNonNull(drawings.get(name), name + " was not found by the lesson");
  }

  /** All but the drawings, whose numbers tables have. */
  public ObjectNode toJson() {
    return json.deepCopy();
  }
}
