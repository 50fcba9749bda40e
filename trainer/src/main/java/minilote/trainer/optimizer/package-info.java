/**
 * How weights follow gradients: update rules, weight decay, clipping of gradients, and the learning
 * rate's course over a run.
 *
 * <p>Knows flat arrays and nothing of networks or of Spark. Imports {@code minilote.datasets} for
 * its errors, and {@code minilote.trainer.math} for sums.
 */
@NullMarked
package minilote.trainer.optimizer;

import org.jspecify.annotations.NullMarked;
