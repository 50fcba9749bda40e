package minilote.driver;

import java.io.IOException;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Folders and files as users name them: paths of this machine, or URIs of any Hadoop file system.
 */
final class Locations {
  private Locations() {}

  /**
   * The place that an option names, with scheme and without relative parts, so that it means the
   * same from any folder and on any machine.
   *
   * @param option its name, for messages
   * @throws UserError where it is no path, or its file system is unknown
   */
  static Path of(String option, String text, Configuration configuration) throws IOException {
    Path path;
    try {
      path = new Path(text);
    } catch (IllegalArgumentException e) {
      throw new UserError("%s \"%s\": it is neither a path nor a URI".formatted(option, text), e);
    }
    String scheme = path.toUri().getScheme();
    if ("http".equals(scheme) || "https".equals(scheme)) {
      throw new UserError(
          "%s %s: it must be a folder or file of a file system, not a page"
              .formatted(option, text));
    }
    try {
      FileSystem files = path.getFileSystem(configuration);
      return files.makeQualified(path);
    } catch (UnsupportedFileSystemException e) {
      throw new UserError(
          "%s %s: there is no file system %s: here (file:, hdfs: and, with their jars, s3a: and others)"
              .formatted(option, text, scheme),
          e);
    } catch (IllegalArgumentException e) {
      // Hadoop resolves a host's name while it opens its file system.
      Throwable cause = e.getCause();
      throw new UserError(
          "%s %s: %s"
              .formatted(
                  option,
                  text,
                  cause instanceof java.net.UnknownHostException
                      ? "there is no host " + cause.getMessage()
                      : e.getMessage()),
          e);
    }
  }
}
