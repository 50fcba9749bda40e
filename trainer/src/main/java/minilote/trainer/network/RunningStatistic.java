package minilote.trainer.network;

/**
 * A stretch of a network's numbers that is not trained but measured: {@code running ← (1 −
 * momentum) running + momentum value}, once a step, with the mean of what the batch's ghosts have.
 *
 * @param from its first number in the flat array
 * @param to one past the last
 * @param momentum the new value's share
 */
public record RunningStatistic(int from, int to, float momentum) {}
