package minilote.driver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import minilote.datasets.Json;
import minilote.driver.report.StudyReport;
import minilote.trainer.run.Files;
import minilote.trainer.run.RunFolder;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Keeps {@code report.html} of a study's folder up to date, and in the end the files of its figures
 * and tables.
 */
final class StudyPage {
  private static final long EVERY_NANOS = 10_000_000_000L;
  private static final long LARGEST_METRICS = 1 << 30;

  private final Path folder;
  private final Configuration configuration;
  private final String command;
  private final Consumer<String> say;

  /** By key; those of runs that have ended, which do not change any more. */
  private final Map<String, List<JsonNode>> epochs = new HashMap<>();

  private boolean complained;
  private boolean begun;
  private long written;

  /**
   * @param folder the study's
   * @param command what was typed
   * @param say told, once, when the report cannot be written
   */
  StudyPage(Path folder, Configuration configuration, String command, Consumer<String> say) {
    this.folder = folder;
    this.configuration = configuration;
    this.command = command;
    this.say = say;
  }

  Path path() {
    return new Path(folder, RunFolder.REPORT);
  }

  /**
   * Writes the page anew, if some time has passed.
   *
   * @param study the content of {@code study.json}
   */
  synchronized void update(ObjectNode study) {
    if (!begun || System.nanoTime() - written > EVERY_NANOS) {
      write(study, false);
    }
  }

  /** Writes the page anew, and the files of its figures and tables. */
  synchronized void write(ObjectNode study) {
    write(study, true);
  }

  /** A study is worth more than its report: whatever fails is told, no more. */
  private void write(ObjectNode study, boolean whole) {
    begun = true;
    try {
      StudyReport report = new StudyReport(study, epochs(study), command);
      Files.write(path(), report.toHtml(), configuration);
      if (whole) {
        deleteFigures();
        for (Map.Entry<String, String> file : report.files().entrySet()) {
          Files.write(new Path(folder, file.getKey()), file.getValue(), configuration);
        }
      }
    } catch (IOException | RuntimeException e) {
      if (!complained) {
        complained = true;
        say.accept("WARNING: the report in %s is not whole: %s".formatted(folder, e.getMessage()));
      }
    }
    written = System.nanoTime(); // Not from the beginning: a slow file system would do little else.
  }

  /** Those of before, of which some may be of no run any more. */
  private void deleteFigures() throws IOException {
    Path figures = new Path(folder, StudyReport.FIGURES);
    FileSystem files = Files.fileSystem(figures, configuration);
    if (files.exists(figures) && files.getFileStatus(figures).isDirectory()) {
      for (FileStatus file : files.listStatus(figures)) {
        if (file.getPath().getName().endsWith(".svg")) {
          files.delete(file.getPath(), false);
        }
      }
    }
  }

  private Map<String, List<JsonNode>> epochs(ObjectNode study) throws IOException {
    for (JsonNode run : study.path("runs")) {
      String key = run.path("key").asText();
      if (run.path("folder").isTextual() && !epochs.containsKey(key)) {
        epochs.put(key, epochs(new Path(folder, run.path("folder").asText())));
      }
    }
    return epochs;
  }

  /** As they are, with whatever else they have beside what trainings go on from. */
  private List<JsonNode> epochs(Path run) throws IOException {
    try {
      return Files.readText(new Path(run, RunFolder.METRICS), LARGEST_METRICS, configuration)
          .lines()
          .<JsonNode>map(Json::parse)
          .filter(line -> line.path("epoch_end").asBoolean())
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }
}
