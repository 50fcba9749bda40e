package minilote.trainer.plan;

/**
 * What a step of all-reduce lets each executor do, for the one that has most of it: the slowest one
 * decides.
 *
 * @param executors executors that take part {@code E}
 * @param tasks tasks of an executor
 * @param lanesOfTask lanes that a task computes
 * @param parameters parameters {@code P}
 * @param slice parameters that an executor adds up and updates {@code S}
 * @param ownAdds additions of gradients for every parameter, of the lanes that the executor holds
 * @param sliceAdds additions for every parameter of the slice, of what executors have added up
 * @param messages blocks of parameters that it sends in a step
 * @param bytesOut bytes that it sends in a step
 * @param bytesIn bytes that it receives in a step
 */
public record Traffic(
    int executors,
    int tasks,
    int lanesOfTask,
    int parameters,
    int slice,
    int ownAdds,
    int sliceAdds,
    long messages,
    long bytesOut,
    long bytesIn) {

  /** Tasks of all executors. */
  public int allTasks() {
    return executors * tasks;
  }
}
