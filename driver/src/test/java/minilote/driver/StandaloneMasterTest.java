package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandaloneMasterTest {
  private static final Output OUTPUT =
      new Output(new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), false);

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  /** A port on which nobody listens. */
  private static int closed() throws IOException {
    try (ServerSocket socket = listening()) {
      return socket.getLocalPort();
    }
  }

  @Test
  void await_nobodyListensThere_saysSo() throws IOException {
    String master = "spark://localhost:" + closed();
    ClusterLost lost =
        assertThrows(ClusterLost.class, () -> StandaloneMaster.await(master, 1, OUTPUT));
    assertEquals(master + " does not answer: is a master running there?", lost.getMessage());
  }

  @Test
  void await_secondOfTwoMastersListens_goesOn() throws IOException {
    try (ServerSocket socket = listening()) {
      String master =
          "spark://localhost:%d,localhost:%d".formatted(closed(), socket.getLocalPort());
      assertDoesNotThrow(() -> StandaloneMaster.await(master, 0, OUTPUT));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"local[2]", "yarn", "k8s://https://localhost:1", "spark://", "spark://a"})
  void await_noMasterOfWhichItKnowsWhereItListens_leavesItToSpark(String master) {
    assertDoesNotThrow(() -> StandaloneMaster.await(master, 0, OUTPUT));
  }
}
