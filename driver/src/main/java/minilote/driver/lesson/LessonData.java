package minilote.driver.lesson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import minilote.datasets.Dataset;
import minilote.datasets.ProgressListener;
import minilote.datasets.UserError;
import minilote.datasets.prepare.Preparation;
import minilote.datasets.prepare.PreparationSettings;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where lessons find their images: in the user's prepared data sets, by their names as folders; or,
 * where there are none, in the sample that the program carries, written to a temporary folder that
 * is deleted in the end.
 */
public final class LessonData implements AutoCloseable {
  /** The name of the program's own images. */
  public static final String SAMPLE = "fashion-mnist-sample";

  private static final Logger LOG = LoggerFactory.getLogger(LessonData.class);
  private static final int ATTEMPTS = 20;

  private final @Nullable Path folder;
  private final Configuration configuration;
  private @Nullable Path temporary;
  private @Nullable Found sample;
  private final Thread atEnd = new Thread(this::deleteAtEnd, "lesson-data");

  /**
   * @param folder of prepared data sets, or one prepared data set; null for the sample
   */
  public LessonData(@Nullable Path folder, Configuration configuration) {
    this.folder = folder;
    this.configuration = configuration;
  }

  /**
   * A data set.
   *
   * @param folder as an URI
   */
  public record Found(String folder, Dataset dataset) {
    /** Whether it is the program's own sample. */
    public boolean isSample() {
      return dataset.name().equals(SAMPLE);
    }
  }

  /**
   * The first of these data sets that is there, or the user's one; else the sample.
   *
   * @throws UserError where the user's folder has none of them
   */
  public Found first(String... names) throws IOException {
    if (folder == null) {
      return sample();
    }
    if (!Files.isDirectory(folder)) {
      throw new UserError("--data %s: there is no such folder on this machine".formatted(folder));
    }
    for (String name : names) {
      Found found = named(name);
      if (found != null) {
        return found;
      }
    }
    if (Files.exists(folder.resolve("dataset.json"))) {
      return read(folder);
    }
    throw new UserError(
        "--data %s: it is neither a prepared data set nor a folder with %s in it; minilote prepare makes one"
            .formatted(folder, String.join(" or ", names)));
  }

  /** The data set of that name among the user's; null where there is none. */
  public @Nullable Found named(String name) throws IOException {
    if (folder == null || !Files.exists(folder.resolve(name).resolve("dataset.json"))) {
      return null;
    }
    return read(folder.resolve(name));
  }

  private Found read(Path path) throws IOException {
    String uri = path.toUri().toString();
    return new Found(uri, Dataset.read(new org.apache.hadoop.fs.Path(uri), configuration));
  }

  /** The images that the program carries. */
  public Found sample() throws IOException {
    if (sample == null) {
      Path to = base().resolve("sample");
      new Preparation(
              PreparationSettings.of("sample").to(to.toUri().toString()).build(), configuration)
          .run(ProgressListener.NONE);
      sample = read(to);
    }
    return sample;
  }

  /** A folder for what a lesson writes, deleted in the end. */
  public Path temporary() throws IOException {
    return Files.createTempDirectory(base(), "work");
  }

  private Path base() throws IOException {
    Path made = temporary;
    if (made == null) {
      made = Files.createTempDirectory("minilote-lesson");
      temporary = made;
      // Also where the program is told to end in the middle of a lesson.
      Runtime.getRuntime().addShutdownHook(atEnd);
    }
    return made;
  }

  @Override
  public void close() throws IOException {
    if (temporary != null) {
      delete(temporary);
      try {
        Runtime.getRuntime().removeShutdownHook(atEnd);
      } catch (IllegalStateException e) {
        LOG.debug("the program is ending already", e);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** A lesson that is still at work may write meanwhile. */
  private void deleteAtEnd() {
    Path folder = temporary;
    for (int i = 0; i < ATTEMPTS && folder != null && Files.exists(folder); i++) {
      try {
        delete(folder);
      } catch (IOException | UncheckedIOException e) {
        LOG.debug("{} is still written to", folder, e);
      }
    }
  }
}
