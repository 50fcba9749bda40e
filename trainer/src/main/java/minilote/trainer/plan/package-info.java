/**
 * How long a step of training would take on a cluster that is not here: what was measured on one
 * machine, what has to be sent, and the arithmetic that puts them together. Pure functions and
 * records; what is measured, and how, is in {@code minilote.trainer.spark}.
 */
@NullMarked
package minilote.trainer.plan;

import org.jspecify.annotations.NullMarked;
