package minilote.trainer.spark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import minilote.datasets.Json;
import minilote.trainer.math.NativeEngine;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.Placement;
import minilote.trainer.run.RunDescription;
import minilote.trainer.run.Synchronization;
import minilote.trainer.run.Synchronization.Way;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingProfile;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingSettings;
import org.apache.spark.api.java.JavaSparkContext;

/** Short trainings of tests. */
final class Trainings {
  static final String SGD =
      OptimizerSettings.of(UpdateRule.SGD).withWeightDecay(0).toJson().toString();
  static final String ADAM = OptimizerSettings.of(UpdateRule.ADAM).toJson().toString();

  /** Of the tiny images; as JSON. */
  static final String AUGMENTED = "\"crop 1, flip, cutout 1\"";

  /** Stops after the very step in which it is asked to. */
  static final TrainingOptions A_JOB_A_STEP = options(0, Way.TREE_AGGREGATE, Placement.AUTO);

  private Trainings() {}

  /** Settings that the tests vary, as {@code run.json} has them. */
  static TrainingSettings settings(Path data, int batch, int lanes, String... changes) {
    com.fasterxml.jackson.databind.node.ObjectNode json =
        Json.parse(
            """
            {"data": "", "network": "dense 8 tanh, dense 3 softmax", "loss": null, "reduction": "mean",
             "batch": 0, "epochs": 2, "lanes": 0, "last_batch": "keep",
             "optimizer": {"rule": "momentum", "momentum": 0.9, "weight_decay": 0, "decoupled": false, "decay_all": false},
             "schedule": "constant", "learning_rate": 0.1, "warmup": "0",
             "clip_norm": null, "clip_value": null,
             "initialization": "auto", "init": null, "normalization": "standardize",
             "validation": 0.1, "validation_seed": 0, "validation_patience": 0, "seed": 5}
            """);
    json.put("data", data.toUri().toString());
    json.put("batch", batch);
    json.put("lanes", lanes);
    for (int i = 0; i < changes.length; i += 2) {
      json.set(changes[i], Json.parse("{\"it\": " + changes[i + 1] + "}").get("it"));
    }
    return TrainingSettings.fromJson(json);
  }

  /** Trains in the way that the tests of the definition expect: a job a step. */
  static TrainingResult train(
      JavaSparkContext spark, TrainingSettings settings, int partitions, Path out)
      throws Exception {
    return train(spark, settings, partitions, Way.TREE_AGGREGATE, out);
  }

  static TrainingResult train(
      JavaSparkContext spark, TrainingSettings settings, int partitions, Way way, Path out)
      throws Exception {
    return train(spark, settings, options(partitions, way, Placement.AUTO), out);
  }

  static TrainingOptions options(int partitions, Way way, Placement placement) {
    return new TrainingOptions(
        partitions, 0, 3, 0, Synchronization.DEFAULT.by(way), placement, false);
  }

  static TrainingResult train(
      JavaSparkContext spark, TrainingSettings settings, TrainingOptions options, Path out)
      throws Exception {
    Recording recording = new Recording();
    Training training =
        Training.start(
            spark, settings, options, new org.apache.hadoop.fs.Path(out.toUri()), recording);
    return training.run().orElseThrow();
  }

  /** Trains until {@code steps} steps are taken over all sittings, with a stop on request. */
  static Optional<TrainingResult> trainUntil(
      JavaSparkContext spark, Training[] holder, Recording recording, long steps) throws Exception {
    recording.stopAt = steps;
    recording.training = holder[0];
    return holder[0].run();
  }

  /** Remembers what it is told, and asks for a stop when told so. */
  static final class Recording implements TrainingListener {
    final List<String> warnings = new ArrayList<>();
    final List<Metrics> metrics = new ArrayList<>();
    final List<Double> losses = new ArrayList<>();
    TrainingProfile profile;
    long steps;
    long mostNativeBytes; // that the process held after a step
    long stopAt = Long.MAX_VALUE;
    long failAt = Long.MAX_VALUE;
    Training training;
    org.apache.hadoop.fs.Path checkpoint;

    @Override
    public void started(RunDescription description, List<String> warnings) {
      this.warnings.addAll(warnings);
    }

    @Override
    public void stepped(
        int epoch,
        long stepOfEpoch,
        long stepsOfEpoch,
        long examples,
        double loss,
        double accuracy) {
      losses.add(loss);
      mostNativeBytes = Math.max(mostNativeBytes, NativeEngine.bytesInUse());
      if (++steps == stopAt) {
        training.requestStop();
      }
      if (steps == failAt) {
        throw new IllegalStateException("the cluster is gone");
      }
    }

    @Override
    public void measured(Metrics line) {
      metrics.add(line);
    }

    @Override
    public void profiled(TrainingProfile profile) {
      this.profile = profile;
    }

    @Override
    public void checkpointed(org.apache.hadoop.fs.Path path) {
      checkpoint = path;
    }
  }
}
