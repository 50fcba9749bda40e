package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.Engines;
import minilote.trainer.math.NativeEngine;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;
import minilote.trainer.run.Placement;
import minilote.trainer.run.Synchronization.Way;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingSettings;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManyStepsTest {
  private static final int STEPS = 20_000;
  private static final int BATCH = 8;
  private static final int TASKS = 2;

  /** Steps between two looks; before the first one, everything has been allocated and compiled. */
  private static final int BETWEEN = 4_000;

  /** What Spark and the JVM do meanwhile moves some hundred kilobytes to and fro. */
  private static final long HEAP_NOISE = 1 << 20;

  /**
   * What all tasks may allocate between the first look and the last one, for the compiler changes
   * its mind now and then. One object of 16 bytes a step would be 192,000.
   */
  private static final long TASK_NOISE = 64 << 10;

  @TempDir Path temporary;

  /** Looks at memory while the tasks go on. */
  private static final class Looks implements TrainingListener {
    private static final ThreadMXBean THREADS =
        ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    final List<Long> heap = new ArrayList<>();
    final List<Long> allocated = new ArrayList<>();
    final List<Long> offHeap = new ArrayList<>();
    private long[] tasks = new long[0];

    @Override
    public void stepped(
        int epoch,
        long stepOfEpoch,
        long stepsOfEpoch,
        long examples,
        double loss,
        double accuracy) {
      assertEquals(STEPS, stepsOfEpoch);
      if (stepOfEpoch % BETWEEN == 0 && stepOfEpoch < STEPS) {
        tasks = tasks.length == 0 ? tasks() : tasks;
        allocated.add(LongStream.of(THREADS.getThreadAllocatedBytes(tasks)).sum());
        heap.add(Math.min(live(), live()));
        offHeap.add(NativeEngine.bytesInUse());
      }
    }

    private static long[] tasks() {
      return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
          .filter(thread -> thread != null && thread.getThreadName().contains("task launch worker"))
          .mapToLong(ThreadInfo::getThreadId)
          .toArray();
    }

    /** Bytes of what is still in use. */
    private static long live() {
      System.gc();
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "portable | dense 64 relu, dense 32 tanh, dense 3 softmax",
        "native | dense 64 relu, dense 32 tanh, dense 3 softmax",
        "native | conv 4 3x3 bias none, batchnorm ghost 2 relu, max-pool 2x2 stride 1,"
            + " residual(conv 4 3x3, dropout 0.2) relu, average-pool 2x2, dense 3 softmax",
        "portable | dense 32, batchnorm whole relu, residual(dense 32, batchnorm whole) tanh, dense 3"
            + " softmax",
        "native | conv 4 3x3 bias none, batchnorm whole relu, dropout 0.2, dense 3 softmax",
        "native | conv 4 3x3 relu, residual(conv 4 3x3 bias none, conv 4 3x3 relu, conv 4 3x3) relu,"
            + " dense 3 softmax"
      })
  void run_20000StepsInOneJob_allocatesNothingAndLeavesMemoryFlat(String engine, String network)
      throws Exception {
    Engines.assume(EngineKind.parse(engine));
    long before = NativeMemory.leftByOthers();
    Path data = TestData.images(temporary.resolve("data"), STEPS * BATCH, 4);
    TrainingSettings settings =
        Trainings.settings(
            data,
            BATCH,
            4,
            "network",
            "\"" + network + "\"",
            "engine",
            "\"" + engine + "\"",
            "optimizer",
            OptimizerSettings.of(UpdateRule.ADAM).withWeightDecay(0.001).toJson().toString(),
            "clip_norm",
            "1",
            "learning_rate",
            "0.001",
            "augmentation",
            Trainings.AUGMENTED,
            "validation",
            "0.0",
            "epochs",
            "1");
    Looks looks = new Looks();
    SparkContexts.use(
        "local[" + TASKS + "]",
        spark ->
            Training.start(
                    spark,
                    settings,
                    Trainings.options(TASKS, Way.ALL_REDUCE, Placement.AUTO),
                    new org.apache.hadoop.fs.Path(temporary.resolve("run").toUri()),
                    looks)
                .run());
    assertTrue(looks.tasks.length >= TASKS, looks.tasks.length + " threads");
    assertEquals(4, looks.heap.size());
    assertFlat(looks.allocated, TASK_NOISE, "allocated by tasks");
    // Other threads have garbage at any time; what grows is there in both of the later looks.
    List<Long> least =
        List.of(
            Math.min(looks.heap.get(0), looks.heap.get(1)),
            Math.min(looks.heap.get(2), looks.heap.get(3)));
    assertFlat(least, HEAP_NOISE, "in use");
    if (engine.equals("native")) {
      long off = looks.offHeap.get(0);
      assertTrue(off > before, "bytes off the heap: " + looks.offHeap + " after " + before);
      assertEquals(List.of(off, off, off, off), looks.offHeap);
      NativeMemory.assertFreed(before);
    }
  }

  private static void assertFlat(List<Long> bytes, long noise, String what) {
    for (long later : bytes) {
      assertTrue(later - bytes.get(0) <= noise, () -> "bytes %s: %s".formatted(what, bytes));
    }
  }
}
