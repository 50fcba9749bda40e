package minilote.datasets.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import minilote.datasets.ProgressListener;
import minilote.datasets.TestData;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.DynamicTest;

/**
 * A table of what a user can give wrongly to a preparation, with the sentence that is seen. A row:
 * name, data set, what is done to good files or settings, the sentence, in which {@code DIR} stands
 * for the source's folder. Nothing may be left behind by any of them.
 */
final class WrongInputs {
  /** Spoils a folder of good files. */
  interface Spoiling {
    void spoil(Path folder) throws IOException;
  }

  private record Row(
      String name,
      String dataset,
      Spoiling files,
      UnaryOperator<PreparationSettings.Builder> settings,
      String sentence) {}

  private final List<Row> rows = new ArrayList<>();

  void add(String name, String dataset, Spoiling files, String sentence) {
    add(name, dataset, files, settings -> settings, sentence);
  }

  void add(
      String name,
      String dataset,
      Spoiling files,
      UnaryOperator<PreparationSettings.Builder> settings,
      String sentence) {
    rows.add(new Row(name, dataset, files, settings, sentence));
  }

  /** A row for the settings alone. */
  void settings(
      String name,
      String dataset,
      UnaryOperator<PreparationSettings.Builder> settings,
      String sentence) {
    add(name, dataset, folder -> {}, settings, sentence);
  }

  /** A row whose source is a file {@code t} of that content, without a test split. */
  void table(String name, String dataset, String content, String sentence) {
    table(name, dataset, content, settings -> settings, sentence);
  }

  void table(
      String name,
      String dataset,
      String content,
      UnaryOperator<PreparationSettings.Builder> settings,
      String sentence) {
    add(
        name,
        dataset,
        folder -> Files.writeString(folder.resolve("t"), content),
        s -> settings.apply(s.from("DIR/t").testFraction(0.0)),
        sentence);
  }

  /** A test for each row; {@code least} of them there must be. */
  Stream<DynamicTest> tests(Path folder, int least) {
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(
        DynamicTest.dynamicTest(
            rows.size() + " rows",
            () -> {
              assertFalse(rows.size() < least, "rows: " + rows.size());
              assertEquals(
                  rows.size(), rows.stream().map(r -> r.dataset() + r.name()).distinct().count());
            }));
    for (Row row : rows) {
      Path base = folder.resolve("row-" + tests.size());
      tests.add(DynamicTest.dynamicTest(row.dataset() + ": " + row.name(), () -> check(row, base)));
    }
    return tests.stream();
  }

  private static void check(Row row, Path base) throws IOException {
    Path from = Files.createDirectories(base.resolve("from"));
    Path to = base.resolve("to");
    writeGood(row.dataset(), from);
    row.files().spoil(from);
    UserError e = assertThrows(UserError.class, () -> run(row, from, to));
    String sentence = e.getMessage().replace(from.toString(), "DIR");
    if (row.sentence().contains("such as A") || row.sentence().contains("both A and B")) {
      // which of several files is named depends on the order of the disk
      sentence =
          sentence
              .replaceFirst("such as [\\w.-]+", "such as A")
              .replaceFirst("both \\S+ and \\S+:", "both A and B:");
    }
    assertEquals(row.sentence(), sentence);
    assertFalse(Files.exists(to), "something was left in the target");
    try (Stream<Path> left = Files.list(base)) {
      assertEquals(List.of(from), left.toList());
    }
  }

  private static void run(Row row, Path from, Path to) throws IOException {
    PreparationSettings settings =
        row.settings()
            .apply(PreparationSettings.of(row.dataset()).from(from.toString()).to(to.toString()))
            .build();
    new Preparation(placed(settings, from), new Configuration(false)).run(ProgressListener.NONE);
  }

  /** The same settings with the source's folder for DIR. */
  private static PreparationSettings placed(PreparationSettings s, Path from) {
    UnaryOperator<String> place =
        text -> text == null ? null : text.replace("DIR", from.toString());
    return new PreparationSettings(
        s.dataset(),
        place.apply(s.from()),
        place.apply(s.to()),
        s.shards(),
        s.copies(),
        s.overwrite(),
        s.cache(),
        s.size(),
        s.crop(),
        s.channels(),
        s.target(),
        s.targetColumns(),
        s.header(),
        s.delimiter(),
        place.apply(s.test()),
        s.testFraction(),
        s.testSeed());
  }

  private static void writeGood(String dataset, Path from) throws IOException {
    switch (dataset) {
      case "cifar-10" -> {
        TestData.writeCifar10(from);
        TestData.write(from, "inner/x", TestData.bytes(1));
      }
      case "mnist", "fashion-mnist" -> TestData.writeMnist(from);
      case "images" -> {
        TestData.write(from, "cat/a.png", TestImages.png(2, 2));
        TestData.write(from, "dog/a.png", TestImages.png(2, 2));
      }
      default -> {}
    }
  }
}
