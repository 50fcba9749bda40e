package minilote.driver.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import minilote.trainer.measure.CriticalBatch;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.TrainingResult;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * {@code study.json}: every run with its settings, folder and figures; the table by batch, with
 * means and 95 % intervals over seeds; and what comparisons say. It follows from the runs alone, in
 * the plan's order, whatever order they ended in.
 */
public final class StudyJson {
  private final Path folder;
  private final StudyPlan plan;
  private final List<StudyRun> runs;
  private final Map<String, Outcome> outcomes;
  private final Map<String, Map<Measure, ObjectNode>> measured;
  private final List<ObjectNode> lines;
  private final @Nullable Tuning tuning;
  private final @Nullable Target target;
  private final @Nullable PublishedStudy published;

  /**
   * @param folder the study's
   * @param runs all runs that are compared
   * @param outcomes how runs ended, by key; of those that have
   * @param measured what was measured of them, by key
   * @param lines the loss between minima
   * @param tuning how learning rates were chosen; or null
   * @param target the user's target; or null
   * @param published what the figures are held against; or null
   */
  public StudyJson(
      Path folder,
      StudyPlan plan,
      List<StudyRun> runs,
      Map<String, Outcome> outcomes,
      Map<String, Map<Measure, ObjectNode>> measured,
      List<ObjectNode> lines,
      @Nullable Tuning tuning,
      @Nullable Double target,
      @Nullable PublishedStudy published) {
    this.folder = folder;
    this.plan = plan;
    this.runs = List.copyOf(runs);
    this.outcomes = Map.copyOf(outcomes);
    this.measured = Map.copyOf(measured);
    this.lines = List.copyOf(lines);
    this.tuning = tuning;
    this.target = target(target);
    this.published = published;
  }

  private @Nullable Target target(@Nullable Double given) {
    List<List<Metrics>> metrics = new ArrayList<>();
    for (StudyRun run : runs) {
      Outcome outcome = outcomes.get(run.key());
      if (outcome != null && outcome.result() != null) {
        metrics.add(outcome.metrics());
      }
    }
    return Target.of(metrics, given);
  }

  /** The whole. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    StudyRun any = runs.get(0);
    json.put("data", any.setup().dataset().name());
    json.put("data_sha256", any.setup().dataset().digest());
    ArrayNode arms = json.putArray("arms");
    plan.arms().forEach(arm -> arms.add(arm.toJson(tuning != null)));
    long ended = runs.stream().filter(run -> outcomes.containsKey(run.key())).count();
    json.put("finished", ended == runs.size());
    json.set("target", target == null ? null : target.toJson());
    Set<ObjectNode> computedBy = new LinkedHashSet<>();
    outcomes.values().forEach(outcome -> computedBy.add(outcome.computedBy()));
    json.put(
        "same_numerics",
        computedBy.stream().map(by -> by.path("numerics")).distinct().count() <= 1);
    json.putArray("computed_by").addAll(computedBy);
    Map<Cell, Map<Long, Map<String, @Nullable Double>>> figures = figures();
    ArrayNode table = json.putArray("table");
    figures.forEach((cell, bySeed) -> table.add(row(cell, bySeed)));
    ArrayNode comparisons = json.putArray("comparisons");
    comparisons(figures).forEach(comparison -> comparisons.add(comparison.toJson()));
    json.set("critical_batch", criticalBatches(figures));
    ArrayNode landscapes = landscapes();
    if (!landscapes.isEmpty()) {
      json.set("landscapes", landscapes);
    }
    if (!lines.isEmpty()) {
      json.putArray("interpolations").addAll(lines);
    }
    if (published != null) {
      json.set("published", published.toJson(table));
    }
    if (tuning != null) {
      json.set("tuning", tuning.toJson(outcomes));
    }
    ArrayNode each = json.putArray("runs");
    runs.forEach(run -> each.add(toJson(run)));
    ArrayNode cautions = json.putArray("cautions");
    Caution.of(List.copyOf(figures.keySet()), table, each).forEach(cautions::add);
    return json;
  }

  /** The loss along a direction, of each run of which it was measured. */
  private ArrayNode landscapes() {
    ArrayNode all = Json.object().putArray("landscapes");
    for (StudyRun run : runs) {
      ObjectNode slice = measured.getOrDefault(run.key(), Map.of()).get(Measure.LANDSCAPE);
      if (slice != null) {
        ObjectNode one = all.addObject();
        one.setAll(Comparison.cell(run.cell()));
        one.put("seed", run.seed());
        one.put("run", run.key());
        for (String part : List.of("coordinates", "loss", "accuracy")) {
          one.set(part, slice.path(part));
        }
      }
    }
    return all;
  }

  private Map<Cell, Map<Long, Map<String, @Nullable Double>>> figures() {
    Map<Cell, Map<Long, Map<String, @Nullable Double>>> figures = new LinkedHashMap<>();
    for (Cell cell : plan.cells()) {
      figures.put(cell, new LinkedHashMap<>());
    }
    for (StudyRun run : runs) {
      Map<String, @Nullable Double> ofRun = figures(run);
      if (ofRun != null) {
        figures.computeIfAbsent(run.cell(), cell -> new LinkedHashMap<>()).put(run.seed(), ofRun);
      }
    }
    return figures;
  }

  private @Nullable Map<String, @Nullable Double> figures(StudyRun run) {
    Outcome outcome = outcomes.get(run.key());
    TrainingResult result = outcome == null ? null : outcome.result();
    if (outcome == null || result == null) {
      return null;
    }
    Map<String, @Nullable Double> figures = RunFigures.of(run, result, outcome.metrics(), target);
    figures.putAll(Measure.figures(measured.getOrDefault(run.key(), Map.of())));
    return figures;
  }

  private ObjectNode row(Cell cell, Map<Long, Map<String, @Nullable Double>> bySeed) {
    ObjectNode row = Comparison.cell(cell);
    row.put("runs", bySeed.size());
    row.put(
        "diverged",
        runs.stream()
            .filter(run -> run.cell().equals(cell))
            .map(run -> outcomes.get(run.key()))
            .filter(outcome -> outcome != null && outcome.diverged() != null)
            .count());
    Set<String> names = new LinkedHashSet<>();
    bySeed.values().forEach(figures -> names.addAll(figures.keySet()));
    for (String name : names) {
      double[] values = values(bySeed, name).values().stream().mapToDouble(v -> v).toArray();
      // A mean over those runs alone that have reached a target would flatter.
      boolean all = values.length == bySeed.size();
      row.put(name + "_mean", all ? (Double) Samples.mean(values) : null);
      row.put(name + "_ci95", all ? Samples.ci95(values) : null);
    }
    return row;
  }

  private static Map<Long, Double> values(
      Map<Long, Map<String, @Nullable Double>> bySeed, String name) {
    Map<Long, Double> values = new LinkedHashMap<>();
    bySeed.forEach(
        (seed, figures) -> {
          Double value = figures.get(name);
          if (value != null) {
            values.put(seed, value);
          }
        });
    return values;
  }

  /** Each batch with the smallest one of its arm; each other arm's with the first arm's. */
  private List<Comparison> comparisons(
      Map<Cell, Map<Long, Map<String, @Nullable Double>>> figures) {
    List<Comparison> comparisons = new ArrayList<>();
    List<Cell> cells = List.copyOf(figures.keySet());
    for (Cell cell : cells) {
      Cell base = base(cell, cells);
      Map<Long, Map<String, @Nullable Double>> first = figures.get(base);
      Map<Long, Map<String, @Nullable Double>> second = figures.get(cell);
      if (base.equals(cell) || first == null || second == null) {
        continue;
      }
      String figure = RunFigures.compared(name -> !values(second, name).isEmpty());
      Comparison one =
          Comparison.of(base, values(first, figure), cell, values(second, figure), figure);
      if (one != null) {
        comparisons.add(one);
      }
    }
    return Comparison.corrected(comparisons);
  }

  /**
   * What a cell is compared with: the smallest batch of its arm and combination; and that itself,
   * with the same batch, or else the smallest one, of the first arm and combination.
   */
  private static Cell base(Cell cell, List<Cell> cells) {
    Cell smallest = smallest(cell, cells);
    if (!smallest.equals(cell)) {
      return smallest;
    }
    Cell first = cells.get(0);
    Cell same = new Cell(first.arm(), cell.batch(), first.varied());
    return cells.contains(same) ? same : smallest(first, cells);
  }

  /** The smallest batch of a cell's arm and combination. */
  private static Cell smallest(Cell cell, List<Cell> cells) {
    Cell smallest = cell;
    for (Cell other : cells) {
      if (other.arm().equals(cell.arm())
          && other.varied().equals(cell.varied())
          && other.batch() < smallest.batch()) {
        smallest = other;
      }
    }
    return smallest;
  }

  /**
   * For each arm and combination, the batch beyond which more examples save few updates, from what
   * batches need to the target.
   */
  private ArrayNode criticalBatches(Map<Cell, Map<Long, Map<String, @Nullable Double>>> figures) {
    Map<Cell, List<CriticalBatch.Run>> groups = new LinkedHashMap<>();
    figures.forEach(
        (cell, bySeed) -> {
          List<CriticalBatch.Run> group =
              groups.computeIfAbsent(
                  new Cell(cell.arm(), 0, cell.varied()), any -> new ArrayList<>());
          for (Map<String, @Nullable Double> run : bySeed.values()) {
            Double steps = run.get(RunFigures.STEPS_TO_TARGET);
            Double examples = run.get(RunFigures.EXAMPLES_TO_TARGET);
            if (steps != null && examples != null) {
              group.add(new CriticalBatch.Run(steps.longValue(), examples.longValue()));
            }
          }
        });
    ArrayNode all = Json.object().putArray("critical_batch");
    groups.forEach(
        (cell, group) -> {
          ObjectNode one = all.addObject();
          one.setAll(Comparison.cell(cell));
          one.remove("batch");
          try {
            requireResolved(cell, figures);
            one.setAll(CriticalBatch.of(group).toJson());
          } catch (UserError e) {
            one.put("examples", (Double) null).put("why_not", e.getMessage());
          }
        });
    return all;
  }

  /** The end of the first epoch is the earliest at which a target is seen to be reached. */
  private static void requireResolved(
      Cell group, Map<Cell, Map<Long, Map<String, @Nullable Double>>> figures) {
    long within =
        figures.entrySet().stream()
            .filter(entry -> entry.getKey().arm().equals(group.arm()))
            .filter(entry -> entry.getKey().varied().equals(group.varied()))
            .filter(
                entry ->
                    entry.getValue().values().stream()
                        .anyMatch(run -> Objects.equals(run.get("epochs_to_target"), 1.0)))
            .count();
    if (within > 1) {
      throw new UserError(
          "%d batches reach the target within their first epoch, and epochs are all that is looked at: a harder --target tells them apart"
              .formatted(within));
    }
  }

  private ObjectNode toJson(StudyRun run) {
    ObjectNode json = Json.object();
    json.put("key", run.key());
    json.setAll(Comparison.cell(run.cell()));
    json.put("seed", run.seed());
    Outcome outcome = outcomes.get(run.key());
    json.put("folder", outcome == null ? null : relative(outcome.folder()));
    json.put("diverged", outcome == null ? null : outcome.diverged());
    json.put(
        "weights_sha256",
        outcome == null || outcome.result() == null ? null : outcome.result().weightsSha256());
    Map<String, @Nullable Double> figures = figures(run);
    if (figures != null) {
      figures.forEach(json::put);
    }
    json.set("settings", run.setup().settings().toJson());
    return json;
  }

  /** From the study's folder, if it is in it: then both can be moved. */
  private String relative(Path path) {
    String all = path.toString();
    String start = folder + Path.SEPARATOR;
    return all.startsWith(start) ? all.substring(start.length()) : all;
  }
}
