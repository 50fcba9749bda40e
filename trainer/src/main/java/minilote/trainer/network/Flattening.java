package minilote.trainer.network;

import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * Images as lists of their numbers, in the order in which users and other tools know them, channels
 * first; and the way back. Where the order is the same anyway, nothing is done.
 */
final class Flattening {
  private final Engine engine;
  private final int channels;
  private final int area;
  private final @Nullable Numbers list; // maxRows × channels × area
  private final @Nullable Numbers listDelta; // maxRows × channels × area

  private Flattening(Engine engine, int channels, int area, int maxRows) {
    this.engine = engine;
    this.channels = channels;
    this.area = area;
    boolean same = channels == 1 || area == 1;
    this.list = same ? null : Layer.allocateRows(engine, maxRows, channels * area);
    this.listDelta = same ? null : Layer.allocateRows(engine, maxRows, channels * area);
  }

  /** Of the inputs of a layer. */
  static Flattening of(Network.Place place, Engine engine, int maxRows) {
    if (place.channelsLast() && ImageShape.isImage(place.inputShape())) {
      ImageShape image = ImageShape.of(place.inputShape());
      return new Flattening(engine, image.channels(), image.area(), maxRows);
    }
    return new Flattening(engine, 1, Network.size(place.inputShape()), maxRows);
  }

  /**
   * The lists.
   *
   * @param images rows × area × channels
   * @return rows × channels × area
   */
  Numbers forward(Numbers images, int rows) {
    if (list == null) {
      return images;
    }
    engine.transpose(rows, area, channels, images, list);
    return list;
  }

  /** What {@link #forward} has returned for the same images. */
  Numbers list(Numbers images) {
    return list == null ? images : list;
  }

  /** Where derivatives by the lists are to be put, for {@link #backward} to take them from. */
  Numbers delta(Numbers imagesDelta) {
    return listDelta == null ? imagesDelta : listDelta;
  }

  /**
   * Brings derivatives by the lists to those by the images.
   *
   * @param imagesDelta rows × area × channels, written
   */
  void backward(Numbers imagesDelta, int rows) {
    if (listDelta != null) {
      engine.transpose(rows, channels, area, listDelta, imagesDelta);
    }
  }
}
