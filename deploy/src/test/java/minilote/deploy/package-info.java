/**
 * Tests of what is shipped, as users run it: minilote.jar under Spark in processes of their own,
 * and the programs of the folder deploy. They import nothing of Minilote.
 */
@NullMarked
package minilote.deploy;

import org.jspecify.annotations.NullMarked;
