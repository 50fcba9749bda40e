/**
 * Examples: what a prepared data set is, and how its records are read, put in order and normalized.
 *
 * <p>A prepared data set is a folder (any Hadoop URI) with a {@code dataset.json} ({@link
 * minilote.datasets.Dataset}) and splits of shards, files of fixed-length records ({@link
 * minilote.datasets.RecordFormat}). Everything random in the project is a function of a seed, a
 * purpose and some keys ({@link minilote.datasets.KeyedRandom}, {@link
 * minilote.datasets.KeyedPermutation}), never of a thread, a partition or the time.
 *
 * <p>May import: the JDK, Hadoop's {@code FileSystem}, Jackson. Nothing of Spark, nothing of {@code
 * minilote.trainer} or {@code minilote.driver}. Sub-packages build on this package, never the other
 * way round.
 */
@NullMarked
package minilote.datasets;

import org.jspecify.annotations.NullMarked;
