package minilote.trainer.plan;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A machine whose figures are easy to reckon with. */
final class Machines {
  /** A row costs 1 ms alone, 2 ms with two tasks at work. */
  static final LaneTimes LANES =
      new LaneTimes(
          new TreeMap<>(
              Map.of(
                  1, new LaneTimes.Point(0.001, 0.002),
                  100, new LaneTimes.Point(0.1, 0.2))),
          2,
          100);

  /**
   * Adding 1 ns a number, averaging 2, updating 3; 4 ns a byte; 0.5 ms a step; 1 s a job, or half.
   */
  static final StepCosts COSTS = new StepCosts(1e-9, 2e-9, 3e-9, 4e-9, 5e-4, 0.1, 0.2, 1, 0.5);

  private Machines() {}

  static Machine machine() {
    return new Machine(
        "2026-11-21",
        "0.1.0",
        "a processor",
        2,
        "a JVM",
        "OpenBLAS",
        "dense 3 relu, dense 2 softmax",
        List.of(1, 2, 2),
        1_000_000,
        "sgd",
        LANES,
        COSTS);
  }
}
