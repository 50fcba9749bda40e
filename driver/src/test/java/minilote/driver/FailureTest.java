package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.util.List;
import minilote.datasets.UserError;
import minilote.trainer.run.Checkpoint.Position;
import minilote.trainer.run.GradientNoise;
import minilote.trainer.run.TrainingFailed;
import minilote.trainer.run.TrainingInterrupted;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void of_userErrorWithinOthers_isItsSentenceAndWrongInput() {
    Failure failure =
        Failure.of(new IllegalStateException("outer", new UserError("--batch 0: wrong")));
    assertEquals(new Failure("--batch 0: wrong", Minilote.WRONG_INPUT), failure);
  }

  @Test
  void of_trainingThatFailed_isItsSentenceAndFailure() {
    Failure failure = Failure.of(new RuntimeException(new TrainingFailed("it diverged")));
    assertEquals(new Failure("it diverged", Minilote.FAILED), failure);
  }

  @Test
  void of_anythingElse_isTheFirstCause() {
    assertEquals(
        new Failure("IOException: disk full", Minilote.FAILED),
        Failure.of(new UncheckedIOException("while writing", new IOException("disk full\nmore"))));
    assertEquals(
        new Failure("there is no host cluster.example", Minilote.FAILED),
        Failure.of(new IllegalArgumentException(new UnknownHostException("cluster.example"))));
    assertEquals(
        new Failure("NullPointerException", Minilote.FAILED),
        Failure.of(new NullPointerException()));
  }

  @Test
  void of_taskThatFailedOnAnExecutor_namesItsHost() {
    String message =
        "Job aborted due to stage failure: Task 3 in stage 7.0 failed 4 times, most recent failure:"
            + " Lost task 3.3 in stage 7.0 (TID 42) (10.0.0.3 executor 2): java.io.IOException: No"
            + " space left on device\n\tat minilote.trainer.Example.run(Example.java:1)";
    assertEquals(
        new Failure(
            "executor 2 on 10.0.0.3: java.io.IOException: No space left on device",
            Minilote.FAILED),
        Failure.of(new SparkException(message)));
  }

  @Test
  void of_executorsLostAgainAndAgain_saysSoAndWhy() {
    String message =
        "Job aborted due to stage failure: Task 1 in stage 15.0 failed 4 times, most recent"
            + " failure: Lost task 1.3 in stage 15.0 (TID 52) (10.0.0.4 executor 7):"
            + " ExecutorLostFailure (executor 7 exited unrelated to the running tasks) Reason:"
            + " worker lost: Not receiving heartbeat for 60 seconds\nDriver stacktrace:";
    assertEquals(
        new Failure(
            "executors were lost again and again, at last executor 7 on 10.0.0.4"
                + " (worker lost: Not receiving heartbeat for 60 seconds)",
            Minilote.FAILED),
        Failure.of(new SparkException(message)));
  }

  @Test
  void of_trainingThatWasInterrupted_saysWhatHappenedAndHowItGoesOn() {
    TrainingInterrupted interrupted =
        new TrainingInterrupted(
            new Path("hdfs://host/run"),
            new Position(2, 30, 130, 9000, 0, 0, 0, 2, 100, 0.5, 2, 60, false, GradientNoise.NONE),
            50,
            new SparkException("Job 131 cancelled for want of executors"));
    String advice =
        "; minilote train --out hdfs://host/run --resume goes on with step 31 of epoch 3";
    assertEquals(
        new Failure("no executor came" + advice, Minilote.FAILED),
        Failure.of(new ClusterLost("no executor came", interrupted)));
    assertEquals(
        new Failure(
            "SparkException: Job 131 cancelled for want of executors" + advice, Minilote.FAILED),
        Failure.of(interrupted));
  }

  @Test
  void of_userErrorOnAnExecutorAsTextOnly_isItsSentenceAndWrongInput() {
    String message =
        "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent failure:"
            + " Lost task 0.3 in stage 1.0 (TID 9) (10.0.0.3 executor 2):"
            + " minilote.datasets.UserError: part-00000.bin is cut short\n\tat x.y(Z.java:1)";
    assertEquals(
        new Failure("part-00000.bin is cut short", Minilote.WRONG_INPUT),
        Failure.of(new SparkException(message)));
  }

  /** Not what Spark's message is thought to be, but what it is. */
  @Test
  void of_failuresInTasksOfARealJob_areTheTasksOwn() {
    SparkLog.configure(false);
    SparkConf conf = new SparkConf().setMaster("local[1]").setAppName("failures");
    conf.set("spark.ui.enabled", "false");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      assertEquals(
          new Failure("file x is damaged at offset 7", Minilote.WRONG_INPUT),
          Failure.of(failure(spark, () -> new UserError("file x is damaged at offset 7"))));
      assertEquals(
          new Failure("ArithmeticException: too large", Minilote.FAILED),
          Failure.of(
              failure(
                  spark, () -> new IllegalStateException(new ArithmeticException("too large")))));
    }
  }

  private interface Cause extends java.io.Serializable {
    RuntimeException make();
  }

  private static Throwable failure(JavaSparkContext spark, Cause cause) {
    try {
      spark
          .parallelize(List.of(1))
          .foreach(
              number -> {
                throw cause.make();
              });
    } catch (Exception e) {
      return e;
    }
    throw new AssertionError("the job went through");
  }
}
