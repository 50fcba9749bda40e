package minilote.benchmark;

import java.io.IOException;

/** Who trains: Minilote or a peer. */
interface Contender {
  /** As in tables and in {@code --peers}: minilote, plain, libtorch. */
  String name();

  /** Does the work in a process of its own and waits for its end. */
  Outcome run(Work work) throws IOException, InterruptedException;
}
