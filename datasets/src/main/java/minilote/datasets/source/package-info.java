/**
 * Where examples come from: readers of CIFAR and IDX files, of folders of images, of CSV and
 * LIBSVM. Each is a {@link minilote.datasets.source.Source}: it says what it holds, then gives its
 * records one after the other, in the order of its files.
 *
 * <p>Everything read here is untrusted: sizes are checked before memory is taken for them, and what
 * is wrong is named by file and offset, or line and column.
 *
 * <p>May import: {@code minilote.datasets}, the JDK with ImageIO, Hadoop's {@code FileSystem},
 * commons-csv, Thumbnailator.
 */
@NullMarked
package minilote.datasets.source;

import org.jspecify.annotations.NullMarked;
