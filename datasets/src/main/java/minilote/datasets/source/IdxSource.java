package minilote.datasets.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Dataset;
import minilote.datasets.LittleEndian;
import minilote.datasets.RecordFormat;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Grey images and their labels in IDX files, plain or gzip, under the names of MNIST: a big-endian
 * magic number (0, 0, type 8 for unsigned bytes, number of dimensions), the size of each dimension,
 * then the bytes.
 */
public final class IdxSource implements Source {
  private static final int IMAGES_MAGIC = 0x00000803;
  private static final int LABELS_MAGIC = 0x00000801;

  private static final String FASHION_MNIST_LICENCE = "MIT, Zalando SE 2017";

  private record Files(InputFile.Opener images, InputFile.Opener labels) {}

  private final Map<String, Files> files;
  private final Description description;

  private IdxSource(
      String name, List<String> classNames, Map<String, Files> files, String origin, String licence)
      throws IOException {
    this.files = files;
    Map<String, Long> examples = new LinkedHashMap<>();
    List<Integer> size = List.of();
    for (Map.Entry<String, Files> split : files.entrySet()) {
      try (InputFile images = split.getValue().images().open();
          InputFile labels = split.getValue().labels().open()) {
        int count = openHeader(images, IMAGES_MAGIC, "images");
        List<Integer> found = List.of(images.readInt("the height"), images.readInt("the width"));
        if (found.get(0) < 1 || found.get(1) < 1) {
          throw new UserError(
              "%s: images of %d × %d, said at offset 8, have no pixels"
                  .formatted(images.name(), found.get(1), found.get(0)));
        }
        if (!size.isEmpty() && !size.equals(found)) {
          throw new UserError(
              "%s: images of %d × %d, said at offset 8, do not fit the training images of %d × %d"
                  .formatted(images.name(), found.get(1), found.get(0), size.get(1), size.get(0)));
        }
        size = found;
        int labelCount = openHeader(labels, LABELS_MAGIC, "labels");
        if (count != labelCount) {
          throw new UserError(
              "%s has %d labels where %s has %d images"
                  .formatted(labels.name(), labelCount, images.name(), count));
        }
        examples.put(split.getKey(), (long) count);
      }
    }
    this.description =
        new Description(
            name,
            RecordFormat.image(1, size.get(0), size.get(1), classNames.size()),
            classNames,
            examples,
            origin,
            licence);
  }

  /**
   * Opens MNIST and checks the headers of its four files.
   *
   * @param folder with {@code train-images-idx3-ubyte} and its three companions, with or without
   *     {@code .gz}
   * @param origin what to say of where they come from
   * @throws UserError naming the file that is missing or has another header
   */
  public static IdxSource mnist(Path folder, String origin, Configuration conf) throws IOException {
    return new IdxSource("mnist", ClassNames.DIGITS, folderFiles(folder, conf), origin, "");
  }

  /** Opens Fashion-MNIST in the same way. */
  public static IdxSource fashionMnist(Path folder, String origin, Configuration conf)
      throws IOException {
    return new IdxSource(
        "fashion-mnist",
        ClassNames.FASHION_MNIST,
        folderFiles(folder, conf),
        origin,
        FASHION_MNIST_LICENCE);
  }

  /**
   * The images that the program carries with it: the first 10,000 training and 2,000 test images of
   * Fashion-MNIST.
   */
  public static IdxSource sample() throws IOException {
    Map<String, Files> files = new LinkedHashMap<>();
    files.put(Dataset.TRAIN, new Files(resource("train-images"), resource("train-labels")));
    files.put(Dataset.TEST, new Files(resource("test-images"), resource("test-labels")));
    return new IdxSource(
        "fashion-mnist-sample",
        ClassNames.FASHION_MNIST,
        files,
        "the first 10,000 training and 2,000 test images of Fashion-MNIST, carried by Minilote",
        FASHION_MNIST_LICENCE);
  }

  private static InputFile.Opener resource(String file) {
    String name = "/minilote/datasets/sample/" + file + ".idx.gz";
    return () -> {
      InputStream in = IdxSource.class.getResourceAsStream(name);
      if (in == null) {
        throw new IllegalStateException("the program was built without its resource " + name);
      }
      return InputFile.of(name, in);
    };
  }

  private static Map<String, Files> folderFiles(Path folder, Configuration conf)
      throws IOException {
    Map<String, Files> files = new LinkedHashMap<>();
    for (String split : List.of(Dataset.TRAIN, Dataset.TEST)) {
      String stem = split.equals(Dataset.TRAIN) ? "train" : "t10k";
      Path images = find(folder, stem + "-images", "idx3-ubyte", conf);
      Path labels = find(folder, stem + "-labels", "idx1-ubyte", conf);
      files.put(
          split, new Files(() -> InputFile.open(images, conf), () -> InputFile.open(labels, conf)));
    }
    return files;
  }

  private static Path find(Path folder, String stem, String type, Configuration conf)
      throws IOException {
    FileSystem files = folder.getFileSystem(conf);
    String official = stem + "-" + type;
    // Some unpackers write a dot where the official names have a dash.
    for (String name :
        List.of(official, official + ".gz", stem + "." + type, stem + "." + type + ".gz")) {
      Path file = new Path(folder, name);
      if (files.exists(file)) {
        return file;
      }
    }
    throw new UserError(
        "%s is not there, nor with .gz: the images and labels of MNIST and Fashion-MNIST have these names"
            .formatted(new Path(folder, official)));
  }

  private static int openHeader(InputFile file, int expected, String what) throws IOException {
    int magic = file.readInt("the magic number");
    if (magic != expected) {
      throw new UserError(
          "%s begins with the magic number 0x%08x at offset 0 where IDX %s have 0x%08x"
              .formatted(file.name(), magic, what, expected));
    }
    int count = file.readInt("the number of " + what);
    if (count < 1) {
      throw new UserError(
          "%s says at offset 4 that it has %d %s, it must be at least 1"
              .formatted(file.name(), Integer.toUnsignedLong(count), what));
    }
    return count;
  }

  @Override
  public Description description() {
    return description;
  }

  @Override
  public Records open(String split) throws IOException {
    Files pair = files.get(split);
    if (pair == null) {
      throw new IllegalArgumentException("no split " + split);
    }
    long count = description.examples().getOrDefault(split, 0L);
    InputFile images = pair.images().open();
    try {
      InputFile labels = pair.labels().open();
      images.readFully(new byte[16], 0, 16, "the header");
      labels.readFully(new byte[8], 0, 8, "the header");
      return new IdxRecords(images, labels, count);
    } catch (IOException | RuntimeException e) {
      images.close();
      throw e;
    }
  }

  private final class IdxRecords implements Records {
    private final InputFile images;
    private final InputFile labels;
    private final long count;
    private final byte[] label = new byte[1];
    private long read;

    IdxRecords(InputFile images, InputFile labels, long count) {
      this.images = images;
      this.labels = labels;
      this.count = count;
    }

    @Override
    public boolean read(byte[] record) throws IOException {
      if (read == count) {
        checkEnd(images);
        checkEnd(labels);
        return false;
      }
      RecordFormat format = description.format();
      labels.readFully(label, 0, 1, "label " + read);
      int value = label[0] & 0xff;
      if (value >= format.targets()) {
        throw new UserError(
            "%s: label %d at %s is out of range, it must be 0..%d"
                .formatted(
                    labels.name(), value, labels.at(labels.offset() - 1), format.targets() - 1));
      }
      LittleEndian.putShort(record, 0, value);
      images.readFully(record, format.targetBytes(), format.featureBytes(), "image " + read);
      read++;
      return true;
    }

    private void checkEnd(InputFile file) throws IOException {
      long end = file.offset();
      if (!file.atEnd()) {
        throw new UserError(
            "%s goes on at %s, after the %d examples that its header says it has"
                .formatted(file.name(), file.at(end), count));
      }
    }

    @Override
    public void close() throws IOException {
      try (images;
          labels) {
        read = count;
      }
    }
  }
}
