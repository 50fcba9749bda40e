package minilote.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.stream.Stream;
import minilote.datasets.Json;

/** The machine that was measured on, and what it can do. */
final class Machine {
  private final ObjectNode json = Json.object();

  Machine() {
    json.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    json.put("cpu", cpu());
    json.put("cores", Runtime.getRuntime().availableProcessors());
    json.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    json.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
  }

  private static String cpu() {
    Path file = Path.of("/proc/cpuinfo");
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** Adds what {@link PeakRate} measured. */
  void peak(ObjectNode measured) {
    json.set("peak", measured);
  }

  String describePeak() {
    return String.format(
        Locale.ROOT,
        "peak of products: %.0f GFLOP/s on one thread, %.0f on all; %s",
        json.path("peak").path("one_thread_gflops").asDouble(),
        json.path("peak").path("all_threads_gflops").asDouble(),
        json.path("peak").path("blas").asText());
  }

  /** One line for people. */
  String describe() {
    return "%s, %d cores, %s, %s, %s"
        .formatted(
            json.path("cpu").asText(),
            json.path("cores").asInt(),
            json.path("os").asText(),
            json.path("java").asText(),
            json.path("date").asText());
  }

  ObjectNode toJson() {
    return json;
  }
}
