package minilote.driver;

import java.io.IOException;
import minilote.datasets.UserError;
import minilote.trainer.run.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a result's picture goes. */
final class PictureOptions {
  @Option(
      names = "--out",
      paramLabel = "FILE.svg",
      description = "A file for the picture, which any browser shows. Default: none is drawn.")
  private @Nullable String out;

  @Option(names = "--overwrite", description = "Replace --out where it is there already.")
  private boolean overwrite;

  /**
   * The file, before any work is done for it; null where none is wanted.
   *
   * @throws UserError where it cannot be
   */
  @Nullable Path file(Configuration configuration) throws IOException {
    if (out == null) {
      if (overwrite) {
        throw new UserError("--overwrite: there is no --out FILE.svg to replace");
      }
      return null;
    }
    Path file = Locations.of("--out", out, configuration);
    FileSystem files = Files.fileSystem(file, configuration);
    if (files.exists(file)) {
      if (files.getFileStatus(file).isDirectory()) {
        throw new UserError("--out %s: it is a folder, where a file is needed".formatted(out));
      }
      if (!overwrite) {
        throw new UserError(
            "--out %s: it is there already; --overwrite replaces it".formatted(out));
      }
    }
    return file;
  }

  /** Below a result for people: where its picture is. */
  static String line(@Nullable Path file) {
    return file == null ? "" : "\n\npicture  " + file;
  }
}
