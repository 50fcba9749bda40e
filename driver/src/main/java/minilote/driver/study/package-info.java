/** Studies: many runs that differ in named settings, and what their comparison says. */
@NullMarked
package minilote.driver.study;

import org.jspecify.annotations.NullMarked;
