package minilote.trainer.network;

import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;
import org.jspecify.annotations.Nullable;

/** Flattening at work: the same numbers, channel by channel. */
final class FlattenLayer implements Layer {
  private final Engine engine;
  private final int channels;
  private final int area;
  private final Units units;

  FlattenLayer(FlattenDescription flatten, Network.Place place, Workspace workspace) {
    boolean images = place.channelsLast() && ImageShape.isImage(place.inputShape());
    this.engine = workspace.engine();
    this.channels = images ? place.inputShape().get(0) : 1;
    this.area = Network.size(place.inputShape()) / channels;
    this.units =
        new Units(engine, flatten.activation(), 1, channels * area, true, workspace.maxRows());
  }

  @Override
  public Units units() {
    return units;
  }

  @Override
  public void forward(Numbers input, int rows, Pass pass) {
    engine.transpose(rows, area, channels, input, units.signal());
    units.forward(rows);
  }

  @Override
  public void backward(
      Numbers input, Numbers delta, @Nullable Numbers inputDelta, int rows, Pass pass) {
    if (inputDelta != null) {
      engine.transpose(rows, channels, area, delta, inputDelta);
    }
  }
}
