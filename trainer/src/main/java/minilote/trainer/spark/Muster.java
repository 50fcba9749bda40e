package minilote.trainer.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;

/**
 * Who takes part in an all-reduce job, as every task of it finds out in the same way: the tasks in
 * the order of their executors, so that neighbours in the numbering share memory.
 *
 * @param partition this task's partition
 * @param rank its number among all tasks
 * @param member its number among those of its executor
 * @param members tasks of its executor
 * @param executor its executor's number
 * @param addresses where each executor's exchange listens; "" where it does not
 */
record Muster(
    int partition, int rank, int member, int members, int executor, List<String> addresses) {
  private static final String SEPARATOR = "\t";

  /**
   * Meets all tasks of the job.
   *
   * @param address where this executor's exchange listens
   */
  static Muster of(BarrierTaskContext context, String address) {
    String me = SparkEnv.get().executorId();
    List<String[]> tasks = new ArrayList<>(); // executor, partition, address
    String[] answers =
        context.allGather(me + SEPARATOR + context.partitionId() + SEPARATOR + address);
    for (String answer : answers) {
      tasks.add(answer.split(SEPARATOR, -1));
    }
    Collections.sort(
        tasks,
        (a, b) ->
            a[0].equals(b[0])
                ? Integer.compare(Integer.parseInt(a[1]), Integer.parseInt(b[1]))
                : a[0].compareTo(b[0]));
    List<String> executors = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    int rank = 0;
    int member = 0;
    int members = 0;
    int executor = 0;
    for (int i = 0; i < tasks.size(); i++) {
      String[] task = tasks.get(i);
      if (!executors.contains(task[0])) {
        executors.add(task[0]);
        addresses.add(task[2]);
      }
      if (task[0].equals(me)) {
        if (Integer.parseInt(task[1]) == context.partitionId()) {
          rank = i;
          member = members;
          executor = executors.size() - 1;
        }
        members++;
      }
    }
    return new Muster(
        context.partitionId(), rank, member, members, executor, List.copyOf(addresses));
  }

  /** Whether this task speaks for all: the first one. */
  boolean leads() {
    return rank == 0;
  }
}
