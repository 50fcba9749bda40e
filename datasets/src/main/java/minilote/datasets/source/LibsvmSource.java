package minilote.datasets.source;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Dataset;
import minilote.datasets.FeatureType;
import minilote.datasets.LittleEndian;
import minilote.datasets.RecordFormat;
import minilote.datasets.TargetKind;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A text file in the sparse format of LIBSVM (Chang and Lin, 2011): one example a line, made dense.
 * Features that no line names are 0; there are as many as the largest index of all files.
 *
 * <p>Class labels are numbers, and are numbered anew in their order (−1, +1 become 0, 1); several
 * labels on a line, with commas between them, become one yes-or-no label for each that occurs.
 */
public final class LibsvmSource implements Source {
  /**
   * How the file is read.
   *
   * @param targetKind what the labels are; null for labels where a line has several with commas,
   *     and a class otherwise
   * @param test the test examples; null when they are a fraction of the file
   * @param testFraction in [0, 1); null for {@link TestFraction#DEFAULT}
   * @param testSeed which lines that are
   */
  public record Options(
      @Nullable TargetKind targetKind,
      @Nullable Path test,
      @Nullable Double testFraction,
      long testSeed) {}

  private final Configuration conf;
  private final Map<String, Path> files;
  private final ClassTable classes = new ClassTable();
  private final TargetKind targetKind;
  private final Description description;

  private LibsvmSource(TextFiles found, Options options, Configuration conf) throws IOException {
    this.conf = conf;
    this.files = found.bySplit();
    Map<String, Long> examples = new LinkedHashMap<>();
    int features = 0;
    Survey train = new Survey();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      boolean training = file.getKey().equals(Dataset.TRAIN);
      Survey survey = training ? train : new Survey();
      survey.read(file.getValue(), training);
      features = Math.max(features, survey.features);
      examples.put(file.getKey(), survey.count);
    }
    if (features == 0) {
      throw new UserError(found.train() + " has no features: no line has an index:value");
    }
    TargetKind said = options.targetKind();
    this.targetKind =
        said != null ? said : train.mostLabels > 1 ? TargetKind.LABELS : TargetKind.CLASS;
    checkClasses(found.train());
    classes.number();
    int targets = targetKind == TargetKind.NUMBERS ? train.mostLabels : classes.size();
    this.description =
        new Description(
            found.name(),
            new RecordFormat(FeatureType.FLOATS, List.of(features), targetKind, targets),
            targetKind == TargetKind.NUMBERS ? List.of() : classes.names(),
            examples,
            found.train().toString(),
            "");
  }

  /**
   * Reads the labels, the largest index and the number of lines.
   *
   * @param from a file, or a folder with {@code train.*} and {@code test.*}
   * @throws UserError naming file, line and column of what is wrong
   */
  public static Source of(Path from, Options options, Configuration conf) throws IOException {
    TextFiles found = TextFiles.find(from, options.test(), conf);
    return HeldOut.of(
        new LibsvmSource(found, options, conf), options.testFraction(), options.testSeed());
  }

  private void checkClasses(Path file) {
    if (targetKind == TargetKind.NUMBERS) {
      return;
    }
    if (classes.size() > 1 << 16) {
      throw new UserError(
          file + " has more than 65536 different labels: should its target be numbers?");
    }
    int least = targetKind == TargetKind.CLASS ? 2 : 1;
    if (classes.size() < least) {
      throw new UserError(
          "%s has %d different labels, there must be at least %d"
              .formatted(file, classes.size(), least));
    }
  }

  /** What is to be known before records can be made. */
  private final class Survey {
    private long count;
    private int features;
    private int mostLabels;

    void read(Path file, boolean training) throws IOException {
      LibsvmLine line = new LibsvmLine();
      try (TextLines lines = new TextLines(file, conf)) {
        for (String text = lines.next(); text != null; text = lines.next()) {
          if (line.parse(text, lines)) {
            count++;
            features = Math.max(features, line.lastIndex());
            mostLabels = Math.max(mostLabels, line.labels().size());
            // Numbers may all differ: stop to take note of them where they cannot be classes.
            if (training && classes.size() <= 1 << 16) {
              line.labels().forEach(classes::add);
            }
          }
        }
      }
      if (count == 0) {
        throw new UserError(file + " has no examples");
      }
    }
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
    return new LibsvmRecords(new TextLines(file, conf));
  }

  private final class LibsvmRecords implements Records {
    private final TextLines lines;
    private final LibsvmLine line = new LibsvmLine();
    private final RecordFormat format = description.format();

    LibsvmRecords(TextLines lines) {
      this.lines = lines;
    }

    @Override
    public boolean read(byte[] record) throws IOException {
      do {
        String text = lines.next();
        if (text == null) {
          return false;
        }
        if (line.parse(text, lines)) {
          break;
        }
      } while (true);
      Arrays.fill(record, 0, format.recordBytes(), (byte) 0);
      target(record);
      int from = format.targetBytes() - Float.BYTES; // indices begin with 1
      for (int i = 0; i < line.size(); i++) {
        LittleEndian.putFloat(record, from + Float.BYTES * line.index(i), line.value(i));
      }
      return true;
    }

    private void target(byte[] record) {
      List<String> labels = line.labels();
      int needed = targetKind == TargetKind.CLASS ? 1 : format.targets();
      if (targetKind != TargetKind.LABELS && labels.size() != needed) {
        throw new UserError(
            "%s has %d labels where each line needs %d"
                .formatted(lines.place(line.labelColumn()), labels.size(), needed));
      }
      for (int i = 0; i < labels.size(); i++) {
        switch (targetKind) {
          case CLASS -> LittleEndian.putShort(record, 0, classOf(labels.get(i)));
          case LABELS -> record[classOf(labels.get(i))] = 1;
          case NUMBERS ->
              LittleEndian.putFloat(
                  record,
                  Float.BYTES * i,
                  FloatText.parse(labels.get(i), () -> "the label in " + lines.place(0)));
        }
      }
    }

    private int classOf(String label) {
      Integer number = classes.indexOf(label);
      if (number == null) {
        throw new UserError(
            "%s is \"%s\", a label that no training line has"
                .formatted(lines.place(line.labelColumn()), FloatText.shortened(label)));
      }
      return number;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
