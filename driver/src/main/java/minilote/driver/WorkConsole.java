package minilote.driver;

import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import minilote.datasets.ProgressListener;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a long work has come, phase by phase: a bar on a terminal, elsewhere a line each.
 */
final class WorkConsole implements ProgressListener, AutoCloseable {
  private static final int REFRESH_MILLIS = 250;

  private final PrintWriter err;
  private final boolean interactive;
  private @Nullable ProgressBar bar;
  private @Nullable String phase;

  WorkConsole(PrintWriter err, boolean interactive) {
    this.err = err;
    this.interactive = interactive;
  }

  @Override
  public void progress(String what, long done, long total) {
    if (!what.equals(phase)) {
      begin(what, total);
    }
    if (bar != null) {
      bar.maxHint(total);
      bar.stepTo(done);
    }
  }

  private void begin(String what, long total) {
    close();
    phase = what;
    if (interactive) {
      bar =
          new ProgressBarBuilder()
              .setInitialMax(total)
              .setUpdateIntervalMillis(REFRESH_MILLIS)
              .setRenderer(new BarRenderer())
              .setConsumer(new DelegatingProgressBarConsumer(this::draw, Terminal.WIDTH - 1))
              .build();
      bar.setExtraMessage(what);
    } else {
      err.println(total < 0 ? what : String.format(Locale.ROOT, "%s (%,d)", what, total));
    }
  }

  /** Called by the bar's own thread. */
  private void draw(String drawn) {
    synchronized (err) {
      err.print(Terminal.ERASE_LINE + drawn);
      err.flush();
    }
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
      synchronized (err) {
        err.print(Terminal.ERASE_LINE);
        err.flush();
      }
    }
  }
}
