package minilote.driver.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import minilote.datasets.Json;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingResult.Figures;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the learning rate of each cell by the validation examples, never by the test split: runs
 * of the first seed with several rates, of which the one with the most validation accuracy (where
 * targets are numbers, the least loss) is taken for all seeds. Without rates of the user's, they
 * are the cell's own times {@code 10^(k/2)}, k from −2 to 2, and further ones as long as the best
 * one is the first or the last.
 */
public final class Tuning {
  private static final int FIRST_REACH = 2;
  private static final int MOST_REACH = 5;

  /** A decimal or so: rates of a half order of magnitude need no more. */
  private static final MathContext DIGITS = new MathContext(3);

  private final StudyPlan plan;
  private final List<Double> given;
  private final Map<Cell, NavigableMap<Double, StudyRun>> candidates = new LinkedHashMap<>();
  private final Map<Cell, Double> rates = new LinkedHashMap<>();
  private final Set<Cell> diverging = new LinkedHashSet<>();

  /**
   * @param given the rates to try; none for such as the class describes
   */
  public Tuning(StudyPlan plan, List<Double> given) {
    this.plan = plan;
    this.given = List.copyOf(given);
  }

  /** Trains runs; gives how they ended, by key. */
  @FunctionalInterface
  public interface Trainer {
    /** Trains those that have not ended. */
    Map<String, Outcome> train(List<StudyRun> runs) throws IOException;
  }

  /**
   * Tries rates until each cell has its best one.
   *
   * @return whether they are found; false where the trainer was stopped
   */
  public boolean tune(Trainer trainer) throws IOException {
    rates.clear(); // They may have been looked for before.
    Map<Cell, int[]> reach = new LinkedHashMap<>();
    for (Cell cell : plan.cells()) {
      reach.put(cell, new int[] {-FIRST_REACH, FIRST_REACH});
      candidates.put(cell, new TreeMap<>());
    }
    while (rates.size() + diverging.size() < reach.size()) {
      for (Map.Entry<Cell, int[]> entry : reach.entrySet()) {
        addCandidates(entry.getKey(), entry.getValue());
      }
      List<StudyRun> runs =
          candidates.values().stream().flatMap(tried -> tried.values().stream()).toList();
      Map<String, Outcome> outcomes = trainer.train(runs);
      if (runs.stream().anyMatch(run -> !outcomes.containsKey(run.key()))) {
        return false;
      }
      for (Map.Entry<Cell, int[]> entry : reach.entrySet()) {
        choose(entry.getKey(), entry.getValue(), outcomes);
      }
    }
    return true;
  }

  private void addCandidates(Cell cell, int[] reach) throws IOException {
    NavigableMap<Double, StudyRun> tried = tried(cell);
    List<Double> wanted = new ArrayList<>(given);
    if (given.isEmpty()) {
      double own = plan.runs(cell, null).get(0).setup().settings().learningRate();
      for (int k = reach[0]; k <= reach[1]; k++) {
        wanted.add(new BigDecimal(own * StrictMath.pow(10, k / 2.0)).round(DIGITS).doubleValue());
      }
    }
    for (double rate : wanted) {
      if (!tried.containsKey(rate)) {
        tried.put(rate, plan.runs(cell, rate).get(0));
      }
    }
  }

  private NavigableMap<Double, StudyRun> tried(Cell cell) {
    NavigableMap<Double, StudyRun> tried = candidates.get(cell);
    if (tried == null) {
      throw new IllegalArgumentException("no such cell: " + cell);
    }
    return tried;
  }

  private void choose(Cell cell, int[] reach, Map<String, Outcome> outcomes) {
    NavigableMap<Double, StudyRun> tried = tried(cell);
    double best = tried.firstKey();
    double most = Double.NEGATIVE_INFINITY;
    for (Map.Entry<Double, StudyRun> candidate : tried.entrySet()) {
      double score = score(outcomes.get(candidate.getValue().key()));
      if (score > most) {
        most = score;
        best = candidate.getKey();
      }
    }
    boolean first = best == tried.firstKey();
    if (given.isEmpty() && first && reach[0] > -MOST_REACH) {
      reach[0]--;
    } else if (given.isEmpty() && best == tried.lastKey() && reach[1] < MOST_REACH) {
      reach[1]++;
    } else if (most == Double.NEGATIVE_INFINITY) {
      diverging.add(cell);
    } else {
      rates.put(cell, best);
    }
  }

  private static double score(@Nullable Outcome outcome) {
    TrainingResult result = outcome == null ? null : outcome.result();
    Figures validation = result == null ? null : result.validation();
    if (validation == null) {
      return Double.NEGATIVE_INFINITY; // It diverged.
    }
    Double accuracy = validation.accuracy();
    return accuracy == null ? -validation.loss() : accuracy;
  }

  /** All runs of the plan, with the rates that were chosen. */
  public List<StudyRun> runs() throws IOException {
    List<StudyRun> runs = new ArrayList<>();
    for (Map.Entry<Cell, Double> rate : rates.entrySet()) {
      runs.addAll(plan.runs(rate.getKey(), rate.getValue()));
    }
    for (Cell cell : diverging) {
      // Further seeds would go the same way: what was tried stands for them.
      runs.add(tried(cell).firstEntry().getValue());
    }
    return runs;
  }

  /** What was tried and chosen. */
  ArrayNode toJson(Map<String, Outcome> outcomes) {
    ArrayNode cells = Json.object().putArray("tuning");
    candidates.forEach(
        (cell, tried) -> {
          ObjectNode one = cells.addObject();
          one.set("cell", Comparison.cell(cell));
          one.put("learning_rate", rates.get(cell));
          ArrayNode rows = one.putArray("tried");
          tried.forEach(
              (rate, run) -> {
                Outcome outcome = outcomes.get(run.key());
                TrainingResult result = outcome == null ? null : outcome.result();
                Figures validation = result == null ? null : result.validation();
                rows.addObject()
                    .put("learning_rate", rate)
                    .put("run", run.key())
                    .put("validation_loss", validation == null ? null : (Double) validation.loss())
                    .put("validation_accuracy", validation == null ? null : validation.accuracy());
              });
        });
    return cells;
  }
}
