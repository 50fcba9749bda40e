package minilote.trainer.network;

import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;
import minilote.trainer.math.Window;
import org.jspecify.annotations.Nullable;

/** Pooling at work: the largest number or the mean of each window and channel, then θ. */
final class PoolLayer implements Layer {
  private final Engine engine;
  private final Window window;
  private final int channels;
  private final Units units; // maxRows × H' × W' × channels
  private final @Nullable Numbers places; // of the largest, maxRows × H' × W' × channels

  PoolLayer(PoolDescription pool, Network.Place place, Workspace workspace) {
    this(
        workspace.engine(),
        pool.window(ImageShape.of(place.inputShape())),
        place.inputShape().get(0),
        pool.type() == PoolDescription.Kind.MAX,
        pool.activation(),
        workspace.maxRows());
  }

  PoolLayer(GlobalAveragePoolDescription pool, Network.Place place, Workspace workspace) {
    this(
        workspace.engine(),
        GlobalAveragePoolDescription.window(ImageShape.of(place.inputShape())),
        place.inputShape().get(0),
        false,
        pool.activation(),
        workspace.maxRows());
  }

  private PoolLayer(
      Engine engine,
      Window window,
      int channels,
      boolean largest,
      Activation activation,
      int maxRows) {
    this.engine = engine;
    this.window = window;
    this.channels = channels;
    this.units = new Units(engine, activation, window.windows(), channels, true, maxRows);
    this.places = largest ? Layer.allocateRows(engine, maxRows, window.windows() * channels) : null;
    engine.prepare(window, channels, maxRows);
  }

  @Override
  public Units units() {
    return units;
  }

  @Override
  public void forward(Numbers input, int rows, Pass pass) {
    if (places != null) {
      engine.maxPool(window, channels, rows, input, units.signal(), places);
    } else {
      engine.averagePool(window, channels, rows, input, units.signal());
    }
    units.forward(rows);
  }

  @Override
  public void backward(
      Numbers input, Numbers delta, @Nullable Numbers inputDelta, int rows, Pass pass) {
    if (inputDelta == null) {
      return;
    }
    if (places != null) {
      engine.maxPoolBack(window, channels, rows, delta, places, inputDelta);
    } else {
      engine.averagePoolBack(window, channels, rows, delta, inputDelta);
    }
  }
}
