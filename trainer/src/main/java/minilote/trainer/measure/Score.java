package minilote.trainer.measure;

import java.util.OptionalDouble;

/**
 * How a network does on a set of examples.
 *
 * @param loss the mean loss of an example
 * @param accuracy the share classified rightly; empty where the targets are numbers
 */
public record Score(double loss, OptionalDouble accuracy) {}
