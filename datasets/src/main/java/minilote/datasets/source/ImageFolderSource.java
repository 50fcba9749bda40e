package minilote.datasets.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import minilote.datasets.Dataset;
import minilote.datasets.LittleEndian;
import minilote.datasets.RecordFormat;
import minilote.datasets.UserError;
import minilote.datasets.ValidationSplit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A folder of JPEG and PNG files in which each subfolder is a class: either {@code train/} and
 * {@code test/} with the class folders in them, or the class folders themselves, of which a
 * fraction becomes the test split. Classes are numbered in the order of their names; the examples
 * are ordered by class, then by path.
 */
public final class ImageFolderSource implements Source {
  private static final Set<String> IMAGES = Set.of("jpg", "jpeg", "png");
  private static final Set<String> OTHER_IMAGES =
      Set.of("gif", "bmp", "webp", "tif", "tiff", "heic", "avif", "jp2");
  private static final int BLOCK = 256; // images decoded ahead, by all cores

  /**
   * How the images are read.
   *
   * @param size that all are stretched to; null keeps the size that all must have then
   * @param channels 3 for colour, 1 for grey
   * @param testFraction of a single tree, in [0, 1); null for {@link TestFraction#DEFAULT}
   * @param testSeed which images that are
   */
  public record Options(
      @Nullable ImageSize size, int channels, @Nullable Double testFraction, long testSeed) {}

  private record Labelled(Path file, int label) {}

  private final Map<String, List<Labelled>> splits = new LinkedHashMap<>();
  private final ImageDecoder decoder;
  private final Configuration conf;
  private final Description description;

  /**
   * Lists the images and looks at the size of the first one.
   *
   * @throws UserError when a class has no images, or a test image's class is not among the training
   *     classes
   */
  public ImageFolderSource(Path folder, Options options, Configuration conf) throws IOException {
    this.conf = conf;
    FileSystem files = folder.getFileSystem(conf);
    if (!files.exists(folder) || !files.getFileStatus(folder).isDirectory()) {
      throw new UserError(folder + " is not there, or no folder");
    }
    Path train = new Path(folder, Dataset.TRAIN);
    Path test = new Path(folder, Dataset.TEST);
    boolean hasTrain = files.exists(train) && !subfolders(files, train).isEmpty();
    boolean hasTest = hasTrain && files.exists(test) && !subfolders(files, test).isEmpty();
    Map<String, List<Path>> trainTree = tree(files, hasTrain ? train : folder);
    List<String> classes = List.copyOf(trainTree.keySet());
    if (classes.size() < 2) {
      throw new UserError(
          "%s has %d subfolders with images: each class needs one, and there must be at least 2"
              .formatted(hasTrain ? train : folder, classes.size()));
    }
    List<Labelled> examples = labelled(trainTree, classes);
    if (hasTest) {
      if (options.testFraction() != null) {
        throw new UserError(
            "%s has its own test/ folder, so that no test fraction can be given".formatted(folder));
      }
      Map<String, List<Path>> testTree = tree(files, test);
      for (String name : testTree.keySet()) {
        if (!trainTree.containsKey(name)) {
          throw new UserError(
              "%s is a class that %s does not have".formatted(new Path(test, name), train));
        }
      }
      splits.put(Dataset.TRAIN, examples);
      splits.put(Dataset.TEST, labelled(testTree, classes));
    } else {
      ValidationSplit held =
          TestFraction.of(options.testFraction(), options.testSeed(), examples.size());
      splits.put(Dataset.TRAIN, chosen(examples, held, false));
      if (held.validationExamples() > 0) {
        splits.put(Dataset.TEST, chosen(examples, held, true));
      }
    }
    ImageSize size = options.size();
    if (size == null) {
      ImageDecoder.Size first = ImageDecoder.size(examples.get(0).file(), conf);
      size = new ImageSize(first.width(), first.height());
    }
    this.decoder =
        new ImageDecoder(options.channels(), size.height(), size.width(), options.size() != null);
    Map<String, Long> counts = new LinkedHashMap<>();
    splits.forEach((split, list) -> counts.put(split, (long) list.size()));
    this.description =
        new Description(
            folder.getName(),
            RecordFormat.image(options.channels(), size.height(), size.width(), classes.size()),
            classes,
            counts,
            folder.toString(),
            "");
  }

  private static List<Path> subfolders(FileSystem files, Path folder) throws IOException {
    List<Path> folders = new ArrayList<>();
    for (FileStatus status : files.listStatus(folder)) {
      if (status.isDirectory() && !hidden(status.getPath().getName())) {
        folders.add(status.getPath());
      }
    }
    return folders;
  }

  private static boolean hidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  /** The images of each class folder, in order. */
  private static Map<String, List<Path>> tree(FileSystem files, Path folder) throws IOException {
    Map<String, List<Path>> classes = new TreeMap<>();
    for (Path classFolder : subfolders(files, folder)) {
      List<Path> images = new ArrayList<>();
      addImages(files, classFolder, images);
      if (images.isEmpty()) {
        throw new UserError(classFolder + " has no JPEG or PNG file");
      }
      images.sort(Comparator.comparing(Path::toString));
      classes.put(classFolder.getName(), images);
    }
    return classes;
  }

  /** Hadoop's recursive listing asks for each file's owner, by a process each on a local disk. */
  private static void addImages(FileSystem files, Path folder, List<Path> images)
      throws IOException {
    for (FileStatus status : files.listStatus(folder)) {
      Path file = status.getPath();
      String extension = extension(file.getName());
      if (hidden(file.getName())) {
        continue;
      }
      if (status.isDirectory()) {
        addImages(files, file, images);
      } else if (IMAGES.contains(extension)) {
        images.add(file);
      } else if (OTHER_IMAGES.contains(extension)) {
        throw new UserError(file + " must be a JPEG or PNG file; convert it first");
      }
    }
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static List<Labelled> labelled(Map<String, List<Path>> tree, List<String> classes) {
    List<Labelled> examples = new ArrayList<>();
    tree.forEach(
        (name, images) -> {
          int label = classes.indexOf(name);
          images.forEach(image -> examples.add(new Labelled(image, label)));
        });
    return examples;
  }

  private static List<Labelled> chosen(List<Labelled> all, ValidationSplit split, boolean test) {
    return IntStream.range(0, all.size())
        .filter(id -> split.isValidation(id) == test)
        .mapToObj(all::get)
        .toList();
  }

  @Override
  public Description description() {
    return description;
  }

  @Override
  public Records open(String split) {
    return new ImageRecords(splits.getOrDefault(split, List.of()));
  }

  /** Decodes blocks of images with all cores and gives them in order. */
  private final class ImageRecords implements Records {
    private final List<Labelled> images;
    private final int featureBytes = description.format().featureBytes();
    private final byte[][] block;
    private final Throwable[] failures;
    private int next;

    ImageRecords(List<Labelled> images) {
      this.images = images;
      // A block of large images would take too much memory: at most about 256 MB.
      int size = Math.max(1, Math.min(BLOCK, (256 << 20) / featureBytes));
      this.block = new byte[size][];
      this.failures = new Throwable[size];
    }

    @Override
    public boolean read(byte[] record) throws IOException {
      if (next == images.size()) {
        return false;
      }
      int within = next % block.length;
      if (within == 0) {
        decodeBlock();
      }
      if (failures[within] instanceof IOException failure) {
        throw failure;
      }
      if (failures[within] instanceof RuntimeException failure) {
        throw failure;
      }
      LittleEndian.putShort(record, 0, images.get(next).label());
      System.arraycopy(block[within], 0, record, Short.BYTES, featureBytes);
      next++;
      return true;
    }

    private void decodeBlock() {
      int count = Math.min(block.length, images.size() - next);
      IntStream.range(0, count)
          .parallel()
          .forEach(
              i -> {
                byte[] features = block[i] == null ? new byte[featureBytes] : block[i];
                failures[i] = null;
                try {
                  decoder.decode(images.get(next + i).file(), conf, features, 0);
                } catch (IOException | RuntimeException e) {
                  failures[i] = e; // thrown when its turn comes, so that the first one is named
                }
                block[i] = features;
              });
    }

    @Override
    public void close() {
      next = images.size();
    }
  }
}
