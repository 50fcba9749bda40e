package minilote.datasets.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import minilote.datasets.UserError;
import org.apache.commons.csv.CSVRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What each column of a CSV file is: its name, where there is a header, and its part. */
final class CsvColumns {
  private final int count;
  private final List<String> names; // empty without a header
  private final int[] targets;
  private final int[] features;

  private CsvColumns(int count, List<String> names, int[] targets) {
    this.count = count;
    this.names = names;
    this.targets = targets;
    boolean[] isTarget = new boolean[count];
    Arrays.stream(targets).forEach(t -> isTarget[t] = true);
    this.features = IntStream.range(0, count).filter(c -> !isTarget[c]).toArray();
  }

  /** Reads the first row of the training file. */
  static CsvColumns of(Path file, CsvSource.Options options, Configuration conf)
      throws IOException {
    try (CsvRows rows = new CsvRows(file, options.delimiter(), conf)) {
      CSVRecord first = rows.next();
      if (first == null) {
        throw new UserError(file + " is empty");
      }
      List<String> cells = first.toList();
      if (cells.size() < 2) {
        throw new UserError(
            "%s has a single column, so no features beside the target: is the delimiter another one than '%s'?"
                .formatted(file, options.delimiter()));
      }
      Boolean said = options.header();
      boolean header =
          said != null
              ? said
              : cells.stream().noneMatch(FloatText::isNumber)
                  && cells.stream().anyMatch(cell -> !cell.isEmpty());
      List<String> names = header ? cells : List.of();
      checkNames(rows, names);
      CsvColumns columns =
          new CsvColumns(cells.size(), names, targets(file, cells.size(), names, options));
      if (columns.features.length == 0) {
        throw new UserError(file + " has only target columns, so no features");
      }
      return columns;
    }
  }

  private static void checkNames(CsvRows rows, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      int before = names.get(i).isEmpty() ? i : names.indexOf(names.get(i));
      if (before != i) {
        throw new UserError(
            "%s has the same name as column %d".formatted(rows.place(i, names.get(i)), before + 1));
      }
    }
  }

  private static int[] targets(
      Path file, int count, List<String> names, CsvSource.Options options) {
    if (options.targetColumns().isEmpty()) {
      return new int[] {count - 1};
    }
    List<Integer> targets = new ArrayList<>();
    for (String wanted : options.targetColumns()) {
      int column = names.indexOf(wanted);
      if (column < 0 && wanted.matches("\\d{1,9}")) {
        column = Integer.parseInt(wanted) - 1;
        if (column < 0 || column >= count) {
          throw new UserError(
              "%s has the columns 1 to %d, the target column %s is none of them"
                  .formatted(file, count, wanted));
        }
      }
      if (column < 0) {
        throw new UserError(
            names.isEmpty()
                ? "%s has no header row, so that the target column \"%s\" must be a number from 1 to %d"
                    .formatted(file, wanted, count)
                : "%s has no column \"%s\", only %s".formatted(file, wanted, listed(names)));
      }
      if (targets.contains(column)) {
        throw new UserError("the target column \"%s\" is given twice".formatted(wanted));
      }
      targets.add(column);
    }
    return targets.stream().mapToInt(Integer::intValue).toArray();
  }

  private static String listed(List<String> names) {
    String some = names.stream().limit(12).collect(Collectors.joining(", "));
    return names.size() > 12 ? some + ", … (" + names.size() + " in all)" : some;
  }

  /** Opens a file of these columns, after its header. */
  CsvRows open(Path file, CsvSource.Options options, Configuration conf) throws IOException {
    CsvRows rows = new CsvRows(file, options.delimiter(), conf);
    try {
      if (!names.isEmpty()) {
        CSVRecord header = rows.next();
        List<String> found = header == null ? List.of() : header.toList();
        if (!found.equals(names)) {
          throw new UserError(
              "%s begins with the columns %s where the training file has %s"
                  .formatted(file, listed(found), listed(names)));
        }
      }
      return rows;
    } catch (RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  void checkSize(CsvRows rows, CSVRecord row) {
    if (row.size() != count) {
      throw new UserError(
          "%s: the row has %d fields where the first one has %d"
              .formatted(rows.place(Math.min(row.size(), count), ""), row.size(), count));
    }
  }

  int[] targets() {
    return targets;
  }

  int[] features() {
    return features;
  }

  String name(int column) {
    return names.isEmpty() ? "" : names.get(column);
  }

  String title(int column) {
    return names.isEmpty() ? Integer.toString(column + 1) : names.get(column);
  }

  List<String> targetNames() {
    return names.isEmpty() ? List.of() : Arrays.stream(targets).mapToObj(names::get).toList();
  }
}
