package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.run.RunDescription;
import org.junit.jupiter.api.Test;

class TrainingConsoleTest {
  /** The first update waits for all examples to be read, which is long where there are many. */
  @Test
  void started_onATerminal_saysWhatIsWaitedForBeforeTheFirstUpdate() throws Exception {
    Network network = Network.of(NetworkDescription.parse("dense 2 softmax"), List.of(3));
    StringWriter err = new StringWriter();
    try (TrainingConsole console = new TrainingConsole(new PrintWriter(err), true, 4)) {
      console.started(
          new RunDescription(
              network, "images", 90, 10, 0, 10, 2, 2, 2, "all-reduce", 9, "OpenBLAS", 0),
          List.of());
      // The bar is drawn by a thread of its own.
      for (int i = 0; i < 200 && !err.toString().contains("reading the examples"); i++) {
        Thread.sleep(50);
      }
    }
    String drawn = err.toString().replace('\r', '\n');
    assertTrue(
        drawn.lines().anyMatch(l -> l.contains("reading the examples") && l.contains("0 %")),
        drawn);
  }
}
