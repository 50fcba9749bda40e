/**
 * Measures of the minimum that a run has found, as mathematics: of a function of weights that is
 * given ({@link minilote.trainer.measure.Objective}, {@link minilote.trainer.measure.Scorer}).
 * Imports networks, for how their weights lie, and knows nothing of Spark, on which {@code
 * minilote.trainer.spark.Landscape} computes that function.
 */
@NullMarked
package minilote.trainer.measure;

import org.jspecify.annotations.NullMarked;
