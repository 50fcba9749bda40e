package minilote.datasets.source;

import java.io.Closeable;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import minilote.datasets.UserError;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one CSV file in UTF-8, plain or gzip; each error is a sentence with file and line.
 */
final class CsvRows implements Closeable {
  /** Characters that one row may take: an unclosed quote must not read a whole file into memory. */
  private static final long MAX_ROW = 1L << 26;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String name;
  private final BoundedReader reader;
  private final CSVParser parser;
  private final Iterator<CSVRecord> rows;

  CsvRows(Path file, char delimiter, Configuration conf) throws IOException {
    this.name = file.toString();
    InputFile in = InputFile.open(file, conf);
    this.reader =
        new BoundedReader(
            new InputStreamReader(
                in.stream(),
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
    this.parser =
        CSVParser.builder()
            .setReader(reader)
            .setFormat(
                CSVFormat.DEFAULT
                    .builder()
                    .setDelimiter(delimiter)
                    .setIgnoreEmptyLines(true)
                    .setTrim(true)
                    .get())
            .get();
    this.rows = parser.iterator();
  }

  /** The next row; null at the end. */
  @Nullable CSVRecord next() {
    reader.begin();
    try {
      return rows.hasNext() ? rows.next() : null;
    } catch (UncheckedIOException e) {
      throw wrong(e.getCause() == null ? e : e.getCause());
    } catch (IllegalStateException e) {
      throw wrong(e);
    }
  }

  private UserError wrong(Throwable e) {
    if (e instanceof CharacterCodingException) {
      return new UserError(
          "%s is no UTF-8 text in line %d or soon after".formatted(name, line()), e);
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserError error) {
        return error;
      }
    }
    return new UserError(
        "%s cannot be read as CSV in line %d: %s"
            .formatted(name, line(), String.valueOf(e.getMessage())),
        e);
  }

  /** The line, from 1, in which the row read last ends. */
  long line() {
    return Math.max(1, parser.getCurrentLineNumber());
  }

  /** "FILE, line 3, column 2 (width)", with a column from 0. */
  String place(int column, String columnName) {
    String named = columnName.isEmpty() ? "" : " (" + columnName + ")";
    return "%s, line %d, column %d%s".formatted(name, line(), column + 1, named);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  /** Leaves a byte order mark out and stops when a row is endless. */
  private final class BoundedReader extends FilterReader {
    private boolean first = true;
    private long sinceRow;

    BoundedReader(Reader in) {
      super(in);
    }

    void begin() {
      sinceRow = 0;
    }

    @Override
    public int read() throws IOException {
      char[] one = new char[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(char[] to, int from, int n) throws IOException {
      int got = super.read(to, from, n);
      if (first && got > 0) {
        first = false;
        if (to[from] == BYTE_ORDER_MARK) {
          System.arraycopy(to, from + 1, to, from, got - 1);
          got = got == 1 ? read(to, from, n) : got - 1;
        }
      }
      sinceRow += Math.max(0, got);
      if (sinceRow > MAX_ROW) {
        throw new UserError(
            "%s has a row of more than %d characters from line %d on: is a quote not closed?"
                .formatted(name, MAX_ROW, line()));
      }
      return got;
    }
  }
}
