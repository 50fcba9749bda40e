/**
 * Synchronous SGD on Spark: the epoch and its order, the lanes of a batch, the gradient's sum,
 * evaluation. The only package of the trainer that knows Spark.
 */
@NullMarked
package minilote.trainer.spark;

import org.jspecify.annotations.NullMarked;
