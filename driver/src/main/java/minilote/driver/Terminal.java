package minilote.driver;

import com.sun.jna.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What standard error goes to. */
final class Terminal {
  /** What everything is made to fit; terminals narrower than this are rare. */
  static final int WIDTH = 80;

  /** Takes away what stands in the cursor's line. */
  static final String ERASE_LINE = "\r\u001b[2K";

  private static final int STDERR = 2;
  private static final Path STDERR_LINK = Path.of("/proc/self/fd/" + STDERR);

  private Terminal() {}

  /**
   * Whether somebody is watching standard error on a terminal that can move its cursor. Java's
   * console speaks of standard input and output, either of which may be a file here.
   */
  static boolean isInteractive() {
    if ("dumb".equals(System.getenv("TERM")) || System.getenv("CI") != null) {
      return false;
    }
    try {
      if (Files.isSymbolicLink(STDERR_LINK)) {
        String target = Files.readSymbolicLink(STDERR_LINK).toString();
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
      }
      return Function.getFunction("c", "isatty").invokeInt(new Object[] {STDERR}) == 1;
    } catch (IOException | UnsatisfiedLinkError e) {
      return false;
    }
  }
}
