package minilote.driver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Json;
import minilote.trainer.plan.StepCosts;
import minilote.trainer.plan.StepModel;
import minilote.trainer.plan.StepTime;
import minilote.trainer.plan.Traffic;
import minilote.trainer.run.TrainingSetup;
import minilote.trainer.spark.ExchangeTraffic;

/**
 * Predicted steps over batches and numbers of executors.
 *
 * @param model of a step
 * @param cores of an executor
 * @param lanes of every batch, or 0 for each batch's default
 * @param ghost examples of a ghost, which are in one lane; 1 where there are none
 * @param examples of an epoch, over whose steps what a job costs is spread; 0 to leave that out
 */
record Plan(StepModel model, int cores, int lanes, int ghost, long examples) {
  /** Communication that takes less of a step no longer matters. */
  static final double LITTLE = 0.1;

  /** In place of a number of executors: one process without a cluster, of a local master. */
  static final int LOCAL = 0;

  private static final int LARGEST_BATCH = 1 << 22;

  /**
   * A step, predicted.
   *
   * @param executors how many, or {@link #LOCAL}
   * @param slots tasks that they could take at once
   * @param tasks tasks that the lanes allow
   * @param alone the same step on one executor
   */
  record Row(
      int batch, int executors, int lanes, long slots, int tasks, StepTime time, StepTime alone) {
    /** Times as fast as one executor. */
    double speedUp() {
      return alone.seconds() / time.seconds();
    }

    /** Of what so many executors could be faster. */
    double efficiency() {
      return speedUp() / Math.max(1, executors);
    }

    double examplesASecond() {
      return batch / time.seconds();
    }

    private ObjectNode toJson() {
      ObjectNode json = Json.object();
      json.put("batch", batch);
      json.put("executors", executors);
      json.put("lanes", lanes);
      json.put("tasks", tasks);
      json.setAll(time.toJson());
      json.put("examples_per_second", examplesASecond());
      json.put("speed_up", speedUp());
      json.put("efficiency", efficiency());
      return json;
    }
  }

  /** A step of a batch on some executors. */
  Row row(int batch, int executors) {
    int count = lanes(batch);
    long slots = (long) Math.max(1, executors) * cores;
    return new Row(
        batch,
        executors,
        count,
        slots,
        (int) Math.min(slots, count),
        predict(batch, executors, count),
        predict(batch, 1, count));
  }

  private StepTime predict(int batch, int executors, int count) {
    StepCosts costs = model.machine().costs();
    double job = executors == LOCAL ? costs.localJob() : costs.job();
    Traffic traffic =
        ExchangeTraffic.of(model.machine().parameters(), Math.max(1, executors), cores, count);
    return model.predict(traffic, batch, count, job / steps(batch));
  }

  List<Row> rows(List<Integer> batches, List<Integer> executors) {
    List<Row> rows = new ArrayList<>();
    for (int batch : batches) {
      for (int count : executors) {
        rows.add(row(batch, count));
      }
    }
    return rows;
  }

  /**
   * By executors, where there are several, the smallest power of two as batch whose steps are
   * communication by less than {@link #LITTLE}; 0 where there is none.
   */
  Map<Integer, Integer> enough(List<Integer> executors) {
    Map<Integer, Integer> enough = new LinkedHashMap<>();
    for (int count : executors) {
      if (count > 1) {
        enough.put(count, enough(count));
      }
    }
    return enough;
  }

  private int enough(int executors) {
    int least = Math.max(2, lanes);
    for (int batch = least; batch <= LARGEST_BATCH; batch *= 2) {
      if (row(batch, executors).time().exchangeShare() < LITTLE) {
        return batch;
      }
    }
    return 0;
  }

  private int lanes(int batch) {
    return lanes == 0 ? TrainingSetup.defaultLanes(batch, ghost) : lanes;
  }

  private double steps(int batch) {
    return examples == 0 ? Double.POSITIVE_INFINITY : Math.ceil((double) examples / batch);
  }

  /** Everything, for programs. */
  ObjectNode toJson(List<Integer> batches, List<Integer> executors) {
    ObjectNode json = Json.object();
    json.set("machine", model.machine().toJson());
    json.put("plausible", model.machine().lanes().isPlausible());
    json.put("cores", cores);
    json.put("executors_per_machine", model.executorsOfMachine());
    json.put("bandwidth_bytes_per_second", model.link().bandwidth());
    json.put("latency_seconds", model.link().latency());
    json.put("examples", examples);
    ArrayNode steps = json.putArray("steps");
    rows(batches, executors).forEach(row -> steps.add(row.toJson()));
    ArrayNode enough = json.putArray("communication_below_a_tenth");
    enough(executors)
        .forEach(
            (count, batch) ->
                enough
                    .addObject()
                    .put("executors", count)
                    .put("from_batch", batch == 0 ? null : batch));
    return json;
  }
}
