package minilote.trainer.math;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN as a library: found in the jar, unpacked once a machine ({@link LibraryFolder}), connected
 * with {@link OneDnn}. The jar carries it for Linux on x86-64. Loaded once a class loader, when
 * first asked for; it stays for as long as the process lives.
 */
public final class OneDnnLibrary {
  private static final String FILE = "libdnnl.so.3";
  private static final String OPENMP = "libgomp.so.1";

  /** LAZY (1) and NODELETE (0x1000), by the C library's numbers. */
  private static final int FLAGS = 1 | 0x1000;

  private OneDnnLibrary() {}

  /**
   * What the library is; part of what decides a run's bits.
   *
   * @param loads whether it is there
   * @param name and version, "oneDNN 3.11.0"; empty where it does not load
   * @param kernel the processor's instructions that it uses, "AVX-512"; empty where it does not
   *     load
   * @param threads inside one product, as OpenMP says; 1, or it refused
   * @param explanation one sentence on why it does not load; empty where it does
   */
  public record Report(boolean loads, String name, String kernel, int threads, String explanation) {

    /** One line for people. */
    public String describe() {
      return loads
          ? "%s, %s, %d thread(s) a product".formatted(name, kernel, threads)
          : "no oneDNN: " + explanation;
    }

    /** As one JSON object, with the names of the record's components. */
    public ObjectNode toJson() {
      return JsonNodeFactory.instance
          .objectNode()
          .put("loads", loads)
          .put("name", name)
          .put("kernel", kernel)
          .put("threads", threads)
          .put("explanation", explanation);
    }

    /** The inverse of {@link #toJson()}. */
    public static Report fromJson(JsonNode json) {
      return new Report(
          json.path("loads").asBoolean(),
          json.path("name").asText(),
          json.path("kernel").asText(),
          json.path("threads").asInt(),
          json.path("explanation").asText());
    }
  }

  /** The library's OpenMP, whose number of threads is each thread's own. */
  private static final class OpenMp {
    private OpenMp() {}

    static native void setNumThreads(int threads);

    static native int getMaxThreads();
  }

  private static @Nullable Report report;

  /** What it is on this machine; loads it where it can be. */
  public static synchronized Report report() {
    if (report == null) {
      report = load();
    }
    return report;
  }

  /**
   * Sees to it that products of this thread use one thread. Cheap enough for every product.
   *
   * @return threads that OpenMP now says it would use
   */
  static int useOneThread() {
    OpenMp.setNumThreads(1);
    return OpenMp.getMaxThreads();
  }

  private static Report load() {
    String platform = LibraryFolder.platform();
    if (!platform.equals("linux-x86_64")) {
      return none("oneDNN comes for Linux on amd64, and this is " + LibraryFolder.system() + ".");
    }
    List<String> refusals = new ArrayList<>();
    Report opened =
        LibraryFolder.open(
            new LibraryFolder.Bundle("dnnl", platform), OneDnnLibrary::open, refusals);
    return opened == null ? none("it does not load: " + String.join("; ", refusals) + ".") : opened;
  }

  private static Report none(String explanation) {
    return new Report(false, "", "", 1, explanation);
  }

  private static Report open(Path folder) throws IOException {
    try {
      Native.register(OpenMp.class, library(folder.resolve(OPENMP), "omp_"));
      Native.register(OneDnn.class, library(folder.resolve(FILE), "dnnl_"));
      int threads = useOneThread();
      Pointer version = new Pointer(OneDnn.version());
      String name =
          "oneDNN %d.%d.%d".formatted(version.getInt(0), version.getInt(4), version.getInt(8));
      return new Report(true, name, instructions(OneDnn.getEffectiveCpuIsa()), threads, "");
    } catch (LinkageError e) {
      throw new IOException(String.valueOf(e.getMessage()).strip(), e);
    }
  }

  private static NativeLibrary library(Path file, String prefix) {
    FunctionMapper mapper = (library, method) -> prefix + snakeCase(method.getName());
    return NativeLibrary.getInstance(
        file.toString(),
        Map.of(Library.OPTION_OPEN_FLAGS, FLAGS, Library.OPTION_FUNCTION_MAPPER, mapper));
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** {@code dnnl_cpu_isa_t}: each level has the bits of those below it. */
  private static String instructions(int isa) {
    return switch (isa) {
      case 0x1 -> "SSE4.1";
      case 0x3 -> "AVX";
      case 0x7 -> "AVX2";
      case 0xf, 0x1f -> "AVX2 VNNI";
      case 0x27 -> "AVX-512";
      case 0x67 -> "AVX-512 VNNI";
      case 0xe7 -> "AVX-512 BF16";
      case 0x1ef -> "AVX-512 FP16";
      case 0xfef, 0x1fef -> "AVX-512 AMX";
      default -> "instructions 0x" + Integer.toHexString(isa);
    };
  }
}
