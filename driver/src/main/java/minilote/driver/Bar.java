package minilote.driver;

import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A progress bar in the last line of standard error, with lines above it; where that is no
 * terminal, the lines alone. From any thread.
 */
final class Bar {
  private static final int REFRESH_MILLIS = 250;

  private final PrintWriter err;
  private final boolean interactive;
  private volatile @Nullable ProgressBar bar;

  /**
   * @param err where it is drawn
   * @param interactive whether that is a terminal
   */
  Bar(PrintWriter err, boolean interactive) {
    this.err = err;
    this.interactive = interactive;
  }

  /**
   * A new bar.
   *
   * @param message as {@link BarRenderer} reads it
   * @param from how much has been done before
   * @param all how much there is to do, or −1 where that is not known
   */
  void begin(String message, long from, long all) {
    end();
    if (interactive) {
      ProgressBar drawn =
          new ProgressBarBuilder()
              .setInitialMax(all)
              .startsFrom(from, Duration.ZERO)
              .setUpdateIntervalMillis(REFRESH_MILLIS)
              .setRenderer(new BarRenderer())
              .setConsumer(new DelegatingProgressBarConsumer(this::draw, Terminal.WIDTH - 1))
              .build();
      drawn.setExtraMessage(message);
      bar = drawn;
    }
  }

  /** Called by the bar's own thread. */
  private void draw(String drawn) {
    synchronized (err) {
      err.print(Terminal.ERASE_LINE + drawn);
      err.flush();
    }
  }

  /** Whether a bar is shown. */
  boolean isShown() {
    return bar != null;
  }

  void message(String message) {
    ProgressBar shown = bar;
    if (shown != null) {
      shown.setExtraMessage(message);
    }
  }

  /** Draws it now, and not with the next refresh. */
  void refresh() {
    ProgressBar shown = bar;
    if (shown != null) {
      shown.refresh();
    }
  }

  void stepTo(long done) {
    ProgressBar shown = bar;
    if (shown != null) {
      shown.stepTo(done);
    }
  }

  /** Where it is only now known how much there is to do. */
  void all(long all) {
    ProgressBar shown = bar;
    if (shown != null) {
      shown.maxHint(all);
    }
  }

  /** A line that stays. */
  void above(String line) {
    synchronized (err) {
      err.print(interactive ? Terminal.ERASE_LINE : "");
      err.println(line);
    }
  }

  /** Takes the bar away. */
  void end() {
    ProgressBar shown = bar;
    if (shown != null) {
      shown.close();
      bar = null;
      synchronized (err) {
        err.print(Terminal.ERASE_LINE);
        err.flush();
      }
    }
  }
}
