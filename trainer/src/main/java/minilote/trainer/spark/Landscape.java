package minilote.trainer.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import minilote.datasets.Dataset;
import minilote.datasets.ValidationSplit;
import minilote.trainer.measure.LayerNorms;
import minilote.trainer.measure.Objective;
import minilote.trainer.measure.Score;
import minilote.trainer.measure.Scorer;
import minilote.trainer.measure.Sensitivity;
import minilote.trainer.network.Network;
import minilote.trainer.run.Model;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * The error of a network as a function of its weights: the mean loss over the examples of a data
 * set, and its gradient, at any weights. Each call is one Spark job, over examples that are held
 * until this is closed.
 *
 * <p>The network is one that answers, as in evaluation: nothing is dropped, images are as they are,
 * and batch normalization takes the running statistics, which are no weights but constants behind
 * them, unless {@link #byBatch} is asked. The loss is without weight decay.
 *
 * <p>Sums are over fixed blocks of {@value Examples#BLOCK} ids along one fixed tree: the same bits
 * for any number of partitions and executors. A task holds no more gradients than the tree has
 * levels, twice. One thread at a time.
 */
public final class Landscape implements Scorer, AutoCloseable {
  private final JavaSparkContext spark;
  private final Network network;
  private final LearnerSpec spec;
  private final LearnerSpec specByBatch;
  private final Examples examples;
  private final Selection selection;
  private final long count;
  private final boolean sameJvm;
  private final CommonSum common = new CommonSum();

  private Landscape(
      JavaSparkContext spark,
      Network network,
      LearnerSpec spec,
      LearnerSpec specByBatch,
      Examples examples,
      Portion portion,
      Dataset dataset,
      boolean sameJvm) {
    this.spark = spark;
    this.network = network;
    this.spec = spec;
    this.specByBatch = specByBatch;
    this.examples = examples;
    this.count = portion.count(dataset);
    this.selection =
        new Selection(examples, Evaluation.Subset.TRAINING, portion.endId(portion.chosen(dataset)));
    this.sameJvm = sameJvm;
  }

  /**
   * That of a model's network.
   *
   * @param folder a data set's folder
   * @param portion which of its examples count
   * @param partitions into how many partitions it is read, or 0 for as many as the cluster has
   *     slots
   * @throws minilote.datasets.UserError where data set and model do not fit each other
   */
  public static Landscape of(
      JavaSparkContext spark, Model model, String folder, Portion portion, int partitions)
      throws IOException {
    return of(spark, model, folder, portion, partitions, spark.isLocal());
  }

  /**
   * The same, or for a test.
   *
   * @param sameJvm whether all tasks run in this JVM, so that sums go by reference
   */
  static Landscape of(
      JavaSparkContext spark,
      Model model,
      String folder,
      Portion portion,
      int partitions,
      boolean sameJvm)
      throws IOException {
    Dataset dataset = Evaluator.measurable(spark, model, folder);
    ValidationSplit chosen = portion.chosen(dataset);
    return new Landscape(
        spark,
        model.network(),
        Evaluator.spec(spark, model, dataset),
        Evaluator.specByBatch(spark, model, dataset),
        Evaluator.examples(
            spark, dataset, folder, portion.split(), chosen, portion.labels(), partitions),
        portion,
        dataset,
        sameJvm);
  }

  /** How many examples count. */
  public long examples() {
    return count;
  }

  /**
   * Mean loss and accuracy at some weights.
   *
   * @param parameters all of the network's, running statistics included
   */
  public Evaluation evaluate(float[] parameters) {
    return evaluate(parameters, false);
  }

  private Evaluation evaluate(float[] parameters, boolean byBatch) {
    try (Weights weights = Weights.broadcast(spark, checked(parameters))) {
      return Evaluation.of(
          byBatch ? specByBatch : spec, examples, selection, weights, false, byBatch);
    }
  }

  @Override
  public Score score(float[] parameters) {
    return score(evaluate(parameters));
  }

  /**
   * Scores where batch normalization goes by the statistics of the examples themselves, in batches
   * of up to {@value Examples#BLOCK} in their order: of weights that were never trained as they
   * stand, there are no running ones.
   */
  public Scorer byBatch() {
    return parameters -> score(evaluate(parameters, true));
  }

  private static Score score(Evaluation evaluation) {
    return new Score(
        evaluation.loss(),
        Double.isNaN(evaluation.accuracy())
            ? OptionalDouble.empty()
            : OptionalDouble.of(evaluation.accuracy()));
  }

  /**
   * Mean loss and mean gradient at some weights.
   *
   * @param parameters all of the network's, running statistics included
   * @param gradient written: ∂E/∂w of the {@link Network#trainedCount()} weights that are trained
   * @return the loss, to the last bit that of {@link #evaluate}
   */
  public double lossAndGradient(float[] parameters, double[] gradient) {
    int trained = network.trainedCount();
    if (gradient.length != trained) {
      throw new IllegalArgumentException(
          "the gradient is of %d weights, the array of %d".formatted(trained, gradient.length));
    }
    LaneSum sum;
    try (Weights weights = Weights.broadcast(spark, checked(parameters))) {
      sum = sum(new BlockSums.Gradient(spec, selection, weights));
    }
    int lanes = BlockSums.lanes(selection);
    double examplesSummed = sum.count(lanes);
    float[] sums = sum.gradient(lanes);
    for (int i = 0; i < trained; i++) {
      gradient[i] = sums[i] / examplesSummed;
    }
    return sum.loss(lanes) / examplesSummed;
  }

  /**
   * How much the error feels each layer's signals, δ^(ℓ) = ∂e/∂s^(ℓ), at some weights.
   *
   * @param parameters all of the network's, running statistics included
   * @return of each layer that has weights, and is not within another one, from the first on
   */
  public List<Sensitivity> sensitivities(float[] parameters) {
    int[] layers =
        network.tensors().stream()
            .filter(tensor -> tensor.weight() && tensor.layer().keys().size() == 1)
            .mapToInt(tensor -> Math.toIntExact(tensor.layer().keys().get(0)))
            .toArray();
    int[] units = Arrays.stream(layers).map(network::units).toArray();
    LaneSum sum;
    try (Weights weights = Weights.broadcast(spark, checked(parameters))) {
      sum = sum(new BlockSums.Sensitivities(spec, selection, weights, layers, units));
    }
    int lanes = BlockSums.lanes(selection);
    double examplesSummed = sum.count(lanes);
    float[] sums = sum.gradient(lanes);
    List<Sensitivity> sensitivities = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < layers.length; i++) {
      double squares = 0;
      for (int unit = 0; unit < units[i]; unit++) {
        double mean = sums[first + unit] / examplesSummed;
        squares += mean * mean;
      }
      first += units[i];
      sensitivities.add(
          new Sensitivity(
              layers[i],
              Math.sqrt(squares),
              sums[sums.length - layers.length + i] / examplesSummed));
    }
    return sensitivities;
  }

  private LaneSum sum(BlockSums task) {
    JavaRDD<byte[]> blocks = examples.blocks();
    if (sameJvm) {
      return common.over(blocks.rdd(), task);
    }
    LaneSum whole = new LaneSum();
    task.over(blocks.rdd(), LaneSum.class, whole::merge);
    return whole;
  }

  private float[] checked(float[] parameters) {
    if (parameters.length != network.parameterCount()) {
      throw new IllegalArgumentException(
          "the network has %d parameters, not %d"
              .formatted(network.parameterCount(), parameters.length));
    }
    return parameters;
  }

  /**
   * The error as a function of the trained weights alone, in the precision of floats.
   *
   * @param parameters all of the network's, whose running statistics stay
   */
  public Objective objective(float[] parameters) {
    float[] at = checked(parameters).clone();
    int trained = network.trainedCount();
    return new Objective() {
      @Override
      public int dimension() {
        return trained;
      }

      private float[] set(double[] weights) {
        for (int i = 0; i < trained; i++) {
          at[i] = (float) weights[i];
        }
        return at;
      }

      @Override
      public double loss(double[] weights) {
        return evaluate(set(weights)).loss();
      }

      @Override
      public double lossAndGradient(double[] weights, double[] gradient) {
        return Landscape.this.lossAndGradient(set(weights), gradient);
      }
    };
  }

  /**
   * Layer by layer, how large the weights, their gradient and the sensitivities are.
   *
   * @param parameters all of the network's, running statistics included
   * @param initial those that training began with; null where they are not known
   */
  public LayerNorms norms(float[] parameters, float @Nullable [] initial) {
    double[] gradient = new double[network.trainedCount()];
    double loss = lossAndGradient(parameters, gradient);
    return LayerNorms.of(network, parameters, initial, loss, gradient, sensitivities(parameters));
  }

  @Override
  public void close() {
    examples.close();
  }
}
