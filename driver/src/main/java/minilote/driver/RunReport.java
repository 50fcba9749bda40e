package minilote.driver;

import java.io.IOException;
import java.util.function.Consumer;
import minilote.datasets.UserError;
import minilote.driver.report.Report;
import minilote.trainer.run.Files;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.TrainingListener;
import org.apache.hadoop.fs.Path;

/** Keeps {@code report.html} of a run's folder up to date, from the folder's other files alone. */
final class RunReport implements TrainingListener {
  private static final long EVERY_NANOS = 10_000_000_000L;

  private final RunFolder folder;
  private final Consumer<String> say;
  private boolean complained;
  private long written;

  /**
   * @param say told, once, when the report cannot be written
   */
  RunReport(RunFolder folder, Consumer<String> say) {
    this.folder = folder;
    this.say = say;
  }

  Path path() {
    return new Path(folder.path(), RunFolder.REPORT);
  }

  /** Where checkpoints come every moment, not with each: the page takes as long as many updates. */
  @Override
  public void checkpointed(Path checkpoint) {
    long now = System.nanoTime();
    if (written == 0 || now - written > EVERY_NANOS) {
      write();
    }
  }

  /** Writes the page anew. A training is worth more than its report: failures are told, no more. */
  void write() {
    written = System.nanoTime();
    try {
      Report report = new Report(folder.readRun(), folder.readMetrics(), folder.readResult());
      Files.write(path(), report.toHtml(), folder.configuration());
    } catch (IOException | UserError e) {
      if (!complained) {
        complained = true;
        say.accept("WARNING: %s is not written: %s".formatted(path(), e.getMessage()));
      }
    }
  }
}
