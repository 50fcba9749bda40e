package minilote.driver;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * Draws the bar of a training: {@code epoch 3/10 ██████▌ 65 % loss 0.4123 12,300 ex/s 1:23 left}.
 * The extra message of the state holds what stands before the bar and what after it, parted by
 * tabs.
 */
final class BarRenderer implements ProgressBarRenderer {
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";
  private static final int SHORTEST = 8;

  @Override
  public String render(ProgressState state, int width) {
    String[] parts = state.getExtraMessage().split("\t", -1);
    double done = Math.max(0, Math.min(1, state.getNormalizedProgress()));
    StringBuilder after = new StringBuilder();
    after.append(String.format(Locale.ROOT, " %3d %%", (int) (100 * done)));
    for (int i = 1; i < parts.length; i++) {
      after.append("  ").append(parts[i]);
    }
    after.append("  ").append(left(state));
    String before = parts[0] + " ";
    int room = width - before.length() - after.length();
    return room < SHORTEST
        ? TextTable.shorten(before.strip() + after, width)
        : before + bar(done, room) + after;
  }

  private static String bar(double done, int width) {
    int eighths = (int) (done * width * 8);
    int full = eighths / 8;
    StringBuilder bar = new StringBuilder("█".repeat(full));
    if (full < width) {
      bar.append(EIGHTHS.charAt(eighths % 8)).append(" ".repeat(width - full - 1));
    }
    return bar.toString();
  }

  private static String left(ProgressState state) {
    long steps = state.getCurrent() - state.getStart();
    if (steps <= 0) {
      return "";
    }
    Duration elapsed = state.getElapsedAfterStart();
    long seconds =
        Math.round(
            elapsed.toMillis() / 1000.0 / steps * Math.max(0, state.getMax() - state.getCurrent()));
    return seconds >= 3600
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d left", seconds / 3600, seconds / 60 % 60, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d left", seconds / 60, seconds % 60);
  }
}
