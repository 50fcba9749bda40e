package minilote.trainer.spark;

import java.io.IOException;
import minilote.datasets.Augmentation;
import minilote.datasets.Dataset;
import minilote.datasets.RandomLabels;
import minilote.datasets.RecordFormat;
import minilote.datasets.UserError;
import minilote.datasets.ValidationSplit;
import minilote.trainer.math.EngineKind;
import minilote.trainer.run.Model;
import minilote.trainer.run.Placement;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/** Models on whole data sets. */
public final class Evaluator {
  private Evaluator() {}

  /**
   * Evaluates a model on a split of a data set, as a Spark job.
   *
   * @param folder the data set's folder
   * @param partitions into how many partitions it is read, or 0 for as many as the cluster has
   *     slots
   * @throws UserError where data set and model do not fit each other
   */
  public static Evaluation evaluate(
      JavaSparkContext spark, Model model, String folder, String split, int partitions)
      throws IOException {
    return evaluate(spark, model, folder, split, partitions, false);
  }

  /**
   * The same, with a choice of statistics.
   *
   * @param byBatch whether batch normalization goes by the statistics of the examples evaluated, in
   *     batches of {@value Examples#BLOCK} in their order, instead of the running ones. That is how
   *     some published figures were found, and makes a difference behind dropout, which changes the
   *     variance that is measured while learning (X. Li et al., Understanding the Disharmony
   *     between Dropout and Batch Normalization by Variance Shift, CVPR 2019, arXiv:1801.05134).
   */
  public static Evaluation evaluate(
      JavaSparkContext spark,
      Model model,
      String folder,
      String split,
      int partitions,
      boolean byBatch)
      throws IOException {
    Dataset dataset = measurable(spark, model, folder);
    LearnerSpec spec = byBatch ? specByBatch(spark, model, dataset) : spec(spark, model, dataset);
    try (Examples examples = examples(spark, dataset, folder, split, partitions);
        Weights weights = Weights.broadcast(spark, model.parameters())) {
      return Evaluation.of(spec, examples, Evaluation.Subset.ALL, weights, true, byBatch);
    }
  }

  /** The data set, if its records have such inputs and such targets as the model takes. */
  static Dataset measurable(JavaSparkContext spark, Model model, String folder) throws IOException {
    Dataset dataset = fitting(spark, model, folder);
    if (dataset.format().targetKind() != model.format().targetKind()
        || dataset.format().targets() != model.format().targets()) {
      throw new UserError(
          "%s: its examples have %d %s, the model was trained for %d %s"
              .formatted(
                  folder,
                  dataset.format().targets(),
                  dataset.format().targetKind().word(),
                  model.format().targets(),
                  model.format().targetKind().word()));
    }
    return dataset;
  }

  /** A model on a data set, for tasks. */
  static LearnerSpec spec(JavaSparkContext spark, Model model, Dataset dataset) {
    // So that a pass has as many rows with any network.
    return spec(spark, model, dataset, model.network().blockRows());
  }

  /** The same where batch normalization goes by the statistics of the examples of a block. */
  static LearnerSpec specByBatch(JavaSparkContext spark, Model model, Dataset dataset) {
    return spec(spark, model, dataset, Examples.BLOCK);
  }

  private static LearnerSpec spec(
      JavaSparkContext spark, Model model, Dataset dataset, int wholeBatch) {
    return new LearnerSpec(
        model.network(),
        model.loss(),
        dataset.format(),
        model.normalization(),
        Augmentation.NONE,
        wholeBatch,
        Cluster.probe(spark, EngineKind.AUTO).numerics().engine());
  }

  /** The data set, if its records are such as the model takes. */
  static Dataset fitting(JavaSparkContext spark, Model model, String folder) throws IOException {
    Dataset dataset = Dataset.read(new Path(folder), spark.hadoopConfiguration());
    RecordFormat format = dataset.format();
    if (format.featureType() != model.format().featureType()
        || !format.shape().equals(model.format().shape())) {
      throw new UserError(
          "%s: its examples are %s of shape %s, the model takes %s of shape %s"
              .formatted(
                  folder,
                  format.featureType().word(),
                  format.shape(),
                  model.format().featureType().word(),
                  model.format().shape()));
    }
    return dataset;
  }

  static Examples examples(
      JavaSparkContext spark, Dataset dataset, String folder, String split, int partitions) {
    ValidationSplit none = new ValidationSplit(dataset.split(split).examples(), 0, 0);
    return examples(spark, dataset, folder, split, none, RandomLabels.NONE, partitions);
  }

  static Examples examples(
      JavaSparkContext spark,
      Dataset dataset,
      String folder,
      String split,
      ValidationSplit validation,
      RandomLabels labels,
      int partitions) {
    return new Examples(
        spark,
        folder,
        dataset,
        split,
        validation,
        labels,
        partitions > 0 ? partitions : Math.max(1, Slots.settled(spark)),
        Placement.AUTO);
  }
}
