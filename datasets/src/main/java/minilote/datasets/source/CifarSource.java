package minilote.datasets.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Dataset;
import minilote.datasets.LittleEndian;
import minilote.datasets.RecordFormat;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * CIFAR-10 and CIFAR-100 in their binary layout (Krizhevsky, <i>Learning multiple layers of
 * features from tiny images</i>, 2009): each record is a label (CIFAR-100: a coarse and a fine one,
 * of which the fine one is taken) and 32 × 32 bytes of red, green and blue.
 */
public final class CifarSource implements Source {
  private static final int PIXELS = 3 * 32 * 32;
  private static final int COARSE_CLASSES = 20;

  /** What tells the two apart. */
  private record Layout(
      String name,
      String archiveFolder,
      List<String> classNames,
      int labelBytes,
      List<String> trainFiles,
      List<String> testFiles) {
    int recordBytes() {
      return labelBytes + PIXELS;
    }

    Map<String, List<String>> files() {
      Map<String, List<String>> files = new LinkedHashMap<>();
      files.put(Dataset.TRAIN, trainFiles);
      files.put(Dataset.TEST, testFiles);
      return files;
    }
  }

  private static final Layout CIFAR_10 =
      new Layout(
          "cifar-10",
          "cifar-10-batches-bin",
          ClassNames.CIFAR_10,
          1,
          List.of(
              "data_batch_1.bin",
              "data_batch_2.bin",
              "data_batch_3.bin",
              "data_batch_4.bin",
              "data_batch_5.bin"),
          List.of("test_batch.bin"));

  private static final Layout CIFAR_100 =
      new Layout(
          "cifar-100",
          "cifar-100-binary",
          ClassNames.CIFAR_100,
          2,
          List.of("train.bin"),
          List.of("test.bin"));

  private final Layout layout;
  private final Path folder;
  private final Configuration conf;
  private final Description description;

  private CifarSource(Layout layout, Path folder, String origin, Configuration conf)
      throws IOException {
    this.layout = layout;
    this.conf = conf;
    FileSystem files = folder.getFileSystem(conf);
    Path inner = new Path(folder, layout.archiveFolder());
    this.folder = files.exists(inner) ? inner : folder;
    Map<String, Long> examples = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> split : layout.files().entrySet()) {
      long sum = 0;
      for (String file : split.getValue()) {
        sum += examplesIn(files, new Path(this.folder, file));
      }
      examples.put(split.getKey(), sum);
    }
    this.description =
        new Description(
            layout.name(),
            RecordFormat.image(3, 32, 32, layout.classNames().size()),
            layout.classNames(),
            examples,
            origin,
            "");
  }

  /**
   * Opens CIFAR-10 and checks that every file is there and has whole records.
   *
   * @param folder with the files, or with the folder that the official archive holds them in
   * @param origin what to say of where they come from
   * @throws UserError naming the file that is missing or cut short
   */
  public static CifarSource cifar10(Path folder, String origin, Configuration conf)
      throws IOException {
    return new CifarSource(CIFAR_10, folder, origin, conf);
  }

  /** Opens CIFAR-100 in the same way. */
  public static CifarSource cifar100(Path folder, String origin, Configuration conf)
      throws IOException {
    return new CifarSource(CIFAR_100, folder, origin, conf);
  }

  private long examplesIn(FileSystem files, Path file) throws IOException {
    FileStatus status;
    try {
      status = files.getFileStatus(file);
    } catch (FileNotFoundException e) {
      throw new UserError(
          "%s is not there: %s in its binary version has %s"
              .formatted(
                  file,
                  layout.name(),
                  String.join(
                      ", ", layout.files().values().stream().flatMap(List::stream).toList())),
          e);
    }
    int record = layout.recordBytes();
    long records = status.getLen() / record;
    if (records == 0 || status.getLen() % record != 0) {
      throw new UserError(
          "%s has %d bytes, which are not whole records of %d: record %d, which begins at offset %d, is cut short"
              .formatted(file, status.getLen(), record, records, records * record));
    }
    return records;
  }

  @Override
  public Description description() {
    return description;
  }

  @Override
  public Records open(String split) {
    List<String> files = layout.files().getOrDefault(split, List.of());
    return new CifarRecords(files.stream().map(file -> new Path(folder, file)).toList());
  }

  private final class CifarRecords implements Records {
    private final List<Path> files;
    private final byte[] stored = new byte[layout.recordBytes()];
    private int nextFile;
    private long fileBytes; // of the open file
    private @Nullable InputFile in;

    CifarRecords(List<Path> files) {
      this.files = files;
    }

    @Override
    public boolean read(byte[] record) throws IOException {
      InputFile current = in;
      if (current == null || current.offset() == fileBytes) {
        close();
        if (nextFile == files.size()) {
          return false;
        }
        Path file = files.get(nextFile++);
        fileBytes = file.getFileSystem(conf).getFileStatus(file).getLen();
        current = InputFile.open(file, conf);
        in = current;
      }
      long begin = current.offset();
      current.readFully(stored, 0, stored.length, "the record");
      int last = layout.labelBytes() - 1;
      if (last > 0) {
        check(current, begin, COARSE_CLASSES);
      }
      check(current, begin + last, layout.classNames().size());
      LittleEndian.putShort(record, 0, stored[last] & 0xff);
      System.arraycopy(stored, layout.labelBytes(), record, Short.BYTES, PIXELS);
      return true;
    }

    private void check(InputFile file, long offset, int classes) {
      int label = stored[(int) (offset % layout.recordBytes())] & 0xff;
      if (label >= classes) {
        throw new UserError(
            "%s: label %d at %s is out of range, it must be 0..%d"
                .formatted(file.name(), label, file.at(offset), classes - 1));
      }
    }

    @Override
    public void close() throws IOException {
      InputFile current = in;
      in = null;
      if (current != null) {
        current.close();
      }
    }
  }
}
