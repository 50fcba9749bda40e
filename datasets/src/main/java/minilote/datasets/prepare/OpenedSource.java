package minilote.datasets.prepare;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import minilote.datasets.ProgressListener;
import minilote.datasets.Sha256;
import minilote.datasets.UserError;
import minilote.datasets.download.Archive;
import minilote.datasets.download.Download;
import minilote.datasets.download.TarGz;
import minilote.datasets.source.CentreCrop;
import minilote.datasets.source.CifarSource;
import minilote.datasets.source.CsvSource;
import minilote.datasets.source.IdxSource;
import minilote.datasets.source.ImageFolderSource;
import minilote.datasets.source.LibsvmSource;
import minilote.datasets.source.Source;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** The source that settings speak of, with what had to be downloaded or unpacked for it. */
final class OpenedSource implements AutoCloseable {
  // The largest file of an archive has 154 MB; a folder of a table, what a machine can hold.
  private static final long MAX_UNPACKED = 1L << 30;
  private static final long MAX_TABLE = 1L << 40;

  private static final Set<String> CIFAR_10_FILES =
      Set.of(
          "data_batch_1.bin",
          "data_batch_2.bin",
          "data_batch_3.bin",
          "data_batch_4.bin",
          "data_batch_5.bin",
          "test_batch.bin");
  private static final Set<String> CIFAR_100_FILES = Set.of("train.bin", "test.bin");

  private final PreparationSettings settings;
  private final Configuration conf;
  private final ProgressListener progress;
  private java.nio.file.@Nullable Path temporary;
  private @Nullable Source source;

  private OpenedSource(
      PreparationSettings settings, Configuration conf, ProgressListener progress) {
    this.settings = settings;
    this.conf = conf;
    this.progress = progress;
  }

  static OpenedSource open(
      PreparationSettings settings, Configuration conf, ProgressListener progress)
      throws IOException {
    OpenedSource opened = new OpenedSource(settings, conf, progress);
    try {
      Source found = opened.find();
      opened.source = settings.crop() == null ? found : new CentreCrop(found, settings.crop());
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  Source source() {
    Source found = source;
    if (found == null) {
      throw new IllegalStateException("not open");
    }
    return found;
  }

  private Source find() throws IOException {
    String from = settings.from();
    return switch (settings.dataset()) {
      case "cifar-10" -> CifarSource.cifar10(unpacked(CIFAR_10_FILES), origin(), conf);
      case "cifar-100" -> CifarSource.cifar100(unpacked(CIFAR_100_FILES), origin(), conf);
      case "mnist" -> IdxSource.mnist(folder(), origin(), conf);
      case "fashion-mnist" -> IdxSource.fashionMnist(folder(), origin(), conf);
      case "sample" -> IdxSource.sample();
      case "images" -> new ImageFolderSource(PathText.path(given(from)), imageOptions(), conf);
      case "csv" -> CsvSource.of(table(given(from)), csvOptions(), conf);
      case "libsvm" -> LibsvmSource.of(table(given(from)), libsvmOptions(), conf);
      default -> throw new IllegalStateException("unknown data set " + settings.dataset());
    };
  }

  private static String given(@Nullable String from) {
    if (from == null) {
      throw new IllegalStateException("settings were checked to have it");
    }
    return from;
  }

  private String origin() {
    String from = settings.from();
    if (from != null) {
      return from;
    }
    Archive archive = Archive.of(settings.dataset());
    return archive.files().size() == 1
        ? archive.folder().resolve(archive.files().get(0).name()).toString()
        : archive.folder().toString();
  }

  /** The folder of CIFAR's files, unpacked from the archive where need be. */
  private Path unpacked(Set<String> files) throws IOException {
    String from = settings.from();
    Path archive;
    if (from == null || PathText.isHttp(from)) {
      archive = new Path(new Path(downloaded(from).toUri()), archiveFile().name());
    } else {
      archive = PathText.path(from);
      FileSystem system = archive.getFileSystem(conf);
      try {
        if (system.getFileStatus(archive).isDirectory()) {
          return archive;
        }
      } catch (FileNotFoundException e) {
        throw new UserError(archive + " is not there", e);
      }
    }
    java.nio.file.Path folder = Files.createTempDirectory("minilote-");
    temporary = folder;
    // Ended from outside, the program does not come to close(); what was registered last goes
    // first.
    folder.toFile().deleteOnExit();
    files.forEach(file -> folder.resolve(file).toFile().deleteOnExit());
    progress.progress("unpack " + archive.getName(), 0, -1);
    try (InputStream in = archive.getFileSystem(conf).open(archive)) {
      TarGz.extract(in, archive.toString(), files, MAX_UNPACKED, folder);
    }
    return new Path(folder.toUri());
  }

  private Archive.File archiveFile() {
    return Archive.of(settings.dataset()).files().get(0);
  }

  /** The folder of MNIST's files. */
  private Path folder() throws IOException {
    String from = settings.from();
    if (from == null || PathText.isHttp(from)) {
      return new Path(downloaded(from).toUri());
    }
    Path folder = PathText.path(from);
    FileSystem system = folder.getFileSystem(conf);
    if (!system.exists(folder) || !system.getFileStatus(folder).isDirectory()) {
      throw new UserError(
          "%s is not there, or no folder: give the folder with the four IDX files"
              .formatted(folder));
    }
    return folder;
  }

  /** Downloads the official archive, from its own address or another one. */
  private java.nio.file.Path downloaded(@Nullable String from) throws IOException {
    Archive archive = Archive.of(settings.dataset());
    java.nio.file.Path folder = cache().resolve(archive.dataset());
    Files.createDirectories(folder);
    Download download = new Download(Download.Patience.DEFAULT);
    for (Archive.File file : archive.files()) {
      URI uri = archive.folder().resolve(file.name());
      if (from != null) {
        boolean complete = from.endsWith(".gz") && archive.files().size() == 1;
        uri = uri(complete ? from : from + (from.endsWith("/") ? "" : "/") + file.name());
      }
      download.fetch(uri, folder.resolve(file.name()), file.bytes(), file.sha256(), progress);
    }
    return folder;
  }

  /** A table is read where it is; one behind HTTP is downloaded each time, nothing known of it. */
  private Path table(String from) throws IOException {
    if (!PathText.isHttp(from)) {
      return PathText.path(from);
    }
    URI uri = uri(from);
    String path = uri.getPath() == null ? "" : uri.getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    String key = Sha256.of(from.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    java.nio.file.Path folder = cache().resolve("url-" + key);
    Files.createDirectories(folder);
    java.nio.file.Path file = folder.resolve(name.isEmpty() ? "table" : name);
    new Download(Download.Patience.DEFAULT).fetch(uri, file, MAX_TABLE, null, progress);
    return new Path(file.toUri());
  }

  private static URI uri(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (java.net.URISyntaxException e) {
      throw new UserError("\"" + text + "\" is no URL: " + e.getMessage(), e);
    }
    throw new UserError("\"" + text + "\" is a URL without a host");
  }

  private java.nio.file.Path cache() {
    java.nio.file.Path said = settings.cache();
    if (said != null) {
      return said;
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    java.nio.file.Path caches =
        xdg != null && !xdg.isEmpty()
            ? java.nio.file.Path.of(xdg)
            : java.nio.file.Path.of(System.getProperty("user.home"), ".cache");
    return caches.resolve("minilote").resolve("archives");
  }

  private ImageFolderSource.Options imageOptions() {
    Integer channels = settings.channels();
    return new ImageFolderSource.Options(
        settings.size(), channels == null ? 3 : channels, settings.testFraction(), seed());
  }

  private CsvSource.Options csvOptions() throws IOException {
    Character delimiter = settings.delimiter();
    return new CsvSource.Options(
        settings.target(),
        settings.targetColumns(),
        settings.header(),
        delimiter == null ? ',' : delimiter,
        test(),
        settings.testFraction(),
        seed());
  }

  private LibsvmSource.Options libsvmOptions() throws IOException {
    return new LibsvmSource.Options(settings.target(), test(), settings.testFraction(), seed());
  }

  private @Nullable Path test() throws IOException {
    String test = settings.test();
    return test == null ? null : table(test);
  }

  private long seed() {
    Long seed = settings.testSeed();
    return seed == null ? 0 : seed;
  }

  @Override
  public void close() throws IOException {
    java.nio.file.Path folder = temporary;
    temporary = null;
    if (folder != null) {
      try (Stream<java.nio.file.Path> all = Files.walk(folder)) {
        for (java.nio.file.Path file : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }
}
