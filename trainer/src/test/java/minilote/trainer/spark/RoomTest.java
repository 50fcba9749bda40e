package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import minilote.datasets.Dataset;
import minilote.datasets.UserError;
import minilote.trainer.run.Placement;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoomTest {
  @TempDir Path temporary;

  private Dataset dataset;
  private long needed;

  @BeforeEach
  void prepare() throws Exception {
    TestData.images(temporary, 90_000, 2);
    dataset = Dataset.read(new org.apache.hadoop.fs.Path(temporary.toUri()), new Configuration());
    needed = (90_000 + 45_000) * (dataset.format().recordBytes() + 4L); // A record and an id each.
  }

  @Test
  void isWhole_auto_whereAllSplitsFitTheShare() {
    assertTrue(new Room(4 * needed, 0.25).isWhole(Placement.AUTO, dataset));
    assertFalse(new Room(4 * needed - 4, 0.25).isWhole(Placement.AUTO, dataset));
  }

  @Test
  void isWhole_asked_isAsAsked() {
    assertTrue(new Room(needed + 1, 0.25).isWhole(Placement.WHOLE, dataset));
    assertFalse(new Room(100 * needed, 0.25).isWhole(Placement.SPREAD, dataset));
  }

  @Test
  void isWhole_askedAndImpossible_isTheUsersMistake() {
    UserError error =
        assertThrows(
            UserError.class, () -> new Room(2 << 20, 0.25).isWhole(Placement.WHOLE, dataset));
    assertEquals(
        "--placement whole: the examples take 3 MiB, and each executor has 2 MiB of memory; --placement spread divides them among the executors",
        error.getMessage());
  }

  @Test
  void of_localMaster_isHalfOfThisJvm() throws Exception {
    SparkContexts.use(
        "local[1]",
        spark -> {
          assertEquals(new Room(Runtime.getRuntime().maxMemory(), 0.5), Room.of(spark));
          return null;
        });
  }

  @Test
  void ofExecutor_anyWayToWriteItsMemory_isAQuarterOfIt() {
    SparkConf conf = new SparkConf(false);
    assertEquals(new Room(1L << 30, 0.25), Room.ofExecutor(conf), "Spark's default");
    for (String memory : List.of("1536m", "1536", "1572864k")) {
      conf.set("spark.executor.memory", memory);
      assertEquals(new Room(1536L << 20, 0.25), Room.ofExecutor(conf), memory);
    }
  }
}
