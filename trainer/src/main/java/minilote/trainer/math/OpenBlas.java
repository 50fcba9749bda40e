package minilote.trainer.math;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * OpenBLAS itself, for what netlib does not offer: its name, its kernel and its number of threads.
 * Once loaded it stays for as long as the process lives.
 */
final class OpenBlas {

  private static final String FILE = "libopenblas.so.0";

  /**
   * What the library needs beside the C library, in the order in which they need each other. Its
   * own search path covers what it needs itself, but not what those need in turn.
   */
  private static final List<String> COMPANIONS =
      List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5");

  /**
   * How the system's loader shall open it, by the C library's numbers. LAZY (1) and DEEPBIND (8):
   * its functions call each other, and not those of another OpenBLAS that MLlib may have loaded for
   * the whole process. NODELETE (0x1000): unloading one of the two would shut the other down.
   */
  private static final Map<String, Object> FLAGS =
      Map.of(Library.OPTION_OPEN_FLAGS, 1 | 8 | 0x1000);

  private final Path file;
  private final NativeLibrary library;

  private OpenBlas(Path file, NativeLibrary library) {
    this.file = file;
    this.library = library;
  }

  /**
   * Opens the library of a folder.
   *
   * @throws IOException if there is none or the system refuses it, with its words
   */
  static OpenBlas load(Path folder) throws IOException {
    Path path = folder.resolve(FILE);
    try {
      for (String companion : COMPANIONS) {
        openIfPossible(folder.resolve(companion));
      }
      return new OpenBlas(path, NativeLibrary.getInstance(path.toString(), FLAGS));
    } catch (LinkageError e) {
      throw new IOException(String.valueOf(e.getMessage()).strip(), e);
    }
  }

  /**
   * A companion that does not load is no failure yet: an older C library refuses the compiler's
   * newest libgcc_s but has one of its own, which serves as well.
   */
  @SuppressWarnings("EmptyCatch")
  private static void openIfPossible(Path companion) {
    if (!Files.exists(companion)) {
      return;
    }
    try {
      NativeLibrary.getInstance(companion.toString(), FLAGS);
    } catch (UnsatisfiedLinkError e) {
      // OpenBLAS fails to load next, with the reason, if the system has no such library.
    }
  }

  Path file() {
    return file;
  }

  /** Such as "OpenBLAS 0.3.31". */
  String name() {
    String[] words = string("openblas_get_config").split(" ", 3);
    return words.length < 2 ? "OpenBLAS" : words[0] + " " + words[1];
  }

  /** The kernel chosen for this processor, such as "SkylakeX" or "Zen". */
  String kernel() {
    return string("openblas_get_corename");
  }

  /** Threads that one large product uses. */
  int threads() {
    return library.getFunction("openblas_get_num_threads").invokeInt(new Object[0]);
  }

  void setThreads(int threads) {
    library.getFunction("openblas_set_num_threads").invokeVoid(new Object[] {threads});
  }

  private String string(String function) {
    return library.getFunction(function).invokeString(new Object[0], false);
  }
}
