package minilote.trainer.math;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What multiplies: part of what decides a run's bits.
 *
 * @param engine which engine, never {@link EngineKind#AUTO}
 * @param oneDnn the native engine's library; null where nobody asked for it
 * @param blas the BLAS
 */
public record Numerics(
    EngineKind engine, OneDnnLibrary.@Nullable Report oneDnn, NativeBlas.Report blas) {
  private static final String ONE_DNN = "onednn";
  private static final String BLAS = "blas";

  /** Of this process, for an engine that is wanted. */
  public static Numerics here(EngineKind wanted) {
    return new Numerics(
        wanted.here(),
        wanted == EngineKind.PORTABLE ? null : OneDnnLibrary.report(),
        NativeBlas.report());
  }

  /** One line for people. */
  public String describe() {
    return engine == EngineKind.NATIVE && oneDnn != null
        ? "native: " + oneDnn.describe()
        : "portable: " + blas.describe();
  }

  /** What it is, and on which processor's instructions, in few words. */
  public String kernel() {
    return engine == EngineKind.NATIVE && oneDnn != null
        ? oneDnn.name() + " " + oneDnn.kernel()
        : blas.name() + " " + blas.kernel();
  }

  /** As one JSON object. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("engine", engine.word());
    if (oneDnn != null) {
      json.set(ONE_DNN, oneDnn.toJson());
    }
    json.set(BLAS, blas.toJson());
    return json;
  }

  /** The inverse of {@link #toJson()}. */
  public static Numerics fromJson(JsonNode json) {
    return new Numerics(
        EngineKind.parse(json.path("engine").asText()),
        json.has(ONE_DNN) ? OneDnnLibrary.Report.fromJson(json.path(ONE_DNN)) : null,
        NativeBlas.Report.fromJson(json.path(BLAS)));
  }
}
