package minilote.trainer.spark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.NativeBlas;
import minilote.trainer.math.Numerics;
import minilote.trainer.math.OneDnnLibrary;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What the cluster is, as far as a run wants to know: how much it does at once, and what its
 * executors multiply with.
 *
 * @param slots tasks at once
 * @param executors the executors' hosts, by executor
 * @param numerics what the executors multiply with
 * @param warnings what is wrong with it, a sentence each
 */
record Cluster(int slots, Map<String, String> executors, Numerics numerics, List<String> warnings) {
  /** Tasks asked a slot: so many that hardly an executor gets none. */
  private static final int QUESTIONS = 4;

  private static final long WAIT_NANOS = 10_000_000_000L;
  private static final long WAIT_MILLIS = 200;

  /**
   * Asks the executors.
   *
   * @param wanted the engine that they are to multiply with; where it is {@link EngineKind#AUTO},
   *     all take the native one if all have it
   * @throws UserError where one has not the engine that is wanted
   */
  static Cluster probe(JavaSparkContext spark, EngineKind wanted) {
    int questions = QUESTIONS * Math.max(1, Slots.settled(spark));
    List<String> answers =
        spark
            .parallelize(Collections.nCopies(questions, 0), questions)
            .mapPartitions(new Question(wanted)::answer)
            .collect();
    Map<String, String> executors = new TreeMap<>();
    Map<Numerics, String> found = new LinkedHashMap<>(); // and a host that has them
    for (String answer : answers.stream().distinct().sorted().toList()) {
      ObjectNode json = Json.parse(answer);
      executors.put(Json.text(json, "executor"), Json.text(json, "host"));
      found.putIfAbsent(Numerics.fromJson(Json.object(json, "numerics")), Json.text(json, "host"));
    }
    List<String> warnings = new ArrayList<>();
    Numerics numerics = agreed(wanted, found, warnings);
    warnIfUnlike(numerics.engine(), found, warnings);
    return new Cluster(Math.max(1, Slots.of(spark)), executors, numerics, warnings);
  }

  /** The engine that all can take. */
  private static Numerics agreed(
      EngineKind wanted, Map<Numerics, String> found, List<String> warnings) {
    Numerics first = found.keySet().iterator().next();
    if (wanted == EngineKind.PORTABLE) {
      return first;
    }
    for (Map.Entry<Numerics, String> one : found.entrySet()) {
      OneDnnLibrary.Report library = one.getKey().oneDnn();
      if (library == null || !library.loads()) {
        String reason = library == null ? "it was not asked for" : library.explanation();
        if (wanted == EngineKind.NATIVE) {
          throw new UserError(
              "--engine native: it does not work on %s: %s".formatted(one.getValue(), reason));
        }
        warnings.add(
            "the portable engine computes, several times slower than the native one, which does not work on %s: %s"
                .formatted(one.getValue(), reason));
        return new Numerics(EngineKind.PORTABLE, first.oneDnn(), first.blas());
      }
    }
    return new Numerics(EngineKind.NATIVE, first.oneDnn(), first.blas());
  }

  private static void warnIfUnlike(
      EngineKind engine, Map<Numerics, String> found, List<String> warnings) {
    Map<String, String> kernels = new TreeMap<>(); // and a host that has them
    found.forEach(
        (numerics, host) ->
            kernels.putIfAbsent(
                new Numerics(engine, numerics.oneDnn(), numerics.blas()).kernel(), host));
    if (kernels.size() > 1) {
      warnings.add(
          "the executors multiply with different kernels (%s): the weights' last bits depend on who computes what; %s, set to the same on all, makes them agree"
              .formatted(
                  kernels.entrySet().stream()
                      .map(e -> e.getValue() + ": " + e.getKey())
                      .collect(Collectors.joining("; ")),
                  engine == EngineKind.NATIVE ? "ONEDNN_MAX_CPU_ISA" : "OPENBLAS_CORETYPE"));
    }
    found.forEach(
        (numerics, host) -> {
          NativeBlas.Report blas = numerics.blas();
          if (engine == EngineKind.PORTABLE && (!blas.nativeLibrary() || blas.threads() != 1)) {
            warnings.add("%s: %s".formatted(host, blas.describe()));
          }
        });
  }

  /**
   * Waits, a few seconds, until so many slots are there again after an executor was lost.
   *
   * @return the slots that are there, at least 1
   */
  static int awaitSlots(JavaSparkContext spark, int wanted) {
    long end = System.nanoTime() + WAIT_NANOS;
    int slots = Slots.of(spark);
    while (slots < wanted && System.nanoTime() < end) {
      try {
        Thread.sleep(WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      slots = Slots.of(spark);
    }
    return Math.max(1, slots);
  }

  /** For {@code run.json}: apart from what decides a result. */
  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("slots", slots);
    ObjectNode hosts = json.putObject("executors");
    executors.forEach(hosts::put);
    return json;
  }

  /** What each task is asked. */
  private static final class Question implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String wanted;

    Question(EngineKind wanted) {
      this.wanted = wanted.word();
    }

    Iterator<String> answer(Iterator<Integer> question) {
      SparkEnv env = SparkEnv.get();
      ObjectNode answer = Json.object();
      answer.put("executor", env.executorId());
      answer.put("host", env.blockManager().blockManagerId().host());
      answer.set("numerics", Numerics.here(EngineKind.parse(wanted)).toJson());
      return List.of(answer.toString()).iterator();
    }
  }
}
