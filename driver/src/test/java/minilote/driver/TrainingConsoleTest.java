package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.run.RunDescription;
import minilote.trainer.run.TrainingProfile;
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

  @Test
  void started_resumedWithinAnEpoch_saysAfterWhichUpdate() {
    Network network = Network.of(NetworkDescription.parse("dense 2 softmax"), List.of(3));
    StringWriter err = new StringWriter();
    try (TrainingConsole console = new TrainingConsole(new PrintWriter(err), false, 4)) {
      console.started(
          new RunDescription(
              network, "images", 90, 10, 0, 10, 2, 2, 2, "all-reduce", 9, "OpenBLAS", 13),
          List.of());
    }
    assertTrue(err.toString().contains("Going on after 13 updates, in epoch 2.\n"), err.toString());
  }

  @Test
  void profileText_ofShares_saysWhatTheyAreWithin80Columns() {
    Map<String, Double> shares = Map.of("products", 0.75, "waiting", 0.25, "exchange", 0.0);
    assertEquals(
        """
        An update took 2.00 ms on 2 tasks; of the tasks' time went into
          products     75.0 %  ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆       products of matrices
          waiting      25.0 %  ▆▆▆▆▆▆                   for tasks, or for what they send""",
        TrainingConsole.profileText(new TrainingProfile(2, 10, 0.002, shares)));
  }
}
