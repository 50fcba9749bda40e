package minilote.trainer.spark;

import java.io.IOException;
import minilote.datasets.Dataset;
import minilote.datasets.ValidationSplit;
import minilote.trainer.run.Model;
import minilote.trainer.run.TrainingDiverged;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingResult.Figures;
import minilote.trainer.run.TrainingSetup;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * Says how well a training's weights do: on the validation examples after each epoch, and on
 * everything at the end.
 */
final class Judge {
  private final JavaSparkContext spark;
  private final TrainingSetup setup;
  private final LearnerSpec spec;
  private final Examples examples;
  private final int partitions;
  private final TrainingListener listener;

  /**
   * Prepares for a training.
   *
   * @param examples the training split, validation examples included
   * @param partitions into how many partitions the test split is read
   */
  Judge(
      JavaSparkContext spark,
      TrainingSetup setup,
      LearnerSpec spec,
      Examples examples,
      int partitions,
      TrainingListener listener) {
    this.spark = spark;
    this.setup = setup;
    this.spec = spec;
    this.examples = examples;
    this.partitions = partitions;
    this.listener = listener;
  }

  /** On the validation examples; null where there are none. */
  @Nullable Evaluation validation(TrainingState state) {
    return setup.validation().validationExamples() == 0
        ? null
        : evaluate(examples, Evaluation.Subset.VALIDATION, state);
  }

  /** All figures of the final weights. */
  TrainingResult result(Progress progress, @Nullable Integer bestEpoch, TrainingState state)
      throws IOException {
    listener.doing(
        "evaluating on %,d training examples".formatted(setup.validation().trainingExamples()));
    Evaluation training = evaluate(examples, Evaluation.Subset.TRAINING, state);
    Evaluation validation = validation(state);
    return new TrainingResult(
        progress.epoch(),
        bestEpoch,
        progress.steps(),
        figures(training),
        validation == null ? null : figures(validation),
        test(state),
        progress.seconds(),
        Model.weightsSha256(state.parameters()));
  }

  private @Nullable Figures test(TrainingState state) {
    long count = setup.testExamples();
    if (count == 0) {
      return null;
    }
    listener.doing("evaluating on %,d test examples".formatted(count));
    try (Examples test =
        new Examples(
            spark,
            setup.settings().data(),
            setup.dataset(),
            Dataset.TEST,
            new ValidationSplit(count, 0, 0),
            partitions,
            examples.placement())) {
      return figures(evaluate(test, Evaluation.Subset.ALL, state));
    }
  }

  private Figures figures(Evaluation evaluation) {
    return new Figures(
        evaluation.loss(), setup.classified() ? (Double) evaluation.accuracy() : null);
  }

  private Evaluation evaluate(Examples on, Evaluation.Subset subset, TrainingState state) {
    Evaluation evaluation;
    try (Weights W = Weights.broadcast(spark, state.parameters())) {
      evaluation = Evaluation.of(spec, on, subset, W, false);
    }
    if (!Double.isFinite(evaluation.loss())) {
      throw new TrainingDiverged(
          "after step %d the loss is no longer a finite number: training has diverged; a smaller --learning-rate, a --warmup or --clip-norm may help"
              .formatted(state.step()));
    }
    return evaluation;
  }
}
