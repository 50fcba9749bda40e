package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.optimizer.Course;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;
import minilote.trainer.run.TrainingSettings;
import org.apache.spark.network.client.TransportClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateTransferTest {
  private static final int COUNT = 4;
  private static final double SECONDS = 20;

  /** More than one frame an array. */
  private final Network network =
      Network.of(NetworkDescription.parse("dense 9000 tanh, dense 3 softmax"), List.of(18));

  private final TrainingSettings settings =
      Trainings.settings(
          Path.of("/nowhere"),
          COUNT,
          1,
          "network",
          "\"dense 9000 tanh, dense 3 softmax\"",
          "optimizer",
          OptimizerSettings.of(UpdateRule.ADAM).toJson().toString());

  private TrainingState state() {
    return new TrainingState(
        network, settings, new Course(10 * COUNT, COUNT, 2), new float[network.parameterCount()]);
  }

  @AfterEach
  void stop() {
    Exchange.stop();
  }

  @Test
  void ask_driverHasState_isThere() throws Exception {
    TrainingState before = state();
    List<float[]> arrays = before.arrays();
    for (int array = 0; array < arrays.size(); array++) {
      for (int i = 0; i < arrays.get(array).length; i++) {
        arrays.get(array)[i] = array + 1f / (i + 1);
      }
    }
    UUID attempt = UUID.randomUUID();
    SparkContexts.use(
        "local[1]",
        SparkContexts.KRYO,
        spark -> {
          Exchange exchange = Exchange.get(0);
          exchange.register(
              attempt,
              new DriverLink(
                  attempt,
                  1,
                  new StepLog(1),
                  before,
                  new StateTransfer(List.of(), "nobody"),
                  new Patience(null, SECONDS)));
          for (int time = 0; time < 2; time++) {
            TrainingState after = state();
            StateTransfer.ask(exchange.connectAlone(exchange.address()), attempt, after, SECONDS);
            for (int array = 0; array < arrays.size(); array++) {
              assertArrayEquals(arrays.get(array), after.arrays().get(array));
            }
          }
          return null;
        });
  }

  @Test
  void ask_driverHangsUp_fails() throws Exception {
    UUID attempt = UUID.randomUUID();
    SparkContexts.use(
        "local[1]",
        SparkContexts.KRYO,
        spark -> {
          Exchange exchange = Exchange.get(0);
          exchange.register(
              attempt,
              new Exchange.Receiver() {
                @Override
                public void received(ByteBuffer message, TransportClient from) {
                  from.close();
                }

                @Override
                public void lost(TransportClient connection) {}
              });
          TrainingState after = state();
          AttemptFailed failed =
              assertThrows(
                  AttemptFailed.class,
                  () ->
                      StateTransfer.ask(
                          exchange.connectAlone(exchange.address()), attempt, after, SECONDS));
          String numbers = "%,d numbers".formatted(3 * network.parameterCount());
          assertTrue(failed.reason().startsWith(numbers), failed.reason());
          assertEquals("the driver sends no more", failed.getCause().getCause().getMessage());
          return null;
        });
  }
}
