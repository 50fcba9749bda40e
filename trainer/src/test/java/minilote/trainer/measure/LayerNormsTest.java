package minilote.trainer.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import org.junit.jupiter.api.Test;

class LayerNormsTest {
  @Test
  void of_layers_areNormsOfTheirWeightsAndNoStatistics() {
    Network network =
        Network.of(NetworkDescription.parse("dense 1, batchnorm, dense 1"), List.of(1));
    float[] w = {3, 4, 1, 0, 12, 5, 100, 100};
    float[] first = {3, 1, 1, 2, 12, 9, 0, 1};
    double[] gradient = {0.3, 0.4, 0, 2, 1, 0};
    LayerNorms norms =
        LayerNorms.of(
            network,
            w,
            first,
            0.5,
            gradient,
            List.of(new Sensitivity(1, 7, 8), new Sensitivity(3, 9, 10)));
    assertEquals(
        "{\"loss\":0.5,\"weights\":6,\"norm\":13.96424004376894,\"distance\":5.385164807134504,"
            + "\"gradient_norm\":2.29128784747792,\"layers\":["
            + "{\"layer\":\"1\",\"weights\":2,\"norm\":5.0,\"distance\":3.0,\"gradient_norm\":0.5,"
            + "\"speed\":7.0,\"sensitivity\":8.0},"
            + "{\"layer\":\"2\",\"weights\":2,\"norm\":1.0,\"distance\":2.0,\"gradient_norm\":2.0,"
            + "\"speed\":null,\"sensitivity\":null},"
            + "{\"layer\":\"3\",\"weights\":2,\"norm\":13.0,\"distance\":4.0,\"gradient_norm\":1.0,"
            + "\"speed\":9.0,\"sensitivity\":10.0}]}",
        norms.toJson().toString());
    LayerNorms unknown = LayerNorms.of(network, w, null, 0.5, gradient, List.of());
    assertNull(unknown.all().distance());
    assertNull(unknown.layers().get(0).distance());
  }
}
