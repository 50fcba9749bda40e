package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import minilote.datasets.UserError;
import minilote.trainer.run.Synchronization;
import minilote.trainer.run.Synchronization.Way;
import org.junit.jupiter.api.Test;

class SynchronizersTest {
  private static final Synchronization AUTO = Synchronization.DEFAULT;

  @Test
  void choose_auto_isAllReduceUnlessTheAllocationIsDynamic() {
    assertEquals(
        "all-reduce (one job for many updates)", Synchronizers.choose(false, AUTO).describe());
    assertEquals(
        "tree-aggregate (a job an update, since the allocation is dynamic)",
        Synchronizers.choose(true, AUTO).describe());
  }

  @Test
  void choose_asked_isWhatWasAskedForAndSaysSo() {
    for (boolean dynamic : new boolean[] {false, true}) {
      assertEquals(
          "tree-aggregate (as asked for)",
          Synchronizers.choose(dynamic, AUTO.by(Way.TREE_AGGREGATE)).describe());
    }
    assertEquals(
        "all-reduce (as asked for)",
        Synchronizers.choose(false, AUTO.by(Way.ALL_REDUCE)).describe());
  }

  @Test
  void choose_allReduceWithDynamicAllocation_isRefusedWithTheRemedy() {
    UserError error =
        assertThrows(UserError.class, () -> Synchronizers.choose(true, AUTO.by(Way.ALL_REDUCE)));
    assertTrue(
        error.getMessage().startsWith("--synchronizer all-reduce: it needs all its slots at once"),
        error.getMessage());
    assertTrue(error.getMessage().contains("spark.dynamicAllocation.enabled"), error.getMessage());
  }

  @Test
  void choose_localWithDynamicAllocationInItsSettings_isAllReduce() throws Exception {
    Way way =
        SparkContexts.use(
            "local[1]",
            spark -> {
              spark.sc().conf().set("spark.dynamicAllocation.enabled", "true");
              return Synchronizers.choose(spark, AUTO).way();
            });
    assertEquals(Way.ALL_REDUCE, way);
  }
}
