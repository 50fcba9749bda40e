/**
 * Brings the official archives of well-known data sets over HTTP: resumed where it was cut,
 * compared with the SHA-256 that is known of them, and unpacked with distrust.
 *
 * <p>May import: {@code minilote.datasets}, the JDK, commons-compress.
 */
@NullMarked
package minilote.datasets.download;

import org.jspecify.annotations.NullMarked;
