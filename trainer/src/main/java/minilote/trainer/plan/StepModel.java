package minilote.trainer.plan;

/**
 * How long a step of all-reduce takes: arithmetic on what was measured ({@link Machine}), what has
 * to be done and sent ({@link Traffic}), and what connects executors ({@link Link}).
 *
 * <p>A step of a batch of {@code B} examples in {@code L} lanes, on {@code E} executors with {@code
 * m} tasks each:
 *
 * <pre>
 * step     = compute + update + exchange + waiting + job
 * compute  = lanes of a task · t(⌈B/L⌉ rows, tasks at work on the machine)
 * update   = (P · own adds · add + S · (slice adds · add + average + update)) / m
 * exchange = max(wire, handling) + min(wire, handling) / messages + rounds · latency + per step
 *   wire     = bytes out / (0.95 · bandwidth) − overlap · t(last part), at least half
 *   handling = (bytes out + bytes in) · per byte
 * waiting  = compute · share · √(ln tasks / ln 2)
 * </pre>
 *
 * <p>{@code P} are the parameters and {@code S} those of the largest slice. Sums go out while
 * weights of the step before have come, so wire and handling work on different blocks at the same
 * time: the slower one decides, and the other one shows with its first block only. With {@code E} a
 * power of two, an executor sends and gets {@code 2 (E−1)/E · 4P} bytes; with others more, as its
 * lanes make several subtrees. Handling is not divided by the cores: one thread takes what arrives.
 * The largest of {@code n} waits that vary at random grows as {@code √ln n} (of Gaussian ones; H.
 * Cramér, Mathematical Methods of Statistics, 1946, section 28.6). Of the sums, which are half of
 * what is sent, those are on their way early that the backward pass over the last part of the last
 * lane has completed; weights are not.
 *
 * @param machine what was measured
 * @param link what connects executors
 * @param executorsOfMachine executors that share a machine's processor; each has a link of its own
 * @param overlap the share of the computing of a lane's last part during which sums leave; 0 where
 *     they leave when all lanes are done
 */
public record StepModel(Machine machine, Link link, int executorsOfMachine, double overlap) {
  /** What Ethernet, IP and TCP leave of a link, with frames of 1,500 bytes. */
  static final double PAYLOAD = 0.95;

  /** Sums go out, weights come back. */
  private static final int ROUNDS = 2;

  /**
   * A step.
   *
   * @param traffic of its executors and lanes
   * @param batch examples {@code B}
   * @param lanes lanes {@code L}
   * @param job what the job that the step is of takes besides its steps, divided by their number
   */
  public StepTime predict(Traffic traffic, int batch, int lanes, double job) {
    StepCosts costs = machine.costs();
    int rows = (int) ((batch - 1L + lanes) / lanes);
    int atWork = traffic.tasks() * Math.min(traffic.executors(), executorsOfMachine);
    double compute = traffic.lanesOfTask() * machine.lanes().seconds(rows, atWork);
    double adding = (double) traffic.parameters() * traffic.ownAdds() * costs.add();
    double updating =
        traffic.slice() * (traffic.sliceAdds() * costs.add() + costs.average() + costs.update());
    return new StepTime(
        compute,
        (adding + updating) / traffic.tasks(),
        exchange(traffic, machine.lanes().lastPart(rows, atWork)),
        compute * waitShare(traffic),
        job);
  }

  private double exchange(Traffic traffic, double lastPart) {
    if (traffic.executors() == 1) {
      return 0;
    }
    double whole = traffic.bytesOut() / (PAYLOAD * link.bandwidth());
    double wire = Math.max(whole / ROUNDS, whole - overlap * lastPart);
    double handling = (traffic.bytesOut() + traffic.bytesIn()) * machine.costs().exchangeByte();
    return Math.max(wire, handling)
        + Math.min(wire, handling) / Math.max(1, traffic.messages())
        + ROUNDS * link.latency()
        + machine.costs().exchangeStep();
  }

  private double waitShare(Traffic traffic) {
    int tasks = traffic.allTasks();
    if (tasks == 1) {
      return 0;
    }
    double share =
        traffic.executors() == 1 ? machine.costs().taskWait() : machine.costs().executorWait();
    return share * Math.sqrt(Math.log(tasks) / Math.log(2));
  }
}
