package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import minilote.datasets.UserError;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import org.junit.jupiter.api.Test;

class AnswerStatisticsTest {
  private static final Network PLAIN = network("dense 2 relu, dense 2 softmax");
  private static final Network NORMALIZED = network("dense 2, batchnorm relu, dense 2 softmax");

  private static Network network(String words) {
    return Network.of(NetworkDescription.parse(words), List.of(3));
  }

  @Test
  void of_aNetworkWithoutNormalization_refusesTheBatch() {
    assertEquals(AnswerStatistics.RUNNING, AnswerStatistics.RUNNING.of(PLAIN));
    assertEquals(AnswerStatistics.BATCH, AnswerStatistics.BATCH.of(NORMALIZED));
    assertEquals(
        "--statistics batch: the network has no batch normalization",
        assertThrows(UserError.class, () -> AnswerStatistics.BATCH.of(PLAIN)).getMessage());
  }

  @Test
  void between_minima_isTheBatchWhereNetworksNormalize() {
    assertEquals(AnswerStatistics.RUNNING, AnswerStatistics.between(PLAIN));
    assertEquals(AnswerStatistics.BATCH, AnswerStatistics.between(NORMALIZED));
  }
}
