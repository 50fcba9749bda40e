package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import minilote.datasets.Dataset;
import minilote.datasets.ExampleKeys;
import minilote.datasets.KeyedPermutation;
import minilote.datasets.Normalization;
import minilote.datasets.RecordReader;
import minilote.datasets.UserError;
import minilote.datasets.ValidationSplit;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.Engines;
import minilote.trainer.math.PortableEngine;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.RunningStatistic;
import minilote.trainer.run.Lease;
import minilote.trainer.run.Model;
import minilote.trainer.run.Placement;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.Synchronization;
import minilote.trainer.run.TrainingFailed;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.run.TrainingSetup;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whole runs on a Spark of this JVM, against a plain definition of the same and against each other:
 * by partitions, synchronizers, engines, placements, optimizers. In one file, as they share both.
 */
class TrainingTest {
  @TempDir Path temporary;

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  private static float[] weights(Path run) throws Exception {
    return Model.read(hadoop(run), new Configuration()).parameters();
  }

  /** One epoch of mini-batch SGD as the textbook has it: no lanes, no Spark. */
  private static float[] definition(TrainingSettings settings, int epochs) throws Exception {
    Configuration configuration = new Configuration();
    org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(settings.data());
    Dataset dataset = Dataset.read(folder, configuration);
    int recordBytes = dataset.format().recordBytes();
    int count = (int) dataset.split("train").examples();
    byte[] records = new byte[count * recordBytes];
    try (RecordReader reader =
        new RecordReader(folder, dataset, "train", 0, count, configuration)) {
      reader.read(records);
    }
    ValidationSplit validation =
        new ValidationSplit(count, settings.validation(), settings.validationSeed());
    List<Integer> ids = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      if (!validation.isValidation(id)) {
        ids.add(id);
      }
    }
    Network network = Network.of(settings.network(), dataset.format().shape());
    Normalization normalization = Normalization.of(settings.normalization(), dataset);
    float[] w = network.initialize(settings.initialization(), settings.seed());
    try (BackPropagation pass =
        new BackPropagation(
            network, Loss.CATEGORICAL_CROSS_ENTROPY, PortableEngine.create(), settings.batch())) {
      for (int epoch = 0; epoch < epochs; epoch++) {
        KeyedPermutation order = new KeyedPermutation(settings.seed(), "epoch", epoch, ids.size());
        for (int begin = 0; begin < ids.size(); begin += settings.batch()) {
          int n = Math.min(settings.batch(), ids.size() - begin);
          for (int row = 0; row < n; row++) {
            int record = ids.get((int) order.invert(begin + row)) * recordBytes;
            normalization.apply(
                dataset.format(), records, record, pass.inputs(), row * network.inputs());
            long key =
                new ExampleKeys(settings.seed(), epoch)
                    .of(ids.get((int) order.invert(begin + row)));
            pass.keys()[row] = key;
            settings
                .augmentation()
                .apply(key, dataset.format(), pass.inputs(), row * network.inputs());
            dataset.format().target(records, record, pass.targets(), row * 3, 3);
          }
          pass.setParameters(w);
          pass.clear();
          pass.errorAndGradient(n);
          for (int i = 0; i < network.trainedCount(); i++) {
            w[i] -= 0.1f * (pass.gradient()[i] / n);
          }
          for (RunningStatistic running : network.runningStatistics()) {
            for (int i = running.from(); i < running.to(); i++) {
              w[i] =
                  (1 - running.momentum()) * w[i] + running.momentum() * (pass.gradient()[i] / n);
            }
          }
        }
      }
    }
    return w;
  }

  @Test
  void run_sgdWithOneLane_isTheDefinitionToTheLastBit() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    TrainingSettings settings = Trainings.settings(data, 64, 1, "optimizer", Trainings.SGD);
    SparkContexts.use(
        "local[2]", spark -> Trainings.train(spark, settings, 1, temporary.resolve("run")));
    assertArrayEquals(definition(settings, 2), weights(temporary.resolve("run")));
  }

  @Test
  void run_augmented_isTheDefinitionToTheLastBit() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    String[] augmentations = {"\"none\"", "\"flip\"", "\"crop 1\"", Trainings.AUGMENTED};
    Set<String> different = new HashSet<>();
    for (String augmentation : augmentations) {
      TrainingSettings settings =
          Trainings.settings(data, 64, 1, "optimizer", Trainings.SGD, "augmentation", augmentation);
      Path run = temporary.resolve("run-" + different.size());
      TrainingResult result =
          SparkContexts.use("local[2]", spark -> Trainings.train(spark, settings, 1, run));
      assertArrayEquals(definition(settings, 2), weights(run), augmentation);
      different.add(result.weightsSha256());
    }
    assertEquals(augmentations.length, different.size());
  }

  /** Of 299 examples in batches of 64 the last batch has 43: a ghost of 3, 11 or 1. */
  @Test
  void run_batchNormAndDropoutWithOneLane_isTheDefinitionToTheLastBit() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    int runs = 0;
    for (String norm : new String[] {"", "ghost 16 momentum 0.3", "ghost 21", "whole"}) {
      TrainingSettings settings =
          Trainings.settings(
              data,
              64,
              1,
              "network",
              ("\"conv 4 3x3 bias none, batchnorm %s relu, dropout 0.3, residual(conv 4 1x1, batchnorm"
                      + " %s) relu, dense 3 softmax\"")
                  .formatted(norm, norm),
              "optimizer",
              Trainings.SGD,
              "augmentation",
              norm.equals("whole") ? "\"none\"" : Trainings.AUGMENTED);
      Path run = temporary.resolve("run-" + runs++);
      SparkContexts.use("local[2]", spark -> Trainings.train(spark, settings, 1, run));
      assertArrayEquals(definition(settings, 2), weights(run), norm);
    }
  }

  /** All that an example or a ghost has to itself, in lanes that hold whole ghosts. */
  @ParameterizedTest
  @EnumSource(names = {"NATIVE", "PORTABLE"})
  void run_batchNormAndDropout_givesTheSameBitsOnAnyPartitionsInBothWaysAndResumed(
      EngineKind engine) throws Exception {
    Engines.assume(engine);
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    for (String optimizer : new String[] {Trainings.SGD, Trainings.ADAM}) {
      // Batches of 70, the last one of 19: 18 and 5 ghosts in 16 lanes, some of them empty.
      TrainingSettings settings =
          Trainings.settings(
              data,
              70,
              16,
              "network",
              "\"conv 4 3x3 relu, max-pool 2x2 stride 1,"
                  + " residual(conv 5 3x3 bias none, batchnorm ghost 4 relu, dropout 0.2 | conv 5 1x1)"
                  + " relu, dense 5, batchnorm ghost 4 tanh, dense 3 softmax\"",
              "engine",
              "\"" + engine.word() + "\"",
              "optimizer",
              optimizer,
              "clip_norm",
              optimizer.equals(Trainings.ADAM) ? "0.5" : "null",
              "augmentation",
              Trainings.AUGMENTED);
      String expected = null;
      for (Synchronization.Way way :
          new Synchronization.Way[] {
            Synchronization.Way.TREE_AGGREGATE, Synchronization.Way.ALL_REDUCE
          }) {
        for (int partitions : new int[] {1, 2, 3}) {
          String which = "%s-%s-%d".formatted(optimizer.hashCode(), way, partitions);
          TrainingOptions options =
              Trainings.options(
                  partitions, way, partitions == 2 ? Placement.SPREAD : Placement.WHOLE);
          Path run = temporary.resolve(which);
          Path stopped = temporary.resolve(which + "-stopped");
          String digest =
              SparkContexts.use("local[3]", spark -> Trainings.train(spark, settings, options, run))
                  .weightsSha256();
          expected = expected == null ? digest : expected;
          assertEquals(expected, digest, which);
          if (partitions == 2) {
            assertEquals(expected, stoppedAndResumed(settings, options, stopped), which);
          }
        }
      }
    }
  }

  private static String stoppedAndResumed(
      TrainingSettings settings, TrainingOptions options, Path run) throws Exception {
    return SparkContexts.use(
        "local[3]",
        spark -> {
          Trainings.Recording recording = new Trainings.Recording();
          Training training =
              Training.start(spark, settings, Trainings.A_JOB_A_STEP, hadoop(run), recording);
          recording.training = training;
          recording.stopAt = 3;
          assertTrue(training.run().isEmpty());
          return Training.resume(spark, options, hadoop(run), new Trainings.Recording())
              .run()
              .orElseThrow()
              .weightsSha256();
        });
  }

  @Test
  void start_lanesThatDoNotSuitTheGhosts_areRefusedOrFewer() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    String ghosts = "\"dense 4, batchnorm ghost 100 relu, dense 3 softmax\"";
    assertEquals(
        "--lanes 4: a batch of 256 has 3 ghosts of 100 examples, which batch normalization needs in"
            + " one lane each; at most 2 here",
        refusal(Trainings.settings(data, 256, 4, "network", ghosts)));
    TrainingSettings settings = Trainings.settings(data, 256, 0, "network", ghosts, "epochs", "1");
    Trainings.Recording recording = new Trainings.Recording();
    SparkContexts.use(
        "local[4]",
        spark ->
            Training.start(
                    spark,
                    settings,
                    Trainings.A_JOB_A_STEP,
                    hadoop(temporary.resolve("run")),
                    recording)
                .run());
    assertEquals(
        List.of(
            "2 of 4 slots stay idle: a batch has 2 lanes",
            "a batch of 256 has 2 lanes instead of 4, as batch normalization is over ghosts of 100"
                + " examples that are in one lane each: smaller ghosts or larger batches use more"
                + " slots"),
        recording.warnings.stream().filter(w -> w.contains("lanes")).toList());
  }

  @Test
  void start_laneThatNoArrayHolds_isRefused() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 2000, 4);
    String whole = "\"conv 200000 1x1, batchnorm whole relu, flatten, dense 3 softmax\"";
    assertEquals(
        "layer 1, 'conv 200000 1x1', gives 1,800,000 numbers, which times the 1,200 rows that are a"
            + " lane of the batch are more than an array holds: take more --lanes",
        refusal(Trainings.settings(data, 1200, 1, "network", whole)));
    TrainingSetup.of(Trainings.settings(data, 1200, 2, "network", whole), new Configuration());
  }

  private String refusal(TrainingSettings settings) {
    return assertThrows(UserError.class, () -> TrainingSetup.of(settings, new Configuration()))
        .getMessage();
  }

  @Test
  void run_sgdWithMoreLanes_isTheDefinitionToRounding() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    for (int lanes : new int[] {2, 8, 64}) {
      TrainingSettings settings = Trainings.settings(data, 64, lanes, "optimizer", Trainings.SGD);
      Path run = temporary.resolve("run-" + lanes);
      SparkContexts.use("local[2]", spark -> Trainings.train(spark, settings, 0, run));
      assertArrayEquals(definition(settings, 2), weights(run), 1e-6f);
    }
  }

  @Test
  void run_anyPartitionsSlotsAndSerializer_givesTheSameBits() throws Exception {
    // 299 training examples, batches of 37: the last one has 3 examples for 8 lanes.
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    TrainingSettings settings =
        Trainings.settings(data, 37, 8, "augmentation", Trainings.AUGMENTED);
    String expected = null;
    for (String master : new String[] {"local[1]", "local[2]"}) {
      for (int partitions : new int[] {1, 2, 3, 7}) {
        String serializer = partitions % 2 == 1 ? SparkContexts.JAVA : SparkContexts.KRYO;
        List<Placement> placements =
            master.equals("local[1]")
                ? List.of(Placement.AUTO)
                : List.of(Placement.WHOLE, Placement.SPREAD);
        for (Placement placement : placements) {
          String which = "%s-%d-%s".formatted(master, partitions, placement);
          TrainingOptions options = new TrainingOptions(partitions, 0, 3, 0, placement);
          TrainingResult result =
              SparkContexts.use(
                  master,
                  serializer,
                  spark -> Trainings.train(spark, settings, options, temporary.resolve(which)));
          expected = expected == null ? result.weightsSha256() : expected;
          assertEquals(expected, result.weightsSha256(), which);
        }
      }
    }
  }

  @Test
  void run_unevenPartitions_everyRowWeighsTheSame() throws Exception {
    // A batch of 129 rows over 2, 3 and 5 partitions, some lanes empty in the last batch.
    Path data = TestData.images(temporary.resolve("data"), 130, 1);
    TrainingSettings settings =
        Trainings.settings(
            data, 129, 64, "validation", "0.0", "epochs", "3", "optimizer", Trainings.SGD);
    float[] expected = definition(settings, 3);
    for (int partitions : new int[] {1, 2, 3, 5}) {
      Path run = temporary.resolve("run-" + partitions);
      SparkContexts.use("local[2]", spark -> Trainings.train(spark, settings, partitions, run));
      assertArrayEquals(expected, weights(run), 1e-6f);
    }
  }

  @Test
  void run_anotherSeed_givesOtherWeights() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 120, 2);
    List<String> digests = new ArrayList<>();
    for (String seed : new String[] {"1", "2"}) {
      digests.add(
          SparkContexts.use(
              "local[1]",
              spark ->
                  Trainings.train(
                          spark,
                          Trainings.settings(data, 16, 2, "seed", seed),
                          0,
                          temporary.resolve("seed-" + seed))
                      .weightsSha256()));
    }
    assertNotEquals(digests.get(0), digests.get(1));
  }

  @Test
  void run_patience_takesTheBestEpochsWeights() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 120, 2);
    TrainingSettings settings =
        Trainings.settings(
            data,
            24,
            2,
            "network",
            "\"dense 64 relu, dense 64 relu, dense 3 softmax\"",
            "epochs",
            "60",
            "learning_rate",
            "1",
            "validation",
            "0.4",
            "validation_patience",
            "2");
    Path run = temporary.resolve("run");
    TrainingResult result =
        SparkContexts.use("local[2]", spark -> Trainings.train(spark, settings, 0, run));
    assertTrue(result.epochs() < 60, "stopped early, after " + result.epochs());
    assertEquals(result.epochs() - 2, result.bestEpoch());
    String best = Files.readAllLines(run.resolve("metrics.jsonl")).get(result.bestEpoch() - 1);
    assertTrue(best.contains("\"validation_loss\":" + result.validation().loss() + ","), best);
  }

  @Test
  void run_lossDiverges_failsNamingStepAndLayer() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 120, 2);
    TrainingSettings settings =
        Trainings.settings(
            data, 8, 2, "network", "\"dense 8 relu, dense 3 linear\"", "learning_rate", "1e30");
    TrainingFailed failure =
        assertThrows(
            TrainingFailed.class,
            () ->
                SparkContexts.use(
                    "local[1]",
                    spark -> Trainings.train(spark, settings, 0, temporary.resolve("run"))));
    assertTrue(
        failure
            .getMessage()
            .matches(
                ".*in epoch 1, step \\d+: (training has diverged, |the gradient of )layer\\.\\d\\.\\w+ .*"),
        failure.getMessage());
    assertEquals(0, Weights.open());
  }

  /**
   * The only step's loss is finite, the weights after it are not: what is left behind must not be a
   * checkpoint, which a resumed run would prefer to every good one.
   */
  @Test
  void run_weightsDivergeInTheLastStep_leavesNoCheckpointOfThem() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 60, 2);
    TrainingSettings settings =
        Trainings.settings(data, 60, 2, "epochs", "1", "validation", "0", "learning_rate", "1e300");
    TrainingFailed failure =
        assertThrows(
            TrainingFailed.class,
            () ->
                SparkContexts.use(
                    "local[1]",
                    spark -> Trainings.train(spark, settings, 0, temporary.resolve("run"))));
    assertTrue(
        failure
            .getMessage()
            .matches("after epoch 1, step 1 training has diverged, layer\\.1\\.\\w+ .*"),
        failure.getMessage());
    assertFalse(Files.exists(temporary.resolve("run/checkpoints")));
  }

  @Test
  void start_folderOfARun_isRefused() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 60, 1);
    TrainingSettings settings = Trainings.settings(data, 8, 2, "epochs", "0");
    Path run = temporary.resolve("run");
    SparkContexts.use(
        "local[1]",
        spark -> {
          Trainings.train(spark, settings, 0, run);
          UserError error =
              assertThrows(UserError.class, () -> Trainings.train(spark, settings, 0, run));
          assertTrue(error.getMessage().contains("--resume"), error.getMessage());
          return null;
        });
  }

  @Test
  void run_anotherProcessTrainsInTheFolder_isRefused() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 60, 1);
    TrainingSettings settings = Trainings.settings(data, 8, 2, "epochs", "1");
    Path run = temporary.resolve("run");
    SparkContexts.use(
        "local[1]",
        spark -> {
          try (Lease lease = new RunFolder(hadoop(run), new Configuration()).lease(w -> {})) {
            UserError error =
                assertThrows(UserError.class, () -> Trainings.train(spark, settings, 0, run));
            assertTrue(error.getMessage().contains(" is training in it"), error.getMessage());
            assertFalse(lease.isLost());
          }
          assertTrue(Files.notExists(run.resolve("run.json")));
          TrainingResult result = Trainings.train(spark, settings, 0, run);
          assertTrue(Files.notExists(run.resolve("lease.json")));
          return result;
        });
  }

  @Test
  void run_shardDamaged_isNamed() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 60, 2);
    Path shard = data.resolve("train/part-00001.bin");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length / 2] ^= 1;
    Files.write(shard, bytes);
    UserError error =
        assertThrows(
            UserError.class,
            () ->
                SparkContexts.use(
                    "local[1]",
                    spark ->
                        Trainings.train(
                            spark, Trainings.settings(data, 8, 2), 0, temporary.resolve("run"))));
    assertTrue(error.getMessage().contains("part-00001.bin has SHA-256"), error.getMessage());
  }
}
