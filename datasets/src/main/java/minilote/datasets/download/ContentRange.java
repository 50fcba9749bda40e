package minilote.datasets.download;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What part of a file an answer carries (RFC 9110, 14.4).
 *
 * @param from the first byte's offset; −1 when the range could not be satisfied
 * @param total the whole file's length; −1 when the server does not say
 */
record ContentRange(long from, long total) {
  private static final Pattern WORDS =
      Pattern.compile("bytes (?:(\\d{1,18})-(\\d{1,18})|\\*)/(\\d{1,18}|\\*)");

  static @Nullable ContentRange parse(String header) {
    Matcher matcher = WORDS.matcher(header.strip());
    if (!matcher.matches()) {
      return null;
    }
    String from = matcher.group(1);
    String total = matcher.group(3);
    return new ContentRange(
        from == null ? -1 : Long.parseLong(from), "*".equals(total) ? -1 : parseOr(total));
  }

  private static long parseOr(@Nullable String digits) {
    return digits == null ? -1 : Long.parseLong(digits);
  }
}
