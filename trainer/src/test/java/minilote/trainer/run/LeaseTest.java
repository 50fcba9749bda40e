package minilote.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
  @TempDir Path temporary;
  private final List<String> said = new ArrayList<>();

  private RunFolder folder() {
    return new RunFolder(
        new org.apache.hadoop.fs.Path(temporary.resolve("run").toUri()), new Configuration());
  }

  private Path file() {
    return temporary.resolve("run/lease.json");
  }

  /** A lease that was held, and is found with these changes. */
  private void leave(String... changes) throws IOException {
    String text;
    try (Lease lease = folder().lease(said::add)) {
      text = Files.readString(file());
      assertFalse(lease.isLost());
    }
    Files.createDirectories(file().getParent());
    ObjectNode json = Json.parse(text);
    for (int i = 0; i < changes.length; i += 2) {
      json.set(changes[i], Json.parse("{\"it\": " + changes[i + 1] + "}").get("it"));
    }
    Files.writeString(file(), json.toString());
  }

  private static String ago(long seconds) {
    return "\"" + Instant.now().minusSeconds(seconds) + "\"";
  }

  @Test
  void lease_heldByAProcess_isRefusedToOthersUntilItIsClosed() throws IOException {
    try (Lease lease = folder().lease(said::add)) {
      UserError second = assertThrows(UserError.class, () -> folder().lease(said::add));
      assertTrue(
          second
              .getMessage()
              .matches(
                  "--out file:.*/run/?: process %d on .+ is training in it; .*"
                      .formatted(ProcessHandle.current().pid())),
          second.getMessage());
      assertThrows(UserError.class, () -> folder().requireFree());
      lease.renew();
      assertFalse(lease.isLost());
    }
    assertTrue(Files.notExists(file().getParent()), "nothing was begun, and nothing is left");
    folder().requireFree();
    folder().lease(said::add).close();
    assertEquals(List.of(), said);
  }

  @Test
  void lease_ofAProcessOfThisMachineThatHasEnded_isTakenOverAtOnce() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    leave("pid", Long.toString(ended.pid()));
    folder().requireFree();
    folder().lease(said::add).close();
    assertEquals(1, said.size());
    assertTrue(
        said.get(0).startsWith("the run is taken over from process " + ended.pid() + " on "),
        said.get(0));
  }

  /** The number of a process that has ended may be another's by now, which began later. */
  @Test
  void lease_ofAnOlderProcessWithOurNumber_isTakenOver() throws IOException {
    leave("started", "1000");
    folder().lease(said::add).close();
    assertEquals(1, said.size());
  }

  @Test
  void lease_ofAnotherMachine_isTakenOverWhenItIsNoLongerRenewed() throws IOException {
    leave("host", "\"elsewhere\"", "renewed", ago(100));
    UserError refused = assertThrows(UserError.class, () -> folder().lease(said::add));
    assertTrue(refused.getMessage().contains(" on elsewhere is training"), refused.getMessage());
    Files.delete(file());
    leave("host", "\"elsewhere\"", "renewed", ago(130));
    folder().lease(said::add).close();
    assertEquals(1, said.size());
  }

  /** What two processes that took over the same stale lease find when they look again. */
  @Test
  void renew_anothersTokenIsThere_isLostAndLeavesItAlone() throws IOException {
    Lease lease = folder().lease(said::add);
    String others =
        Files.readString(file()).replaceFirst("\"token\" : \"....", "\"token\" : \"zzzz");
    Files.writeString(file(), others);
    lease.renew();
    assertTrue(lease.isLost());
    lease.close();
    assertEquals(others, Files.readString(file()));
  }

  @Test
  void lease_damaged_isRefusedUntilItIsOld() throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "");
    UserError damaged = assertThrows(UserError.class, () -> folder().lease(said::add));
    assertTrue(damaged.getMessage().contains("lease.json is damaged; remove it"));
    Files.setLastModifiedTime(
        file(), java.nio.file.attribute.FileTime.from(Instant.now().minusSeconds(130)));
    folder().lease(said::add).close();
    assertEquals(1, said.size());
  }
}
