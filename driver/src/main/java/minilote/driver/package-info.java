@NullMarked
package minilote.driver;

import org.jspecify.annotations.NullMarked;
