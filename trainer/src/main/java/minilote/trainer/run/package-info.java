/**
 * A run: its settings, its folder, checkpoints, metrics and the model that it leaves. May import
 * the network, the optimizers and the data sets; knows nothing of Spark.
 */
@NullMarked
package minilote.trainer.run;

import org.jspecify.annotations.NullMarked;
