@NullMarked
package minilote.trainer;

import org.jspecify.annotations.NullMarked;
