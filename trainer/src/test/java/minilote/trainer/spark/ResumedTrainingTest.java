package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import minilote.trainer.run.Placement;
import minilote.trainer.run.TrainingInterrupted;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that end before their end, and go on. */
class ResumedTrainingTest {
  @TempDir Path temporary;

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  @Test
  void run_stoppedAnywhereAndResumed_givesTheSameBits() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    TrainingSettings settings =
        Trainings.settings(
            data,
            37,
            4,
            "epochs",
            "3",
            "optimizer",
            Trainings.ADAM,
            "schedule",
            "\"cosine\"",
            "augmentation",
            Trainings.AUGMENTED);
    TrainingResult undisturbed =
        SparkContexts.use(
            "local[2]", spark -> Trainings.train(spark, settings, 2, temporary.resolve("whole")));
    List<String> lines = Files.readAllLines(temporary.resolve("whole/metrics.jsonl"));
    for (int stopAt : new int[] {1, 8, 9, 13, 23}) {
      Path run = temporary.resolve("stopped-" + stopAt);
      SparkContexts.use(
          "local[2]",
          spark -> {
            Trainings.Recording recording = new Trainings.Recording();
            Training training =
                Training.start(spark, settings, Trainings.A_JOB_A_STEP, hadoop(run), recording);
            recording.training = training;
            recording.stopAt = stopAt;
            assertTrue(training.run().isEmpty(), "stopped at " + stopAt);
            assertTrue(recording.checkpoint != null);
            // Another number of partitions, and stopped a second time.
            Trainings.Recording second = new Trainings.Recording();
            Training again =
                Training.resume(
                    spark, new TrainingOptions(3, 0, 3, 0, Placement.SPREAD), hadoop(run), second);
            second.training = again;
            second.stopAt = 2;
            again.run();
            TrainingResult result =
                Training.resume(
                        spark, TrainingOptions.DEFAULT, hadoop(run), new Trainings.Recording())
                    .run()
                    .orElseThrow();
            assertEquals(undisturbed.weightsSha256(), result.weightsSha256(), "stop " + stopAt);
            assertEquals(undisturbed.steps(), result.steps());
            assertEquals(undisturbed.train(), result.train());
            return result;
          });
      List<String> resumed = Files.readAllLines(run.resolve("metrics.jsonl"));
      assertEquals(lines.size(), resumed.size());
      for (int line = 0; line < lines.size(); line++) {
        assertEquals(withoutTimes(lines.get(line)), withoutTimes(resumed.get(line)));
      }
    }
  }

  /**
   * What ends a training from outside, a lost cluster for instance, is thrown by the job of some
   * step. The driver holds the weights after the step before, and nothing else is needed to go on.
   */
  @Test
  void run_brokenOffAnywhere_leavesACheckpointOfEveryStepAndGoesOnToTheSameBits() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    TrainingSettings settings =
        Trainings.settings(
            data, 37, 4, "epochs", "2", "optimizer", Trainings.ADAM, "schedule", "\"cosine\"");
    Path whole = temporary.resolve("whole");
    String expected =
        SparkContexts.use("local[2]", spark -> Trainings.train(spark, settings, 2, whole))
            .weightsSha256();
    TrainingOptions jobAStep = Trainings.A_JOB_A_STEP;
    Map<Integer, String> next =
        Map.of(
            1,
            "step 2 of epoch 1",
            9,
            "the end of epoch 1",
            10,
            "step 2 of epoch 2",
            18,
            "the end of epoch 2");
    for (int failAt : new int[] {1, 9, 10, 18}) {
      Path run = temporary.resolve("broken-" + failAt);
      SparkContexts.use(
          "local[2]",
          spark -> {
            Trainings.Recording recording = new Trainings.Recording();
            recording.failAt = failAt;
            Training training = Training.start(spark, settings, jobAStep, hadoop(run), recording);
            TrainingInterrupted interrupted =
                assertThrows(TrainingInterrupted.class, training::run);
            assertEquals("the cluster is gone", interrupted.getCause().getMessage());
            assertEquals(next.get(failAt), interrupted.next());
            assertEquals("broken-" + failAt, interrupted.folder().getName());
            TrainingResult result =
                Training.resume(
                        spark, TrainingOptions.DEFAULT, hadoop(run), new Trainings.Recording())
                    .run()
                    .orElseThrow();
            assertEquals(expected, result.weightsSha256(), "broken off in step " + failAt);
            return result;
          });
      assertEquals(
          Files.readAllLines(whole.resolve("metrics.jsonl")).stream()
              .map(ResumedTrainingTest::withoutTimes)
              .toList(),
          Files.readAllLines(run.resolve("metrics.jsonl")).stream()
              .map(ResumedTrainingTest::withoutTimes)
              .toList());
    }
  }

  /** Runs of a version that knew no augmentation go on: none was theirs. */
  @Test
  void resume_runJsonWithoutAugmentation_goesOnFromItsCheckpoint() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    TrainingSettings settings = Trainings.settings(data, 37, 4);
    Path run = temporary.resolve("run");
    SparkContexts.use(
        "local[2]",
        spark -> {
          String expected =
              Trainings.train(spark, settings, 2, temporary.resolve("whole")).weightsSha256();
          Trainings.Recording recording = new Trainings.Recording();
          Training training =
              Training.start(spark, settings, Trainings.A_JOB_A_STEP, hadoop(run), recording);
          recording.training = training;
          recording.stopAt = 5;
          assertTrue(training.run().isEmpty());
          String json = Files.readString(run.resolve("run.json"));
          String older = json.replaceFirst("\\s*\"augmentation\" : \"none\",", "");
          assertEquals(json.lines().count() - 1, older.lines().count());
          Files.writeString(run.resolve("run.json"), older);
          Trainings.Recording second = new Trainings.Recording();
          TrainingResult result =
              Training.resume(spark, TrainingOptions.DEFAULT, hadoop(run), second)
                  .run()
                  .orElseThrow();
          assertEquals(expected, result.weightsSha256());
          assertEquals(
              List.of(), second.warnings.stream().filter(w -> w.contains("checkpoint")).toList());
          assertEquals(result.steps() - 5, second.steps);
          return null;
        });
  }

  private static String withoutTimes(String line) {
    return line.replaceAll("\"(examples_per_second|seconds)\":[^,}]*", "");
  }

  @Test
  void resume_newestCheckpointDamaged_usesTheOneBeforeAndGivesTheSameBits() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    TrainingSettings settings = Trainings.settings(data, 37, 4, "epochs", "3");
    Path run = temporary.resolve("run");
    TrainingResult whole =
        SparkContexts.use("local[2]", spark -> Trainings.train(spark, settings, 2, run));
    Path newest;
    try (Stream<Path> checkpoints = Files.list(run.resolve("checkpoints"))) {
      newest = checkpoints.sorted().reduce((a, b) -> b).orElseThrow();
    }
    Files.delete(run.resolve("result.json"));
    for (String file : List.of("state.safetensors", "manifest.json")) {
      byte[] intact = Files.readAllBytes(newest.resolve(file));
      for (int damage = 0; damage < 3; damage++) {
        byte[] damaged =
            damage == 0
                ? new byte[0]
                : damage == 1 ? Arrays.copyOf(intact, intact.length / 2) : intact.clone();
        if (damage == 2) {
          damaged[intact.length / 3] ^= 1;
        }
        Files.write(newest.resolve(file), damaged);
        Trainings.Recording recording = new Trainings.Recording();
        TrainingResult result =
            SparkContexts.use(
                "local[2]",
                spark ->
                    Training.resume(spark, TrainingOptions.DEFAULT, hadoop(run), recording)
                        .run()
                        .orElseThrow());
        assertEquals(whole.weightsSha256(), result.weightsSha256());
        assertTrue(
            recording.warnings.stream()
                .anyMatch(
                    w ->
                        w.contains("checkpoint cannot be used")
                            && w.contains(newest.getFileName().toString())),
            recording.warnings.toString());
        // The run has written the newest one anew.
        assertAboutEqual(intact.length, Files.readAllBytes(newest.resolve(file)).length);
      }
    }
  }

  private static void assertAboutEqual(int expected, int actual) {
    assertTrue(Math.abs(expected - actual) < 100, expected + " bytes, now " + actual);
  }
}
