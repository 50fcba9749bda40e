package minilote.driver.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Dataset;
import minilote.datasets.UserError;
import minilote.datasets.ValidationSplit;
import minilote.trainer.optimizer.Course;
import minilote.trainer.optimizer.Schedule;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.run.TrainingSettings.LastBatch;
import minilote.trainer.run.TrainingSetup;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** Which runs a study consists of. */
public final class StudyPlan {
  private static final String BATCH = "--batch";
  private static final String SEED = "--seed";
  private static final String EPOCHS = "--epochs";
  private static final String SCHEDULE = "--schedule";
  private static final String WARMUP = "--warmup";
  private static final String LEARNING_RATE = "--learning-rate";

  private final List<Arm> arms;
  private final SettingsReader reader;
  private final Configuration configuration;

  /** From options of {@code train} to settings. */
  @FunctionalInterface
  public interface SettingsReader {
    /**
     * Reads them.
     *
     * @param options values by name, {@code --batch} to 128
     * @throws UserError where one is wrong
     */
    TrainingSettings read(Map<String, String> options) throws IOException;
  }

  public StudyPlan(List<Arm> arms, SettingsReader reader, Configuration configuration) {
    this.arms = List.copyOf(arms);
    this.reader = reader;
    this.configuration = configuration;
  }

  public List<Arm> arms() {
    return arms;
  }

  /**
   * All runs, with the learning rates that the arms have. All of the first seed come first, so that
   * a study that is stopped early can say something of every batch.
   *
   * @throws UserError where a run's settings do not fit its data
   */
  public List<StudyRun> runs() throws IOException {
    List<List<StudyRun>> bySeed = new ArrayList<>();
    for (Cell cell : cells()) {
      List<StudyRun> runs = runs(cell, null);
      for (int i = 0; i < runs.size(); i++) {
        if (i == bySeed.size()) {
          bySeed.add(new ArrayList<>());
        }
        bySeed.get(i).add(runs.get(i));
      }
    }
    return bySeed.stream().flatMap(List::stream).toList();
  }

  /** What is compared, in the order of tables. */
  public List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (Arm arm : arms) {
      for (Map<String, String> combination : arm.combinations()) {
        for (int batch : arm.batches()) {
          cells.add(new Cell(arm.name(), batch, combination));
        }
      }
    }
    return cells;
  }

  /**
   * The runs of a cell, one for each of the arm's seeds.
   *
   * @param learningRate instead of the one that follows from arm and batch; or null
   */
  List<StudyRun> runs(Cell cell, @Nullable Double learningRate) throws IOException {
    Arm arm = arm(cell);
    Map<String, String> options = new LinkedHashMap<>(arm.options());
    options.putAll(cell.varied());
    options.put(BATCH, String.valueOf(arm.referenceBatch()));
    TrainingSettings reference = reader.read(options);
    options.put(BATCH, String.valueOf(cell.batch()));
    options.put(
        LEARNING_RATE,
        String.valueOf(
            learningRate != null
                ? learningRate
                : (Double)
                    (reference.learningRate()
                        * arm.scaling().factor(cell.batch(), arm.referenceBatch()))));
    int epochs = epochs(arm, reference, cell.batch());
    options.put(EPOCHS, String.valueOf(epochs));
    if (epochs != reference.epochs()) {
      Schedule schedule =
          reference.schedule().stretched((double) epochs / Math.max(1, reference.epochs()));
      options.put(SCHEDULE, schedule.curve().toWords());
      options.put(WARMUP, schedule.warmup().toString());
    }
    List<StudyRun> runs = new ArrayList<>();
    for (long seed : arm.seeds()) {
      options.put(SEED, String.valueOf(seed));
      runs.add(new StudyRun(cell, seed, TrainingSetup.of(reader.read(options), configuration)));
    }
    return runs;
  }

  private Arm arm(Cell cell) {
    return arms.stream()
        .filter(arm -> arm.name().equals(cell.arm()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no arm " + cell.arm()));
  }

  private int epochs(Arm arm, TrainingSettings reference, int batch) throws IOException {
    Dataset dataset = Dataset.read(new Path(reference.data()), configuration);
    long examples =
        new ValidationSplit(
                dataset.split(Dataset.TRAIN).examples(),
                reference.validation(),
                reference.validationSeed())
            .trainingExamples();
    boolean drop = reference.lastBatch() == LastBatch.DROP;
    for (int size : new int[] {batch, arm.referenceBatch()}) {
      if (size > examples) {
        throw new UserError(
            "--batch %d: there are only %d training examples".formatted(size, examples));
      }
    }
    return arm.equal()
        .epochs(
            Course.over(examples, arm.referenceBatch(), drop, reference.epochs()),
            reference.epochs(),
            Course.over(examples, batch, drop, reference.epochs()));
  }
}
