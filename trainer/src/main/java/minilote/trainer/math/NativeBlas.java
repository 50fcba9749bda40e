package minilote.trainer.math;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import minilote.datasets.UserError;
import org.jspecify.annotations.Nullable;

/**
 * The BLAS that everything here multiplies with: {@code NativeBlas.blas().sgemm(…)}.
 *
 * <p>On Linux (x86-64, arm64) this is OpenBLAS. The jar carries it; it is unpacked once a machine
 * ({@link LibraryFolder}), set to one thread from within ({@link OpenBlas}; a started JVM's
 * environment cannot be changed) and reached through netlib's JNI class ({@link PrivateNetlib}).
 * Anywhere else, and wherever one of these steps fails, netlib's portable BLAS answers, which is
 * three to nine times slower: {@link Report#describe()} then says so, and why, and is meant for the
 * first lines of a run.
 *
 * <p>The system property {@value #CHOICE}{@code =portable}, or the environment's {@code
 * MINILOTE_BLAS=portable}, asks for the portable BLAS. The choice is made once a class loader, when
 * first asked for, and never changes; all methods may be called from any thread.
 */
public final class NativeBlas {

  /** System property: {@code native} (unless said otherwise) or {@code portable}. */
  public static final String CHOICE = "minilote.blas";

  /** Read by netlib's JNI library while it loads: the BLAS that it is to open. */
  static final String NETLIB_PATH = "dev.ludovic.netlib.blas.nativeLibPath";

  private NativeBlas() {}

  /**
   * The chosen BLAS: single threaded, and safe to be called by many threads at once.
   *
   * @throws UserError if {@value #CHOICE} is neither of its words
   */
  public static BLAS blas() {
    return chosen().blas;
  }

  /**
   * What {@link #blas()} is.
   *
   * @throws UserError if {@value #CHOICE} is neither of its words
   */
  public static Report report() {
    return chosen().report;
  }

  /**
   * Which BLAS multiplies; part of what decides a run's bits.
   *
   * @param nativeLibrary whether it is the native library, as it should be
   * @param name the library and its version, "OpenBLAS 0.3.31", or the name of netlib's Java class
   * @param kernel what the library chose for this processor, "SkylakeX" or "Zen"; "Java" where it
   *     is not native
   * @param threads threads inside one product, as the library itself says; 1, or the library
   *     refused
   * @param explanation one sentence on why it is not native; empty where it is
   */
  public record Report(
      boolean nativeLibrary, String name, String kernel, int threads, String explanation) {

    /** One line for people; begins with "WARNING" where products are slower than they should be. */
    public String describe() {
      String what = name + ", kernel " + kernel + ", " + threads + " thread(s) a product";
      if (!nativeLibrary) {
        return "WARNING: BLAS is "
            + name
            + ", not native: products take three to nine times as long. "
            + explanation;
      }
      return threads == 1
          ? what
          : "WARNING: BLAS is " + what + ", where one was asked for: cores will be contended for";
    }

    /** As one JSON object, with the names of the record's components in snake_case. */
    public ObjectNode toJson() {
      return JsonNodeFactory.instance
          .objectNode()
          .put("native_library", nativeLibrary)
          .put("name", name)
          .put("kernel", kernel)
          .put("threads", threads)
          .put("explanation", explanation);
    }

    /** The inverse of {@link #toJson()}. */
    public static Report fromJson(JsonNode json) {
      return new Report(
          json.path("native_library").asBoolean(),
          json.path("name").asText(),
          json.path("kernel").asText(),
          json.path("threads").asInt(),
          json.path("explanation").asText());
    }
  }

  /** A BLAS and what it is. */
  private record Choice(BLAS blas, Report report) {}

  private static volatile @Nullable Choice chosen;

  /** Chosen when first asked for, by one thread, while others wait. */
  private static Choice chosen() {
    Choice choice = chosen;
    if (choice == null) {
      synchronized (NativeBlas.class) {
        choice = chosen;
        if (choice == null) {
          choice = choose();
          chosen = choice;
        }
      }
    }
    return choice;
  }

  /**
   * Warns of every implementation that it does not get, without a reason; the report says what
   * matters. Held, because loggers that nobody holds forget their level.
   */
  private static final Logger NETLIB = Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");

  private static Choice choose() {
    NETLIB.setLevel(Level.SEVERE);
    String wish =
        System.getProperty(CHOICE, System.getenv().getOrDefault("MINILOTE_BLAS", "native"));
    if (wish.equals("portable")) {
      return portable("It was asked for by " + CHOICE + "=portable.");
    }
    if (!wish.equals("native")) {
      throw new UserError(CHOICE + " is \"" + wish + "\" and must be \"native\" or \"portable\"");
    }
    String platform = LibraryFolder.platform();
    if (platform.isEmpty()) {
      return portable(
          "OpenBLAS comes for Linux on amd64 and aarch64, and this is "
              + LibraryFolder.system()
              + ".");
    }
    List<String> refusals = new ArrayList<>();
    OpenBlas library =
        LibraryFolder.open(
            new LibraryFolder.Bundle("openblas", platform), OpenBlas::load, refusals);
    if (library == null) {
      return portable("OpenBLAS does not load: " + String.join("; ", refusals) + ".");
    }
    try {
      return through(library);
    } catch (IOException | ReflectiveOperationException | RuntimeException e) {
      return portable(
          "OpenBLAS loads, but netlib does not reach it: " + LibraryFolder.reason(e) + ".");
    }
  }

  private static Choice through(OpenBlas library) throws IOException, ReflectiveOperationException {
    library.setThreads(1);
    BLAS blas = PrivateNetlib.load(library.file());
    if (!multiplies(blas)) {
      throw new IOException(library.file() + " gives wrong products");
    }
    return new Choice(
        blas, new Report(true, library.name(), library.kernel(), library.threads(), ""));
  }

  @SuppressWarnings("SystemOut")
  private static Choice portable(String explanation) {
    BLAS blas = JavaBLAS.getInstance();
    Report report = new Report(false, blas.getClass().getSimpleName(), "Java", 1, explanation);
    // An executor's report may never reach a person; its standard error does.
    System.err.println(report.describe());
    return new Choice(blas, report);
  }

  /** A 2×2 product whose factors and result are small integers, hence exact. */
  private static boolean multiplies(BLAS blas) {
    float[] c = {1, 1, 1, 1};
    blas.sgemm(
        "N",
        "T",
        2,
        2,
        2,
        1,
        new float[] {1, 2, 3, 4},
        0,
        2,
        new float[] {5, 6, 7, 8},
        0,
        2,
        1,
        c,
        0,
        2);
    return c[0] == 27 && c[1] == 39 && c[2] == 31 && c[3] == 45;
  }
}
