package minilote.driver;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.UserError;
import minilote.trainer.run.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The settings of a study in YAML, of which JSON is a part: options by their names without hyphens
 * in front, with lists where there are several values, and {@code vary} and {@code arms} with
 * options of their own.
 */
final class StudyFile {
  private static final long LARGEST = 1 << 20;

  private StudyFile() {}

  /**
   * Reads a file.
   *
   * @throws UserError with file and line, where it is not such
   */
  static Map<String, Object> read(Path file, Configuration configuration) throws IOException {
    String text;
    try {
      text = Files.readText(file, LARGEST, configuration);
    } catch (FileNotFoundException e) {
      throw new UserError("--settings %s: there is no such file".formatted(file), e);
    }
    return parse(text, "--settings " + file);
  }

  /**
   * Reads a text.
   *
   * @param source what it is, for messages
   */
  static Map<String, Object> parse(String text, String source) {
    Object content;
    try {
      content = new Load(LoadSettings.builder().setLabel(source).build()).loadFromString(text);
    } catch (MarkedYamlEngineException e) {
      String where = e.getProblemMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
      throw new UserError("%s%s: %s".formatted(source, where, e.getProblem()), e);
    } catch (YamlEngineException e) {
      throw new UserError("%s: %s".formatted(source, e.getMessage()), e);
    }
    return map(source, content);
  }

  /** A mapping from names. */
  static Map<String, Object> map(String what, @Nullable Object content) {
    if (!(content instanceof Map<?, ?> map)) {
      throw new UserError(
          "%s: it must be names with values, such as 'batch: [32, 128]'".formatted(what));
    }
    Map<String, Object> named = new LinkedHashMap<>();
    map.forEach(
        (name, value) -> {
          if (value == null) {
            throw new UserError("%s: %s has no value".formatted(what, name));
          }
          named.put(String.valueOf(name), value);
        });
    return named;
  }

  /** One value, as a text. */
  static String text(String what, Object value) {
    List<String> texts = texts(what, value);
    if (texts.size() != 1) {
      throw new UserError("%s: it must be one value, and not %d".formatted(what, texts.size()));
    }
    return texts.get(0);
  }

  /** A value, or several in a list, as texts. */
  static List<String> texts(String what, Object value) {
    List<String> texts = new ArrayList<>();
    for (Object one : value instanceof List<?> list ? list : List.of(value)) {
      if (!(one instanceof String || one instanceof Number || one instanceof Boolean)) {
        throw new UserError("%s: it must be a value or a list of values".formatted(what));
      }
      texts.add(String.valueOf(one));
    }
    return texts;
  }
}
