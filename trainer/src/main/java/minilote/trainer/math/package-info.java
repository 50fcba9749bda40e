/**
 * The numbers: the kernels that layers are written against, the BLAS beneath them, and matrices as
 * people want to look at them.
 *
 * <p>Imports neither Spark nor the network: only netlib's BLAS, Breeze (inside {@link
 * minilote.trainer.math.Matrix}) and JNA.
 */
@NullMarked
package minilote.trainer.math;

import org.jspecify.annotations.NullMarked;
