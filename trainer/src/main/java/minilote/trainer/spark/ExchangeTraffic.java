package minilote.trainer.spark;

import minilote.trainer.plan.Traffic;

/** What {@link Group} and {@link Peers} do and send in a step, counted without doing it. */
public final class ExchangeTraffic {
  /**
   * The share of a lane's last part during which sums leave: while the backward pass completes the
   * gradient from its end on. Of the three products of a layer it is two, and one of the two of the
   * first layer, which mostly has most parameters.
   */
  public static final double OVERLAP = 0.5;

  private ExchangeTraffic() {}

  /**
   * Of the executor that has most of each.
   *
   * @param parameters parameters {@code P}
   * @param executors executors of the cluster
   * @param cores tasks that an executor takes at once
   * @param lanes lanes {@code L} of a batch: no more tasks than these take part
   */
  public static Traffic of(int parameters, int executors, int cores, int lanes) {
    int tasks = (int) Math.min((long) executors * cores, lanes);
    int parties = Math.min(executors, tasks);
    int[] held = lanesOfExecutors(tasks, parties, lanes);
    int[] roots = new int[parties];
    int allRoots = 0;
    int lane = 0;
    for (int executor = 0; executor < parties; executor++) {
      roots[executor] = Slices.roots(lane, lane + held[executor], lanes);
      allRoots += roots[executor];
      lane += held[executor];
    }
    Slices slices = new Slices(parameters, parties);
    int largest = 0;
    int ownAdds = 0;
    long messages = 0;
    long out = 0;
    long in = 0;
    for (int executor = 0; executor < parties; executor++) {
      int slice = slices.slice(executor).to() - slices.slice(executor).from();
      int blocks = slices.firstBlock(executor + 1) - slices.firstBlock(executor);
      long others = parties - 1L;
      largest = Math.max(largest, slice);
      ownAdds = Math.max(ownAdds, held[executor] - roots[executor]);
      messages =
          Math.max(messages, (long) (slices.blocks() - blocks) * roots[executor] + blocks * others);
      out = Math.max(out, (long) (parameters - slice) * roots[executor] + slice * others);
      in = Math.max(in, (long) slice * (allRoots - roots[executor]) + (parameters - slice));
    }
    return new Traffic(
        parties,
        (tasks + parties - 1) / parties,
        (lanes + tasks - 1) / tasks,
        parameters,
        largest,
        ownAdds,
        allRoots - 1,
        messages,
        Float.BYTES * out,
        Float.BYTES * in);
  }

  /** As {@link Muster} deals them out: in order, tasks by executor, as evenly as they can be. */
  private static int[] lanesOfExecutors(int tasks, int executors, int lanes) {
    Lanes dealt = new Lanes(lanes, lanes);
    int[] held = new int[executors];
    for (int lane = 0; lane < lanes; lane++) {
      int task = dealt.partitionOf(lane, tasks);
      held[(int) (((task + 1L) * executors - 1) / tasks)]++;
    }
    return held;
  }
}
