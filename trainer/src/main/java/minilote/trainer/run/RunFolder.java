package minilote.trainer.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import minilote.trainer.network.Network;
import minilote.trainer.run.Checkpoint.Position;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A run's folder: everything that is needed to understand, continue or repeat it, in files that any
 * tool reads.
 */
public final class RunFolder {
  public static final String RUN = "run.json";
  public static final String METRICS = "metrics.jsonl";
  public static final String RESULT = "result.json";
  public static final String REPORT = "report.html";
  private static final String CHECKPOINTS = "checkpoints";

  private static final Pattern CHECKPOINT = Pattern.compile("step-\\d{12}");
  private static final long LARGEST_TEXT = 1 << 30;

  private final Path folder;
  private final Configuration configuration;

  public RunFolder(Path folder, Configuration configuration) {
    this.folder = folder;
    this.configuration = configuration;
  }

  public Path path() {
    return folder;
  }

  public Configuration configuration() {
    return configuration;
  }

  private FileSystem files() throws IOException {
    return Files.fileSystem(folder, configuration);
  }

  /**
   * Makes sure that a new run may begin here.
   *
   * @throws UserError where there is a run already, or something that is no folder
   */
  public void requireNew() throws IOException {
    FileSystem files = files();
    if (files.exists(new Path(folder, RUN))) {
      throw new UserError(
          "--out %s: there is a run in it already; --resume continues it, another folder begins anew"
              .formatted(folder));
    }
    if (files.exists(folder) && !files.getFileStatus(folder).isDirectory()) {
      throw new UserError("--out %s: it is a file, where a folder is needed".formatted(folder));
    }
  }

  /**
   * Makes sure that no other process is training here.
   *
   * @throws UserError where one is
   */
  public void requireFree() throws IOException {
    Lease.requireFree(folder, configuration);
  }

  /**
   * Keeps other processes from training here until the lease is closed.
   *
   * @param say told, in a sentence, when that of a process that is gone is taken over
   * @throws UserError where another process is training here
   */
  public Lease lease(Consumer<String> say) throws IOException {
    return Lease.take(folder, configuration, say);
  }

  public void writeRun(ObjectNode run) throws IOException {
    Files.write(new Path(folder, RUN), Json.pretty(run), configuration);
  }

  /**
   * Reads {@code run.json}.
   *
   * @throws UserError where there is none, or it is damaged
   */
  public ObjectNode readRun() throws IOException {
    return readJson(RUN, "it is not the folder of a run");
  }

  public void writeMetrics(List<Metrics> metrics) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Metrics line : metrics) {
      lines.append(line.toJson()).append('\n');
    }
    Files.write(new Path(folder, METRICS), lines.toString(), configuration);
  }

  /** The lines of {@code metrics.jsonl}; none where the file is not there yet. */
  public List<Metrics> readMetrics() throws IOException {
    Path file = new Path(folder, METRICS);
    List<Metrics> metrics = new ArrayList<>();
    try {
      List<String> lines = Files.readText(file, LARGEST_TEXT, configuration).lines().toList();
      for (String line : lines) {
        metrics.add(Metrics.fromJson(Json.parse(line)));
      }
    } catch (FileNotFoundException e) {
      return metrics;
    } catch (UserError e) {
      throw new UserError("%s, line %d: %s".formatted(file, metrics.size() + 1, e.getMessage()), e);
    }
    return metrics;
  }

  public void writeResult(TrainingResult result) throws IOException {
    Files.write(new Path(folder, RESULT), Json.pretty(result.toJson()), configuration);
  }

  /** What {@code result.json} says; null before the run has ended. */
  public @Nullable TrainingResult readResult() throws IOException {
    if (!files().exists(new Path(folder, RESULT))) {
      return null;
    }
    ObjectNode json = readJson(RESULT, "the run has not ended");
    try {
      return TrainingResult.fromJson(json);
    } catch (UserError e) {
      throw new UserError("%s: %s".formatted(new Path(folder, RESULT), e.getMessage()), e);
    }
  }

  private ObjectNode readJson(String name, String ifMissing) throws IOException {
    Path file = new Path(folder, name);
    try {
      return Json.parse(Files.readText(file, LARGEST_TEXT, configuration));
    } catch (FileNotFoundException e) {
      throw new UserError("%s has no %s: %s".formatted(folder, name, ifMissing), e);
    } catch (UserError e) {
      throw new UserError("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private Path checkpointPath(long step) {
    return new Path(
        new Path(folder, CHECKPOINTS), "step-" + String.format(Locale.ROOT, "%012d", step));
  }

  /** Writes a checkpoint and returns where it is. */
  public Path writeCheckpoint(Checkpoint checkpoint, Network network, String settings)
      throws IOException {
    Path path = checkpointPath(checkpoint.position().step());
    FileSystem files = files();
    // Those of this step and later ones are damaged or unfinished, as training went on from an
    // earlier one. They must not count as the newest, or the whole ones would be pruned for them.
    for (Path other : checkpoints()) {
      if (other.getName().compareTo(path.getName()) >= 0) {
        files.delete(other, true);
      }
    }
    checkpoint.write(path, network, settings, configuration);
    return path;
  }

  /** Deletes all checkpoints but the newest {@code keep} and the one at {@code bestStep}. */
  public void prune(int keep, long bestStep) throws IOException {
    List<Path> checkpoints = checkpoints();
    Path best = checkpointPath(bestStep);
    for (Path path : checkpoints.subList(Math.min(keep, checkpoints.size()), checkpoints.size())) {
      if (!path.getName().equals(best.getName())) {
        files().delete(path, true);
      }
    }
  }

  /** The checkpoints' folders, newest first. */
  private List<Path> checkpoints() throws IOException {
    List<Path> found = new ArrayList<>();
    try {
      for (FileStatus status : files().listStatus(new Path(folder, CHECKPOINTS))) {
        if (status.isDirectory() && CHECKPOINT.matcher(status.getPath().getName()).matches()) {
          found.add(status.getPath());
        }
      }
    } catch (FileNotFoundException e) {
      return found;
    }
    found.sort(Comparator.comparing(Path::getName).reversed());
    return found;
  }

  /**
   * The newest checkpoint that is whole, or null where there is none.
   *
   * @param refused told, in a sentence, of each newer one that is not
   */
  public @Nullable Checkpoint newestCheckpoint(
      Network network, String settings, Consumer<String> refused) throws IOException {
    for (Path path : checkpoints()) {
      try {
        return Checkpoint.read(path, network, settings, configuration);
      } catch (UserError e) {
        refused.accept("a checkpoint cannot be used: " + e.getMessage());
      }
    }
    return null;
  }

  /** Whether a path is named as a run's checkpoints are. */
  static boolean isCheckpoint(Path path) {
    Path parent = path.getParent();
    return parent != null
        && parent.getName().equals(CHECKPOINTS)
        && CHECKPOINT.matcher(path.getName()).matches();
  }

  /**
   * The folder of the checkpoint that was written after so many epochs.
   *
   * @throws UserError where it is not kept, with those that are
   */
  public Path checkpointAfter(int epoch) throws IOException {
    readRun(); // Says so where this is no run's folder.
    TreeSet<Integer> kept = new TreeSet<>();
    for (Path path : checkpoints()) {
      Position position;
      try {
        position = Checkpoint.position(path, configuration);
      } catch (UserError e) {
        continue; // As one that is not there.
      }
      if (position.stepOfEpoch() == 0) {
        if (position.epoch() == epoch) {
          return path;
        }
        kept.add(position.epoch());
      }
    }
    throw new UserError(
        "--init-epoch %d: the run in %s has no checkpoint of this epoch, %s; train --keep says how many of the newest ones are kept"
            .formatted(
                epoch,
                folder,
                kept.isEmpty()
                    ? "nor of another one"
                    : "only of %s"
                        .formatted(
                            kept.stream().map(String::valueOf).collect(Collectors.joining(", ")))));
  }

  /** The checkpoint of a step. */
  public Checkpoint checkpoint(long step, Network network, String settings) throws IOException {
    return Checkpoint.read(checkpointPath(step), network, settings, configuration);
  }

  public void writeModel(Model model) throws IOException {
    model.write(new Path(folder, Model.FILE), configuration);
  }
}
