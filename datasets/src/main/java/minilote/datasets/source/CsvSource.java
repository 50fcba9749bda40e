package minilote.datasets.source;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.FeatureType;
import minilote.datasets.LittleEndian;
import minilote.datasets.RecordFormat;
import minilote.datasets.TargetKind;
import minilote.datasets.UserError;
import org.apache.commons.csv.CSVRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A table in CSV: one example a row, float features in all columns but those of the target.
 *
 * <p>The file is read twice: once for the classes and the number of rows, once for the records.
 */
public final class CsvSource implements Source {
  /**
   * How the table is read.
   *
   * @param targetKind what the target columns hold: a class (any text), labels (0 or 1 each) or
   *     numbers; null for a class that is not likely to be a number (a whole one where it is one,
   *     and one of not too many)
   * @param targetColumns names from the header, or numbers from 1; empty for the last column
   * @param header whether the first row has names; null when it is to be seen from whether one of
   *     its fields is a number
   * @param delimiter between fields
   * @param test the test examples; null when they are a fraction of the file
   * @param testFraction in [0, 1); null for {@link TestFraction#DEFAULT}
   * @param testSeed which rows that are
   */
  public record Options(
      @Nullable TargetKind targetKind,
      List<String> targetColumns,
      @Nullable Boolean header,
      char delimiter,
      @Nullable Path test,
      @Nullable Double testFraction,
      long testSeed) {
    public Options {
      targetColumns = List.copyOf(targetColumns);
      boolean aClass = targetKind == null || targetKind == TargetKind.CLASS;
      if (aClass && targetColumns.size() > 1) {
        throw new UserError(
            "a class is one target column, not %d (%s): several are labels or numbers"
                .formatted(targetColumns.size(), String.join(", ", targetColumns)));
      }
      if (delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
        throw new UserError("a quote or line end cannot be the delimiter of a CSV file");
      }
    }
  }

  /** More classes than this that are all numbers are numbers, unless the user says otherwise. */
  private static final int MOST_NUMERIC_CLASSES = 1000;

  private final Options options;
  private final TargetKind targetKind;
  private final Configuration conf;
  private final Map<String, Path> files;
  private final CsvColumns columns;
  private final ClassTable classes = new ClassTable();
  private final Description description;

  private CsvSource(TextFiles found, Options options, Configuration conf) throws IOException {
    this.options = options;
    TargetKind said = options.targetKind();
    this.targetKind = said == null ? TargetKind.CLASS : said;
    this.conf = conf;
    this.files = found.bySplit();
    this.columns = CsvColumns.of(found.train(), options, conf);
    Map<String, Long> examples = new LinkedHashMap<>();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      // Classes are those of the training file: one that only a test row has is a slip there.
      boolean collect = targetKind == TargetKind.CLASS && examples.isEmpty();
      examples.put(file.getKey(), survey(file.getValue(), collect));
    }
    if (said == null) {
      checkClasses(found.train());
    }
    classes.number();
    boolean isClass = targetKind == TargetKind.CLASS;
    if (isClass && classes.size() < 2) {
      throw new UserError(
          "%s has %d class in column %s, there must be at least 2"
              .formatted(found.train(), classes.size(), columns.title(columns.targets()[0])));
    }
    this.description =
        new Description(
            found.name(),
            new RecordFormat(
                FeatureType.FLOATS,
                List.of(columns.features().length),
                targetKind,
                isClass ? classes.size() : columns.targets().length),
            isClass ? classes.names() : columns.targetNames(),
            examples,
            found.train().toString(),
            "");
  }

  /**
   * Reads the header, the classes and the number of rows.
   *
   * @param from a file, or a folder with {@code train.*} and {@code test.*}
   * @throws UserError naming file, line and column of what is wrong
   */
  public static Source of(Path from, Options options, Configuration conf) throws IOException {
    TextFiles found = TextFiles.find(from, options.test(), conf);
    return HeldOut.of(
        new CsvSource(found, options, conf), options.testFraction(), options.testSeed());
  }

  private long survey(Path file, boolean collectClasses) throws IOException {
    long count = 0;
    try (CsvRows rows = columns.open(file, options, conf)) {
      for (CSVRecord row = rows.next(); row != null; row = rows.next()) {
        columns.checkSize(rows, row);
        if (collectClasses) {
          classes.add(classText(rows, row));
          if (classes.size() > 1 << 16) {
            if (options.targetKind() == null) {
              checkClasses(file);
            }
            throw new UserError(
                "%s has more than 65536 classes in column %s: should its target be numbers?"
                    .formatted(file, columns.title(columns.targets()[0])));
          }
        }
        count++;
      }
    }
    if (count == 0) {
      throw new UserError(file + " has no rows of examples");
    }
    return count;
  }

  /** Numbers that count nothing, and numbers without end, are no classes by accident. */
  private void checkClasses(Path file) {
    String fraction = classes.fraction();
    String why =
        fraction != null ? "such as " + fraction : "%,d different ones".formatted(classes.size());
    if (fraction != null || (classes.numeric() && classes.size() > MOST_NUMERIC_CLASSES)) {
      throw new UserError(
          "%s holds numbers in column %s, %s, where classes are needed: --target numbers takes them as numbers, --target class makes a class of each"
              .formatted(file, columns.title(columns.targets()[0]), why));
    }
  }

  private String classText(CsvRows rows, CSVRecord row) {
    int column = columns.targets()[0];
    String text = row.get(column);
    if (text.isEmpty()) {
      throw new UserError(
          rows.place(column, columns.name(column)) + " is empty where a class is needed");
    }
    return text;
  }

  @Override
  public Description description() {
    return description;
  }

  @Override
  public Records open(String split) throws IOException {
    Path file = files.get(split);
    if (file == null) {
      throw new IllegalArgumentException("no split " + split);
    }
    return new CsvRecords(columns.open(file, options, conf));
  }

  private final class CsvRecords implements Records {
    private final CsvRows rows;
    private final int targetBytes = description.format().targetBytes();

    CsvRecords(CsvRows rows) {
      this.rows = rows;
    }

    @Override
    public boolean read(byte[] record) {
      CSVRecord row = rows.next();
      if (row == null) {
        return false;
      }
      columns.checkSize(rows, row);
      switch (targetKind) {
        case CLASS -> LittleEndian.putShort(record, 0, classOf(row));
        case LABELS -> {
          for (int i = 0; i < targetBytes; i++) {
            record[i] = label(row, columns.targets()[i]);
          }
        }
        case NUMBERS -> floats(row, columns.targets(), record, 0);
      }
      floats(row, columns.features(), record, targetBytes);
      return true;
    }

    private int classOf(CSVRecord row) {
      String text = classText(rows, row);
      Integer number = classes.indexOf(text);
      if (number == null) {
        int column = columns.targets()[0];
        throw new UserError(
            "%s is \"%s\", a class that no training row has"
                .formatted(rows.place(column, columns.name(column)), FloatText.shortened(text)));
      }
      return number;
    }

    private byte label(CSVRecord row, int column) {
      String text = row.get(column);
      if (FloatText.isNumber(text)) {
        double value = Double.parseDouble(text);
        if (value == 0 || value == 1) {
          return (byte) value;
        }
      }
      throw new UserError(
          "%s is \"%s\" where a label needs 0 or 1"
              .formatted(rows.place(column, columns.name(column)), FloatText.shortened(text)));
    }

    private void floats(CSVRecord row, int[] from, byte[] to, int offset) {
      for (int i = 0; i < from.length; i++) {
        int column = from[i];
        float value =
            FloatText.parse(row.get(column), () -> rows.place(column, columns.name(column)));
        LittleEndian.putFloat(to, offset + Float.BYTES * i, value);
      }
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }
}
