package minilote.trainer.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.protocol.OneWayMessage;

/** How a task asks other JVMs for rows of a {@link SpreadSplit}, and gets their answers. */
final class RowFetcher implements Exchange.Receiver, AutoCloseable {
  private final UUID self = UUID.randomUUID();
  private final UUID split;
  private final Exchange exchange;
  private final RowPlaces places;
  private final TransportClient[] owners;
  private final RowWindow window;

  /** Connects to all owners of rows. */
  RowFetcher(
      SpreadSplit split,
      EpochOrder order,
      PartPositions positions,
      RowPlaces places,
      Exchange exchange,
      Patience patience) {
    this.split = split.id();
    this.exchange = exchange;
    this.places = places;
    this.owners = new TransportClient[places.others()];
    for (int owner = 0; owner < owners.length; owner++) {
      owners[owner] = exchange.connect(places.address(owner));
    }
    this.window =
        new RowWindow(order, positions, places, split.files().recordBytes(), this::ask, patience);
    exchange.register(self, this);
  }

  /** The rows, the first of which are being asked for. */
  Rows rows() {
    window.fill();
    return window;
  }

  private void ask(int owner, long piece, int first, long[] rows, int count) {
    ByteBuffer question = RowServer.question(split, self, owner, piece, first, rows, count);
    owners[owner]
        .getChannel()
        .writeAndFlush(new OneWayMessage(new NioManagedBuffer(question)))
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                window.fail(
                    new IOException(
                        "the one at %s cannot be asked for them: %s"
                            .formatted(places.address(owner), sent.cause()),
                        sent.cause()));
              }
            });
  }

  // ---- on the transport's threads

  @Override
  public void received(ByteBuffer message, TransportClient from) {
    byte kind = message.get();
    int owner = message.getInt();
    long piece = message.getLong();
    int first = message.getInt();
    if (kind == RowServer.ROWS) {
      window.arrived(owner, piece, first, message);
    } else {
      window.fail(
          new IOException(
              "the one at %s says: %s"
                  .formatted(places.address(owner), StandardCharsets.UTF_8.decode(message))));
    }
  }

  @Override
  public void lost(TransportClient connection) {
    for (int owner = 0; owner < owners.length; owner++) {
      if (owners[owner].getChannel() == connection.getChannel()) {
        window.fail(new IOException("the one at %s is gone".formatted(places.address(owner))));
      }
    }
  }

  @Override
  public void close() {
    exchange.unregister(self);
  }
}
