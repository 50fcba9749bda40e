package minilote.datasets.source;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** The lines of a text file, plain or gzip, none of them longer than memory should bear. */
final class TextLines implements Closeable {
  private static final int MAX_LINE = 1 << 28;

  private final String name;
  private final InputStream in;
  private final byte[] block = new byte[1 << 16];
  private int at;
  private int end;
  private long line;

  TextLines(Path file, Configuration conf) throws IOException {
    this.name = file.toString();
    this.in = InputFile.open(file, conf).stream();
  }

  /** The next line without its end; null after the last one. */
  @Nullable String next() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean any = false;
    while (at < end || fill()) {
      any = true;
      int from = at;
      while (at < end && block[at] != '\n') {
        at++;
      }
      bytes.write(block, from, at - from);
      if (bytes.size() > MAX_LINE) {
        throw new UserError(
            "%s, line %d is longer than %d MB".formatted(name, line + 1, MAX_LINE >> 20));
      }
      if (at < end) {
        at++;
        break;
      }
    }
    if (!any) {
      return null;
    }
    line++;
    String text = bytes.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(block, 0, block.length));
    return end > 0;
  }

  /** "FILE, line 3, column 17", with a column from 0. */
  String place(int column) {
    return "%s, line %d, column %d".formatted(name, line, column + 1);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
