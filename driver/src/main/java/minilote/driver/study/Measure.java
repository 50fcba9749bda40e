package minilote.driver.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import minilote.datasets.Dataset;
import minilote.datasets.Json;
import minilote.datasets.ProgressListener;
import minilote.trainer.measure.Curvature;
import minilote.trainer.measure.LossSlice;
import minilote.trainer.measure.Sharpness;
import minilote.trainer.run.Model;
import minilote.trainer.spark.Evaluation;
import minilote.trainer.spark.Evaluator;
import minilote.trainer.spark.Landscape;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/** What can be measured of the minimum that a run has found, on its training examples. */
public enum Measure {
  /** The largest loss nearby: metric 2.1 of Keskar et al. 2017. */
  SHARPNESS {
    @Override
    ObjectNode of(Subject subject) {
      return Sharpness.of(
              subject.landscape().objective(subject.model().parameters()),
              subject.model().trainedWeights(),
              Sharpness.Settings.PUBLISHED,
              ProgressListener.NONE)
          .toJson();
    }

    @Override
    void figures(JsonNode json, Map<String, @Nullable Double> figures) {
      for (JsonNode box : json.path("boxes")) {
        String epsilon =
            "_"
                + BigDecimal.valueOf(box.path("epsilon").asDouble())
                    .stripTrailingZeros()
                    .toPlainString();
        figures.put(word() + epsilon, number(box.path("sharpness")));
        figures.put(word() + "_corner" + epsilon, number(box.path("corner_sharpness")));
      }
    }
  },

  /** The largest eigenvalue and the trace of the loss's second derivatives. */
  HESSIAN {
    @Override
    ObjectNode of(Subject subject) {
      return Curvature.of(
              subject.landscape().objective(subject.model().parameters()),
              subject.model().trainedWeights(),
              Curvature.Settings.DEFAULT,
              ProgressListener.NONE)
          .toJson();
    }

    @Override
    void figures(JsonNode json, Map<String, @Nullable Double> figures) {
      figures.put("hessian_largest_eigenvalue", number(json.path("largest_eigenvalue")));
      figures.put("hessian_trace", number(json.path("trace")));
    }
  },

  /**
   * The loss along a random direction, with each filter as long as the network's own. The direction
   * is the same for all runs, apart from these lengths, so that slices can be laid on each other.
   */
  LANDSCAPE {
    @Override
    ObjectNode of(Subject subject) {
      return LossSlice.of(
              subject.model().network(),
              subject.model().parameters(),
              LossSlice.Settings.LINE,
              subject.landscape(),
              ProgressListener.NONE)
          .toJson();
    }

    @Override
    void figures(JsonNode json, Map<String, @Nullable Double> figures) {}
  },

  /** How far the weights are from the first ones; how large they and the gradient are. */
  NORMS {
    @Override
    ObjectNode of(Subject subject) {
      return subject
          .landscape()
          .norms(subject.model().parameters(), subject.run().setup().initialParameters())
          .toJson();
    }

    @Override
    void figures(JsonNode json, Map<String, @Nullable Double> figures) {
      figures.put("distance", number(json.path("distance")));
      figures.put("norm", number(json.path("norm")));
      figures.put("final_gradient_norm", number(json.path("gradient_norm")));
    }
  },

  /**
   * Loss and accuracy on the test split where batch normalization goes by the statistics of the
   * test examples, as {@code evaluate --statistics batch} has them.
   */
  BATCH_STATISTICS {
    @Override
    ObjectNode of(Subject subject) throws IOException {
      Evaluation evaluation =
          Evaluator.evaluate(
              subject.spark(),
              subject.model(),
              subject.run().setup().settings().data(),
              Dataset.TEST,
              0,
              true);
      return Json.object().put("loss", evaluation.loss()).put("accuracy", evaluation.accuracy());
    }

    @Override
    boolean appliesTo(StudyRun run) {
      return run.setup().testExamples() > 0 && !run.setup().network().runningStatistics().isEmpty();
    }

    @Override
    void figures(JsonNode json, Map<String, @Nullable Double> figures) {
      figures.put("test_loss_by_batch_statistics", number(json.path("loss")));
      figures.put("test_accuracy_by_batch_statistics", number(json.path("accuracy")));
    }
  },

  /** The loss along the line from the minimum of the smallest batch to those of the others. */
  INTERPOLATION {
    @Override
    boolean appliesTo(StudyRun run) {
      return false; // To pairs of runs.
    }

    @Override
    ObjectNode of(Subject subject) {
      throw new UnsupportedOperationException("it is of two runs");
    }

    @Override
    void figures(JsonNode json, Map<String, @Nullable Double> figures) {}
  };

  /** The word for it, also in figures' names. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * What is measured.
   *
   * @param landscape of the training examples
   */
  record Subject(JavaSparkContext spark, StudyRun run, Model model, Landscape landscape) {}

  /** Measures. */
  abstract ObjectNode of(Subject subject) throws IOException;

  /** Whether there is anything to measure. */
  boolean appliesTo(StudyRun run) {
    return true;
  }

  /** Adds what stands in tables. */
  abstract void figures(JsonNode json, Map<String, @Nullable Double> figures);

  /** Of one run's. */
  static Map<String, @Nullable Double> figures(Map<Measure, ObjectNode> measured) {
    Map<String, @Nullable Double> figures = new LinkedHashMap<>();
    measured.forEach((measure, json) -> measure.figures(json, figures));
    return figures;
  }

  private static @Nullable Double number(JsonNode value) {
    return value.isNumber() ? (Double) value.asDouble() : null;
  }
}
