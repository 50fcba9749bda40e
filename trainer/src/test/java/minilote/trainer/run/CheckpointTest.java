package minilote.trainer.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import minilote.datasets.UserError;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.run.Checkpoint.Position;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written as a checkpoint is found again as one, whatever its numbers. */
class CheckpointTest {
  private static final Network NETWORK =
      Network.of(NetworkDescription.parse("dense 1 linear"), List.of(2));
  private static final String SETTINGS = "some settings";

  @TempDir Path folder;

  private RunFolder run() {
    return new RunFolder(new org.apache.hadoop.fs.Path(folder.toUri()), new Configuration());
  }

  private static Checkpoint checkpoint(long step, double loss) {
    GradientNoise noise = new GradientNoise(loss, 3 - loss, 2 * loss, 0.01);
    Position position =
        new Position(1, 0, step, 10, loss, 0, 10, 1, step, loss, 1, loss, false, noise);
    return new Checkpoint(position, new float[] {1, step, -0.0f}, Map.of("m", new float[] {3}));
  }

  private Checkpoint newest() throws Exception {
    List<String> refused = new ArrayList<>();
    Checkpoint found = run().newestCheckpoint(NETWORK, SETTINGS, refused::add);
    assertEquals(List.of(), refused);
    assertNotNull(found);
    return found;
  }

  /**
   * Whole, tiny and huge numbers are written by Java otherwise than they come out of a JSON
   * library: 2.0 as 2, 2.5E-4 as 0.00025, 1.25E8 as 1.25E+8. Losses are such numbers, and a
   * checkpoint must not be refused for it.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0, 2, 100, 0.1, 2.5e-4, 1e-7, 12345678.9, 1.25e8, 1e22, 4.9e-324})
  void read_anyLoss_isTheCheckpointWritten(double loss) throws Exception {
    Checkpoint written = checkpoint(7, loss);
    run().writeCheckpoint(written, NETWORK, SETTINGS);

    Checkpoint read = newest();

    assertEquals(written.position(), read.position());
    assertArrayEquals(written.parameters(), read.parameters());
  }

  @Test
  void read_numberChanged_isRefused() throws Exception {
    run().writeCheckpoint(checkpoint(7, 2.5e-4), NETWORK, SETTINGS);
    Path manifest = folder.resolve("checkpoints/step-000000000007/manifest.json");
    String text = java.nio.file.Files.readString(manifest);
    java.nio.file.Files.writeString(
        manifest, text.replace("\"loss_sum\" : 2.5E-4", "\"loss_sum\" : 2.6E-4"));

    List<String> refused = new ArrayList<>();

    assertNull(run().newestCheckpoint(NETWORK, SETTINGS, refused::add));
    assertEquals(1, refused.size());
    assertTrue(refused.get(0).contains("digest"), refused.get(0));
  }

  /**
   * A crash leaves an unfinished folder of a later step; the run goes on from an earlier one and
   * writes its next checkpoint before that step is reached again. Counted as the newest, the
   * unfinished one would have the only whole one pruned.
   */
  @Test
  void prune_unfinishedOneOfALaterStep_doesNotCount() throws Exception {
    run().writeCheckpoint(checkpoint(10, 1), NETWORK, SETTINGS);
    java.nio.file.Files.createDirectories(folder.resolve("checkpoints/step-000000000020"));

    run().writeCheckpoint(checkpoint(15, 1), NETWORK, SETTINGS);
    run().prune(1, 0);

    assertEquals(15, newest().position().step());
  }

  /** Those in the middle of an epoch are of none. */
  @Test
  void checkpointAfter_anEpoch_isTheOneAtItsEnd() throws Exception {
    run().writeRun(minilote.datasets.Json.object());
    for (int step = 5; step <= 20; step += 5) {
      GradientNoise noise = GradientNoise.NONE;
      Position position =
          new Position(step / 10, step % 10, step, 10, 0, 0, 0, 0, 0, null, 1, 0, false, noise);
      run()
          .writeCheckpoint(
              new Checkpoint(position, new float[] {1, step, 3}, Map.of("m", new float[] {7})),
              NETWORK,
              SETTINGS);
    }
    org.apache.hadoop.fs.Path first = run().checkpointAfter(1);
    assertEquals("step-000000000010", first.getName());
    InitialWeights weights = InitialWeights.read(first, NETWORK, new Configuration());
    assertArrayEquals(new float[] {1, 10, 3}, weights.parameters());
    assertEquals(1, weights.epoch());
    assertEquals("step-000000000020", run().checkpointAfter(2).getName());
    UserError none = assertThrows(UserError.class, () -> run().checkpointAfter(3));
    assertTrue(
        none.getMessage().contains("has no checkpoint of this epoch, only of 1, 2;"),
        none.getMessage());

    Network deeper = Network.of(NetworkDescription.parse("dense 1, dense 1 linear"), List.of(2));
    UserError other =
        assertThrows(
            UserError.class, () -> InitialWeights.read(first, deeper, new Configuration()));
    assertEquals(
        "--init %s: its network has other weights than \"%s\""
            .formatted(first, deeper.description().toWords()),
        other.getMessage());
  }

  /** Folders' names are found again by their digits, which in Egypt would not be 0 to 9. */
  @Test
  void newestCheckpoint_localeWithOtherDigits_isFound() throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      run().writeCheckpoint(checkpoint(10, 1), NETWORK, SETTINGS);
      assertEquals(10, newest().position().step());
    } finally {
      Locale.setDefault(before);
    }
  }

  /** Not every failure is an {@code IOException}: content may come from a Spark job. */
  @Test
  void write_contentFails_leavesNothingBehind() throws Exception {
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(folder.toUri().toString(), "out.csv");

    assertThrows(
        IllegalStateException.class,
        () ->
            Files.write(
                file,
                out -> {
                  throw new IllegalStateException("the job failed");
                },
                new Configuration()));

    try (Stream<Path> left = java.nio.file.Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
