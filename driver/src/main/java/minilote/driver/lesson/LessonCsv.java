package minilote.driver.lesson;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import minilote.datasets.UserError;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * A user's own examples for a lesson: a small CSV file in UTF-8, numbers in all columns, a row an
 * example. The first row is a header where none of its cells is a number.
 *
 * @param file for messages
 * @param names of the columns; null without a header
 * @param rows at least one, as many numbers each
 * @param lines of the file, from 1, in which the rows are
 */
@SuppressWarnings("ArrayRecordComponent") // Data are not compared.
public record LessonCsv(Path file, @Nullable List<String> names, double[][] rows, long[] lines) {
  /** More than this is not looked at by eye. */
  private static final long MOST_BYTES = 4 << 20;

  private static final int MOST_SHOWN = 40;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** As people write numbers: what else Java reads as one ("NaN", "1f") is a slip in a file. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

  private static final Pattern OTHER_DELIMITER = Pattern.compile("[;\\t|]| +(?=[-+.\\d])");

  /**
   * Reads the file.
   *
   * @throws UserError naming file, line and column of what is wrong
   */
  public static LessonCsv read(Path file) throws IOException {
    List<CSVRecord> records = new ArrayList<>();
    List<Long> lines = new ArrayList<>();
    parse(file, text(file), records, lines);
    if (records.isEmpty()) {
      throw new UserError("%s is empty: it needs a row of numbers an example".formatted(file));
    }
    List<String> first = records.get(0).toList();
    boolean header = first.stream().noneMatch(LessonCsv::isNumber);
    int from = header ? 1 : 0;
    if (records.size() == from) {
      throw new UserError(
          "%s has a header alone: it needs a row of numbers an example".formatted(file));
    }
    LessonCsv csv =
        new LessonCsv(
            file,
            header ? first : null,
            new double[records.size() - from][first.size()],
            lines.stream().skip(from).mapToLong(Long::longValue).toArray());
    for (int row = 0; row < csv.rows.length; row++) {
      csv.fill(row, records.get(from + row).toList());
    }
    return csv;
  }

  private static String text(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new UserError("--csv %s: there is no such file".formatted(file));
    }
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new UserError(
          "--csv %s: it is no file that can be read, where a CSV file is needed".formatted(file));
    }
    if (Files.size(file) > MOST_BYTES) {
      throw new UserError(
          "--csv %s: it has %,d bytes, and lessons are for small files, of at most %,d"
              .formatted(file, Files.size(file), MOST_BYTES));
    }
    try {
      String text = Files.readString(file);
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new UserError("%s is no text in UTF-8".formatted(file), e);
    }
  }

  private static void parse(Path file, String text, List<CSVRecord> records, List<Long> lines)
      throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setIgnoreEmptyLines(true).setTrim(true).get();
    try (CSVParser parser =
        CSVParser.builder().setReader(new StringReader(text)).setFormat(format).get()) {
      try {
        for (CSVRecord next : parser) {
          records.add(next);
          lines.add(Math.max(1, parser.getCurrentLineNumber()));
        }
      } catch (UncheckedIOException | IllegalStateException e) {
        throw new UserError(
            "%s cannot be read as CSV after line %d: is a quote not closed?"
                .formatted(file, lines.isEmpty() ? 0 : lines.get(lines.size() - 1)),
            e);
      }
    }
  }

  private void fill(int row, List<String> cells) {
    if (cells.size() != columns()) {
      throw new UserError(
          "%s, line %d has %d columns where the first row has %d%s"
              .formatted(
                  file,
                  lines[row],
                  cells.size(),
                  columns(),
                  cells.stream().anyMatch(cell -> OTHER_DELIMITER.matcher(cell).find())
                      ? ": columns are separated by commas, and decimals by a point"
                      : ""));
    }
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column);
      double number = isNumber(cell) ? Double.parseDouble(cell) : Double.NaN;
      if (Float.isFinite((float) number)) {
        rows[row][column] = number;
      } else {
        throw new UserError(place(row, column) + wrong(cell));
      }
    }
  }

  private static String wrong(String cell) {
    if (cell.isEmpty()) {
      return " is empty where a number is needed";
    }
    String shown = cell.length() <= MOST_SHOWN ? cell : cell.substring(0, MOST_SHOWN) + "…";
    if (isNumber(cell)) {
      return " is %s, beyond what a float can hold (3.4e38)".formatted(shown);
    }
    return " is \"%s\" where a number is needed%s"
        .formatted(
            shown,
            OTHER_DELIMITER.matcher(cell).find()
                ? ": columns are separated by commas, and decimals by a point"
                : "");
  }

  private static boolean isNumber(String cell) {
    return NUMBER.matcher(cell).matches();
  }

  /** How many numbers a row has. */
  public int columns() {
    return rows[0].length;
  }

  /** "FILE, line 3, column 2 (width)": where a number stands, by its row and column from 0. */
  public String place(int row, int column) {
    String named =
        names == null || names.get(column).isEmpty() ? "" : " (" + names.get(column) + ")";
    return "%s, line %d, column %d%s".formatted(file, lines[row], column + 1, named);
  }
}
