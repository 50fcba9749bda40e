package minilote.trainer.plan;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import minilote.datasets.UserError;

/**
 * What connects an executor with the others.
 *
 * @param bandwidth bytes a second, each way at the same time
 * @param latency seconds from one executor to another
 */
public record Link(double bandwidth, double latency) {
  private static final Pattern QUANTITY =
      Pattern.compile("\\s*([0-9.]+(?:[eE]-?\\d+)?)\\s*(\\S*)\\s*");

  /** Bits a second; a byte has eight of them. */
  private static final Map<String, Double> BANDWIDTHS =
      Map.of(
          "gb/s", 1e9, "mb/s", 1e6, "gbit/s", 1e9, "mbit/s", 1e6, "gbit", 1e9, "mbit", 1e6, "gbps",
          1e9, "mbps", 1e6);

  private static final Map<String, Double> LATENCIES =
      Map.of("us", 1e-6, "µs", 1e-6, "μs", 1e-6, "ms", 1e-3, "s", 1.0);

  /**
   * @throws UserError where nothing would go through
   */
  public Link {
    if (!(bandwidth > 0 && bandwidth < Double.POSITIVE_INFINITY)) {
      throw new UserError("a bandwidth must be greater than 0");
    }
    if (!(latency >= 0 && latency < Double.POSITIVE_INFINITY)) {
      throw new UserError("a latency must be 0 or more");
    }
  }

  /**
   * A link in words.
   *
   * @param bandwidth in bits a second, {@code 10Gb/s}; or in bytes, {@code 1.25GB/s}
   * @param latency {@code 50us}
   */
  public static Link parse(String bandwidth, String latency) {
    double bytes = bytesASecond(bandwidth);
    double seconds = quantity(latency, "--latency", LATENCIES, "50us or 1ms", 0);
    return new Link(bytes, seconds);
  }

  private static double bytesASecond(String text) {
    // The one case where small and capital letters differ: bits and bytes.
    boolean bytes = text.strip().endsWith("B/s");
    double value =
        quantity(text, "--bandwidth", BANDWIDTHS, "10Gb/s, 200Mb/s or 1.25GB/s", Double.MIN_VALUE);
    return bytes ? value : value / 8;
  }

  private static double quantity(
      String text, String option, Map<String, Double> units, String examples, double least) {
    Matcher matcher = QUANTITY.matcher(text);
    Double unit = matcher.matches() ? units.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit != null) {
      try {
        // In decimals, so that 50us are 5E-5.
        double value =
            new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)).doubleValue();
        if (value >= least && value < Double.POSITIVE_INFINITY) {
          return value;
        }
      } catch (NumberFormatException e) {
        throw new UserError("%s %s: it must be such as %s".formatted(option, text, examples), e);
      }
    }
    throw new UserError("%s %s: it must be such as %s".formatted(option, text, examples));
  }
}
