/**
 * What {@code deploy/benchmark} runs: Minilote and its peers on the same networks and batches, in
 * turn, on one machine. Peers are dependencies of this package alone.
 */
@NullMarked
package minilote.benchmark;

import org.jspecify.annotations.NullMarked;
