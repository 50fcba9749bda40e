/**
 * The program {@code minilote}: its commands, what they show while they work, and how they end.
 * Imports {@code minilote.trainer} and {@code minilote.datasets}; nothing imports it.
 *
 * <p>A class a command. {@link minilote.driver.Minilote} puts them together, {@link
 * minilote.driver.Failure} turns whatever goes wrong into one sentence and an exit code.
 */
@NullMarked
package minilote.driver;

import org.jspecify.annotations.NullMarked;
