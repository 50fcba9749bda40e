package minilote.driver.report;

import java.util.Locale;
import minilote.trainer.run.TrainingResult.Figures;
import org.jspecify.annotations.Nullable;

/** Figures as people write them, the same everywhere that the program shows them. */
public final class Words {
  private static final double PERCENT = 100;
  private static final int SECONDS_A_MINUTE = 60;
  private static final int SECONDS_AN_HOUR = 3600;

  private Words() {}

  /** 0.8531 as "85.31 %"; "–" for nothing. */
  public static String percent(@Nullable Double share) {
    return share == null || share.isNaN()
        ? "–"
        : String.format(Locale.ROOT, "%.2f %%", PERCENT * share);
  }

  /** A difference of shares, 0.0312 as "3.12 points". */
  public static String points(double difference) {
    return String.format(Locale.ROOT, "%.2f points", PERCENT * difference);
  }

  /** With four decimals, or four digits where it is far from 1; "–" for nothing. */
  public static String number(@Nullable Double number) {
    if (number == null || number.isNaN()) {
      return "–";
    }
    double size = Math.abs(number);
    return String.format(
        Locale.ROOT, size == 0 || (size >= 1e-3 && size < 1e5) ? "%.4f" : "%.3e", number);
  }

  /** The loss among these figures. */
  public static String loss(Figures figures) {
    return number(figures.loss());
  }

  /** With its first letter as a capital. */
  static String capital(String words) {
    return words.isEmpty()
        ? words
        : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  /** "1 epoch", "2 epochs". */
  public static String count(long count, String thing) {
    return String.format(Locale.ROOT, "%,d %s%s", count, thing, count == 1 ? "" : "s");
  }

  /** "48 s", "2 min 5 s", "3 h 7 min". */
  public static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    if (whole < SECONDS_A_MINUTE) {
      return whole + " s";
    }
    if (whole < SECONDS_AN_HOUR) {
      return "%d min %d s".formatted(whole / SECONDS_A_MINUTE, whole % SECONDS_A_MINUTE);
    }
    return "%d h %d min"
        .formatted(whole / SECONDS_AN_HOUR, whole % SECONDS_AN_HOUR / SECONDS_A_MINUTE);
  }
}
