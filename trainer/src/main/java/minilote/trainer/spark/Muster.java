package minilote.trainer.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.SparkEnv;

/**
 * Who takes part in an all-reduce job, as every task of it finds out in the same way: the tasks in
 * the order of their executors, so that neighbours in the numbering share memory.
 *
 * @param part the part of the lanes that this task computes
 * @param member its number among the tasks of its executor
 * @param members tasks of its executor
 * @param executor its executor's number
 * @param addresses where each executor's exchange listens; "" where it does not
 * @param executorOfPart the executor that computes each part
 */
record Muster(
    int part,
    int member,
    int members,
    int executor,
    List<String> addresses,
    List<Integer> executorOfPart) {
  private static final String SEPARATOR = "\t";

  private record Task(String executor, int partition, String address) {
    static Task of(String answer) {
      String[] parts = answer.split(SEPARATOR, -1);
      return new Task(parts[0], Integer.parseInt(parts[1]), parts[2]);
    }
  }

  /** All tasks are in this JVM. */
  static Muster here(int partition, int partitions) {
    return new Muster(
        partition, partition, partitions, 0, List.of(""), Collections.nCopies(partitions, 0));
  }

  /** What a task tells of itself. */
  static String answer(int partition, String address) {
    return SparkEnv.get().executorId() + SEPARATOR + partition + SEPARATOR + address;
  }

  /**
   * What follows from what all tasks have told.
   *
   * @param answers of all tasks, this one's among them
   * @param partition this task's
   * @param anywhere whether any task may take any part, or only that of its partition's number
   */
  static Muster of(List<String> answers, int partition, boolean anywhere) {
    return of(
        new ArrayList<>(answers.stream().map(Task::of).toList()),
        SparkEnv.get().executorId(),
        partition,
        anywhere);
  }

  private static Muster of(List<Task> tasks, String me, int partition, boolean anywhere) {
    tasks.sort(Comparator.comparing(Task::executor).thenComparing(Task::partition));
    List<String> executors = tasks.stream().map(Task::executor).distinct().toList();
    List<String> addresses =
        executors.stream()
            .map(
                executor ->
                    tasks.stream()
                        .filter(task -> task.executor().equals(executor))
                        .map(Task::address)
                        .findFirst()
                        .orElseThrow())
            .toList();
    List<Task> mine = tasks.stream().filter(task -> task.executor().equals(me)).toList();
    Task self =
        mine.stream().filter(task -> task.partition() == partition).findFirst().orElseThrow();
    List<Task> byPart =
        anywhere ? tasks : tasks.stream().sorted(Comparator.comparing(Task::partition)).toList();
    return new Muster(
        byPart.indexOf(self),
        mine.indexOf(self),
        mine.size(),
        executors.indexOf(me),
        addresses,
        byPart.stream().map(task -> executors.indexOf(task.executor())).toList());
  }

  /** Whether this task speaks for all: the first one of the first executor. */
  boolean leads() {
    return executor == 0 && member == 0;
  }

  /** The executor that holds each lane. */
  int[] executorOfLane(EpochShape shape) {
    int[] executors = new int[shape.lanes().count()];
    for (int lane = 0; lane < executors.length; lane++) {
      executors[lane] = executorOfPart.get(shape.lanes().partitionOf(lane, executorOfPart.size()));
    }
    return executors;
  }
}
