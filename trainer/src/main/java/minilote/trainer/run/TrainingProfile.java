package minilote.trainer.run;

import java.util.Map;

/**
 * Where the time of a training's steps went, evaluation and checkpoints apart.
 *
 * @param tasks tasks side by side
 * @param steps how many steps
 * @param secondsPerStep the mean time of a step, everything included
 * @param shares of the tasks' time, by what it went into; "spark" is what no task had
 */
public record TrainingProfile(
    int tasks, long steps, double secondsPerStep, Map<String, Double> shares) {}
