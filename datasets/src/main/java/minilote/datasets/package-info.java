@NullMarked
package minilote.datasets;

import org.jspecify.annotations.NullMarked;
