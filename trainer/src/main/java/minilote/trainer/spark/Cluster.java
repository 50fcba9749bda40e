package minilote.trainer.spark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minilote.datasets.Json;
import minilote.trainer.math.NativeBlas;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What the cluster is, as far as a run wants to know: how much it does at once, and which BLAS its
 * executors multiply with.
 *
 * @param slots tasks at once
 * @param executors the executors' hosts, by executor
 * @param blas the BLAS of the executors
 * @param warnings what is wrong with it, a sentence each
 */
record Cluster(
    int slots, Map<String, String> executors, NativeBlas.Report blas, List<String> warnings) {
  /** Tasks asked a slot: so many that hardly an executor gets none. */
  private static final int QUESTIONS = 4;

  private static final long WAIT_NANOS = 10_000_000_000L;
  private static final long WAIT_MILLIS = 200;

  /** Asks the executors. */
  static Cluster probe(JavaSparkContext spark) {
    int questions = QUESTIONS * Math.max(1, Slots.settled(spark));
    List<String> answers =
        spark
            .parallelize(Collections.nCopies(questions, 0), questions)
            .mapPartitions(Cluster::answer)
            .collect();
    Map<String, String> executors = new TreeMap<>();
    Map<NativeBlas.Report, String> reports = new java.util.LinkedHashMap<>();
    for (String answer : answers.stream().distinct().sorted().toList()) {
      ObjectNode json = Json.parse(answer);
      executors.put(Json.text(json, "executor"), Json.text(json, "host"));
      NativeBlas.Report report = NativeBlas.Report.fromJson(Json.object(json, "blas"));
      reports.putIfAbsent(report, Json.text(json, "host"));
    }
    List<String> warnings = new ArrayList<>();
    NativeBlas.Report first = reports.keySet().iterator().next();
    if (reports.size() > 1) {
      warnings.add(
          "the executors multiply with different BLAS kernels (%s): the weights' last bits depend on who computes what; OPENBLAS_CORETYPE, set to the same kernel on all, makes them agree"
              .formatted(
                  String.join(
                      "; ",
                      reports.entrySet().stream()
                          .map(
                              e ->
                                  e.getValue()
                                      + ": "
                                      + e.getKey().name()
                                      + " "
                                      + e.getKey().kernel())
                          .toList())));
    }
    reports.forEach(
        (report, host) -> {
          if (!report.nativeLibrary() || report.threads() != 1) {
            warnings.add("%s: %s".formatted(host, report.describe()));
          }
        });
    return new Cluster(Math.max(1, Slots.of(spark)), executors, first, warnings);
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

  private static Iterator<String> answer(Iterator<Integer> question) {
    SparkEnv env = SparkEnv.get();
    ObjectNode answer = Json.object();
    answer.put("executor", env.executorId());
    answer.put("host", env.blockManager().blockManagerId().host());
    answer.set("blas", NativeBlas.report().toJson());
    return List.of(answer.toString()).iterator();
  }
}
