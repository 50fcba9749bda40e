package minilote.trainer.run;

import minilote.datasets.UserError;

/**
 * How the lanes' sums of a step are added over the cluster. All ways give the same bits.
 *
 * @param way which way
 * @param exchangePort where executors listen to each other: this port or one of the next, as with
 *     Spark's own ports; 0 for any
 * @param timeoutSeconds how long a task waits for another one before it takes it for lost
 * @param retries how often in a row steps are tried again after a task was lost
 */
public record Synchronization(Way way, int exchangePort, double timeoutSeconds, int retries) {
  /** The way that fits the cluster, on any port. */
  public static final Synchronization DEFAULT = new Synchronization(Way.AUTO, 0, 60, 3);

  private static final int HIGHEST_PORT = 65535;

  /** A way to add. */
  public enum Way {
    /** All-reduce where the cluster allows it, else tree aggregate. */
    AUTO,
    /** One Spark job a step: works on every cluster. */
    TREE_AGGREGATE,
    /** One barrier job for many steps, whose tasks exchange their sums: needs all slots at once. */
    ALL_REDUCE
  }

  public Synchronization {
    if (exchangePort < 0 || exchangePort > HIGHEST_PORT) {
      throw new UserError(
          "--exchange-port %d: it must be a port, 1 to %d, or 0 for any"
              .formatted(exchangePort, HIGHEST_PORT));
    }
    if (!(timeoutSeconds > 0 && timeoutSeconds < Double.POSITIVE_INFINITY)) {
      throw new UserError(
          "--exchange-timeout %s: it must be more than 0 seconds".formatted(timeoutSeconds));
    }
    if (retries < 0) {
      throw new UserError("--retries %d: it must be 0 or more".formatted(retries));
    }
  }

  /** The same, by another way. */
  public Synchronization by(Way other) {
    return new Synchronization(other, exchangePort, timeoutSeconds, retries);
  }
}
