package minilote.trainer.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Whole small files over Hadoop's file systems. A file appears whole or not at all: it is written
 * under another name beside its place and renamed; where the file system is an object store, whose
 * files appear when they are closed, the rename is a copy and as safe.
 */
public final class Files {
  private Files() {}

  /** What writes a file's content. */
  @FunctionalInterface
  public interface Content {
    /** Writes it; the caller closes the stream. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes a file, in place of one that may be there. */
  public static void write(Path file, byte[] bytes, Configuration configuration)
      throws IOException {
    write(file, out -> out.write(bytes), configuration);
  }

  /** Writes a file that need not fit into memory, in place of one that may be there. */
  public static void write(Path file, Content content, Configuration configuration)
      throws IOException {
    FileSystem files = fileSystem(file, configuration);
    Path unfinished = new Path(file.getParent(), "." + file.getName() + ".unfinished");
    try {
      try (FSDataOutputStream out = files.create(unfinished, true)) {
        content.writeTo(out);
        out.hsync();
      }
      if (!files.rename(unfinished, file)) {
        // Some file systems rename over a file only when told to (HDFS), as one change.
        FileContext.getFileContext(file.getFileSystem(configuration).getUri(), configuration)
            .rename(unfinished, file, Options.Rename.OVERWRITE);
      }
    } catch (RuntimeException e) {
      files.delete(unfinished, false);
      throw e;
    } catch (IOException | FSError e) { // The latter is a local disk's, which may be full.
      files.delete(unfinished, false);
      throw new IOException("%s could not be written: %s".formatted(file, reason(e)), e);
    }
  }

  /** Writes a text as UTF-8. */
  public static void write(Path file, String text, Configuration configuration) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8), configuration);
  }

  /**
   * Reads a file.
   *
   * @param limit a length that no file of its kind has, so that a wrong one cannot take all memory
   * @throws FileNotFoundException where there is none
   * @throws UserError where it is longer than {@code limit}
   */
  public static byte[] read(Path file, long limit, Configuration configuration) throws IOException {
    FileSystem files = fileSystem(file, configuration);
    FileStatus status = files.getFileStatus(file);
    if (status.isDirectory()) {
      throw new UserError("%s is a folder where a file is expected".formatted(file));
    }
    if (status.getLen() > limit) {
      throw new UserError(
          "%s has %,d bytes, more than the %,d that such a file may have"
              .formatted(file, status.getLen(), limit));
    }
    byte[] bytes = new byte[(int) status.getLen()];
    try (FSDataInputStream in = files.open(file)) {
      in.readFully(0, bytes);
    }
    return bytes;
  }

  /** Reads a text in UTF-8. */
  public static String readText(Path file, long limit, Configuration configuration)
      throws IOException {
    return new String(read(file, limit, configuration), StandardCharsets.UTF_8);
  }

  /**
   * The file system of a path. On a local disk it is the one without checksum files beside each
   * file: a file and its checksum file could not be replaced as one, and a run's folder is for
   * people to look at.
   */
  public static FileSystem fileSystem(Path path, Configuration configuration) throws IOException {
    FileSystem files = path.getFileSystem(configuration);
    return files instanceof LocalFileSystem local
        ? LocalDisk.of(local.getUri(), configuration)
        : files;
  }

  /** What an exception says, or its name where it says nothing. */
  static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }
}
