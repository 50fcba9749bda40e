/**
 * Brings a data set into shards: {@link minilote.datasets.prepare.Preparation} is what {@code
 * minilote prepare} does.
 *
 * <p>May import: {@code minilote.datasets} and its other sub-packages, the JDK, Hadoop's {@code
 * FileSystem}, Jackson.
 */
@NullMarked
package minilote.datasets.prepare;

import org.jspecify.annotations.NullMarked;
