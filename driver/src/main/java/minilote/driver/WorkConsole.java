package minilote.driver;

import java.io.PrintWriter;
import java.util.Locale;
import minilote.datasets.ProgressListener;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a long work has come, phase by phase: a bar on a terminal, elsewhere a line each.
 */
final class WorkConsole implements ProgressListener, AutoCloseable {
  private final PrintWriter err;
  private final boolean interactive;
  private final Bar bar;
  private @Nullable String phase;

  WorkConsole(PrintWriter err, boolean interactive) {
    this.err = err;
    this.interactive = interactive;
    this.bar = new Bar(err, interactive);
  }

  @Override
  public void progress(String what, long done, long total) {
    if (!what.equals(phase)) {
      begin(what, total);
    }
    bar.all(total);
    bar.stepTo(done);
  }

  private void begin(String what, long total) {
    close();
    phase = what;
    if (interactive) {
      bar.begin(what, 0, total);
    } else {
      err.println(total < 0 ? what : String.format(Locale.ROOT, "%s (%,d)", what, total));
    }
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    bar.end();
  }
}
