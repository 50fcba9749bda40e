package minilote.datasets.prepare;

import minilote.datasets.UserError;
import org.apache.hadoop.fs.Path;

/** Paths as the user writes them: of this machine, or with a scheme (hdfs:, s3a:, http:). */
final class PathText {
  private PathText() {}

  static Path path(String text) {
    try {
      return new Path(text);
    } catch (IllegalArgumentException e) {
      throw new UserError("\"" + text + "\" is neither a path nor a URI", e);
    }
  }

  static boolean isHttp(String text) {
    return text.startsWith("http://") || text.startsWith("https://");
  }
}
