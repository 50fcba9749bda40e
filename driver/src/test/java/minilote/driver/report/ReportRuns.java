package minilote.driver.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.Json;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingResult.Figures;

/** What runs leave, for tests of reports. */
final class ReportRuns {
  static final int TRAINING_EXAMPLES = 54_000;
  private static final int STEPS = 422;

  private ReportRuns() {}

  static ObjectNode run(int epochs) {
    return Json.parse(
        """
        {"format_version": 1,
         "settings": {
           "data": "file:/data/fashion-mnist", "network": "dense 512 relu, dense 10 softmax",
           "loss": null, "reduction": "mean", "batch": 128, "epochs": %d, "lanes": 0,
           "last_batch": "keep",
           "optimizer": {"rule": "momentum", "momentum": 0.9, "weight_decay": 0.0005,
                         "decoupled": false, "decay_all": false},
           "learning_rate": 0.05, "schedule": "cosine", "warmup": "2", "clip_norm": null,
           "clip_value": null, "initialization": "he", "init": null,
           "normalization": "standardize", "validation": 0.1, "validation_seed": 0,
           "validation_patience": 0, "seed": 0},
         "resolved": {"loss": "cce", "lanes": 2, "parameters": 407050, "init_sha256": null},
         "data": {"name": "fashion-mnist", "sha256": "9f86d081", "training_examples": 54000,
                  "validation_examples": 6000, "test_examples": 10000},
         "numerics": {"engine": "portable", "architecture": "amd64",
           "blas": {"native_library": true, "name": "OpenBLAS 0.3.31", "kernel": "SkylakeX",
                    "threads": 1, "explanation": ""}},
         "versions": {"minilote": "0.1.0", "java": "17.0.15", "spark": "4.1.0"},
         "cluster": {"slots": 2, "executors": {"driver": "localhost"}}}
        """
            .formatted(epochs));
  }

  static List<Metrics> metrics(int epochs, boolean classified, boolean validated) {
    List<Metrics> metrics = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      double train = 2.0 * Math.exp(-3.0 * epoch / epochs) + 0.15;
      double validation = 1.8 * Math.exp(-4.0 * epoch / epochs) + 0.3 + 0.1 * epoch / epochs;
      metrics.add(
          new Metrics(
              epoch,
              (long) epoch * STEPS,
              (long) epoch * TRAINING_EXAMPLES,
              true,
              train,
              classified ? (Double) (1 - train / 3) : null,
              validated ? (Double) validation : null,
              classified && validated ? (Double) (1 - validation / 3) : null,
              0.025 * (1 + Math.cos(Math.PI * epoch / epochs)),
              20 * Math.exp(2.0 * epoch / epochs),
              0.5,
              12_345,
              4.4 * epoch));
    }
    return metrics;
  }

  static TrainingResult result(int epochs) {
    return new TrainingResult(
        epochs,
        null,
        (long) epochs * STEPS,
        new Figures(0.1234, 0.9567),
        new Figures(0.41, 0.871),
        new Figures(0.4321, 0.8623),
        4.4 * epochs,
        "7be662871ae2dc0db46f4078e0678453662759fced9c9b21bc9f28da79d19983");
  }
}
