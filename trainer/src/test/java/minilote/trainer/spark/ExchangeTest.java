package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.apache.spark.network.util.TransportConf;
import org.junit.jupiter.api.Test;
import scala.Option;

class ExchangeTest {
  private static final UUID ATTEMPT = new UUID(1, 2);

  /** Remembers what it gets. */
  private static final class Listener implements Exchange.Receiver {
    final List<Integer> numbers = new CopyOnWriteArrayList<>();

    @Override
    public void received(ByteBuffer message, TransportClient from) {
      numbers.add(message.getInt());
    }

    @Override
    public void lost(TransportClient connection) {}
  }

  private static SparkConf secured() {
    return new SparkConf(false)
        .setMaster("local[1]")
        .setAppName("test")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "localhost")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.authenticate", "true")
        .set("spark.network.crypto.enabled", "true");
  }

  /** Sends a message and waits until it has been dealt with. */
  private static void send(TransportClient client, int number) {
    client.send(
        Identity.put(ByteBuffer.allocate(Identity.BYTES + Integer.BYTES), ATTEMPT)
            .putInt(number)
            .flip());
    // Behind it on the same connection; an exchange refuses to be asked, in any case.
    assertThrows(RuntimeException.class, () -> client.sendRpcSync(ByteBuffer.allocate(1), 10_000));
  }

  @Test
  void get_authenticationOn_hearsNobodyWithoutTheSecretAndEncrypts() throws Exception {
    try (JavaSparkContext spark = new JavaSparkContext(secured())) {
      Exchange exchange = Exchange.get(0);
      Listener listener = new Listener();
      exchange.register(ATTEMPT, listener);
      String address = exchange.address();
      int colon = address.lastIndexOf(':');
      TransportConf conf =
          SparkTransportConf.fromSparkConf(
              spark.getConf(), "test", 1, Option.empty(), Option.empty());
      try (TransportContext context = new TransportContext(conf, new NoOpRpcHandler());
          TransportClientFactory stranger = context.createClientFactory(List.of())) {
        send(
            stranger.createClient(
                address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
            1);
      }
      TransportClient known = exchange.connect(address);
      send(known, 2);
      assertEquals(List.of(2), listener.numbers);
      List<String> handlers = known.getChannel().pipeline().names();
      assertTrue(
          handlers.stream().anyMatch(name -> name.contains("Encryption")), handlers.toString());
    } finally {
      Exchange.stop();
    }
  }

  @Test
  void get_portTaken_listensAtTheNextThatIsFree() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int taken = other.getLocalPort();
      String address =
          SparkContexts.use("local[1]", SparkContexts.KRYO, spark -> Exchange.get(taken).address());
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      assertTrue(port > taken && port <= taken + 16, taken + " was taken, and it is at " + port);
    } finally {
      Exchange.stop();
    }
  }
}
