/**
 * Networks: what they are in words ({@link minilote.trainer.network.NetworkDescription}), with
 * their shapes known ({@link minilote.trainer.network.Network}), and at work: {@link
 * minilote.trainer.network.ForwardPropagation} and {@link
 * minilote.trainer.network.BackPropagation}.
 *
 * <p>A kind of layer is two files and an entry of {@link minilote.trainer.network.LayerKind}: its
 * description, and its arithmetic, forward beside backward, written once against {@link
 * minilote.trainer.math.Engine}.
 *
 * <p>May import {@code minilote.trainer.math} and {@code minilote.datasets}; never Spark.
 */
@NullMarked
package minilote.trainer.network;

import org.jspecify.annotations.NullMarked;
