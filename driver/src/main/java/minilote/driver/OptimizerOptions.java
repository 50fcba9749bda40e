package minilote.driver;

import minilote.trainer.optimizer.GradientClipping;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.Schedule;
import minilote.trainer.optimizer.UpdateRule;
import minilote.trainer.run.TrainingSettings.Reduction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the weights are updated: options of {@code train}. */
final class OptimizerOptions {
  @Option(
      names = "--optimizer",
      paramLabel = "RULE",
      defaultValue = "momentum",
      description = "sgd, momentum, nesterov, adam or adamw. Default: ${DEFAULT-VALUE}.")
  private String optimizer;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description =
          "Greater than 0. Default: 0.1 for sgd, 0.01 for momentum and nesterov, 0.001 for adam and adamw.")
  private @Nullable Double learningRate;

  @Option(
      names = "--momentum",
      paramLabel = "SHARE",
      description = "Of momentum and nesterov. Default: 0.9.")
  private @Nullable Double momentum;

  @Option(names = "--beta1", paramLabel = "SHARE", description = "Of adam and adamw. Default: 0.9.")
  private @Nullable Double beta1;

  @Option(
      names = "--beta2",
      paramLabel = "SHARE",
      description = "Of adam and adamw. Default: 0.999.")
  private @Nullable Double beta2;

  @Option(
      names = "--epsilon",
      paramLabel = "NUMBER",
      description = "Of adam and adamw. Default: 1e-8.")
  private @Nullable Double epsilon;

  @Option(
      names = "--weight-decay",
      paramLabel = "NUMBER",
      description = "Pulls weights towards 0. Default: 0, and 0.01 for adamw.")
  private @Nullable Double weightDecay;

  @Option(names = "--decay-all", description = "Let biases decay as well.")
  private boolean decayAll;

  @Option(
      names = "--schedule",
      paramLabel = "WORDS",
      defaultValue = "constant",
      description =
          "The learning rate over the epochs: constant, \"step 30,60 x0.1\", \"exponential 0.95\", cosine or \"cosine to 0.01\". Default: ${DEFAULT-VALUE}.")
  private String schedule;

  @Option(
      names = "--warmup",
      paramLabel = "SPAN",
      defaultValue = "0",
      description =
          "How long the learning rate rises at first: 2 (epochs), 100000ex (examples) or 500steps. Default: ${DEFAULT-VALUE}.")
  private String warmup;

  @Option(
      names = "--clip-norm",
      paramLabel = "NORM",
      description = "Scales a larger gradient down to this norm.")
  private @Nullable Double clipNorm;

  @Option(
      names = "--clip-value",
      paramLabel = "NUMBER",
      description = "Cuts larger elements of a gradient off.")
  private @Nullable Double clipValue;

  @Option(
      names = "--reduction",
      paramLabel = "HOW",
      defaultValue = "mean",
      description = "A batch's gradient is the mean or the sum over it. Default: ${DEFAULT-VALUE}.")
  private String reduction;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  OptimizerOptions() {}

  OptimizerSettings optimizer() {
    OptimizerSettings settings = OptimizerSettings.of(UpdateRule.of(optimizer));
    if (momentum != null) {
      settings = settings.withMomentum(momentum);
    }
    if (beta1 != null) {
      settings = settings.withBeta1(beta1);
    }
    if (beta2 != null) {
      settings = settings.withBeta2(beta2);
    }
    if (epsilon != null) {
      settings = settings.withEpsilon(epsilon);
    }
    if (weightDecay != null) {
      settings = settings.withWeightDecay(weightDecay);
    }
    return settings.withDecayAll(decayAll);
  }

  double learningRate() {
    if (learningRate != null) {
      return learningRate;
    }
    return switch (UpdateRule.of(optimizer)) {
      case SGD -> 0.1;
      case MOMENTUM, NESTEROV -> 0.01;
      case ADAM, ADAMW -> 0.001;
    };
  }

  Schedule schedule() {
    return Choice.named("--schedule", () -> Schedule.parse(schedule, warmup));
  }

  GradientClipping clipping() {
    return new GradientClipping(
        clipNorm == null ? Double.POSITIVE_INFINITY : clipNorm,
        clipValue == null ? Double.POSITIVE_INFINITY : clipValue);
  }

  Reduction reduction() {
    return Choice.of("--reduction", reduction, Reduction.class);
  }
}
