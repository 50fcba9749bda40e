package minilote.driver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the runs of a study differ in, and what they have in common. Read as they were written. */
@SuppressWarnings("UnusedVariable")
final class ComparedOptions {
  @Option(
      names = "--batch",
      paramLabel = "N,N,…",
      description = "Batch sizes. Default: 32,128,512,2048.")
  @Nullable String batch;

  @Option(
      names = "--seeds",
      paramLabel = "N|N,N,…",
      description =
          "How many seeds each, from 0, or which. The same seed is the same first weights and order for every batch. Default: 3.")
  @Nullable String seeds;

  @Option(
      names = "--vary",
      paramLabel = "NAME=V,V,…",
      description =
          "Another option of train with several values, such as optimizer=momentum,adam; may be given several times. Values with commas in them: in a file.")
  List<String> vary = new ArrayList<>();

  @Option(
      names = "--equal",
      paramLabel = "WHAT",
      description =
          "What runs of all batches have in common: epochs, steps or examples. Runs are whole epochs, so steps are equal to within one; schedules in epochs are stretched along. Default: epochs.")
  @Nullable String equal;

  @Option(
      names = "--scaling",
      paramLabel = "HOW",
      description = "How the learning rate follows the batch: none, linear or sqrt. Default: none.")
  @Nullable String scaling;

  @Option(
      names = "--reference-batch",
      paramLabel = "N",
      description =
          "The batch that --epochs and --learning-rate are meant for. Default: the smallest.")
  @Nullable String reference;

  @Option(
      names = "--tune",
      paramLabel = "RATE,RATE,…",
      arity = "0..1",
      fallbackValue = StudyAims.BY_ITSELF,
      description =
          "Choose the learning rate of each batch by the validation examples, with the first seed: among these, or, without any, among steps of half an order of magnitude around the one it would have.")
  @Nullable String tune;

  @Option(
      names = "--target",
      paramLabel = "NUMBER",
      description =
          "Accuracy (for numbers: loss) on the validation examples to which runs are timed, such as 0.95. Default: the best that all runs reach.")
  @Nullable Double target;

  @Option(
      names = "--measures",
      paramLabel = "NAME,NAME,…",
      description =
          "What is measured of each run when all have ended: sharpness, hessian, landscape (the loss along a random direction), norms (with the distance from the first weights), batch-statistics (the test as evaluate --statistics batch has it), interpolation (between the smallest batch and the others). Default: none of them.")
  @Nullable String measures;

  @Option(
      names = "--measured-examples",
      paramLabel = "N",
      description = "Measure on the first so many training and test examples. Default: all.")
  @Nullable Long measuredExamples;
}
