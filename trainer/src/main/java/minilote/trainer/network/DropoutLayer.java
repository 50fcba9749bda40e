package minilote.trainer.network;

import minilote.datasets.KeyedRandom;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * Dropout at work: {@code x' = m ⊙ x}, with a mask m whose numbers are 0 or 1 / (1 − rate). The
 * mask of an example is a function of its key and of the layer's number: the same in whatever block
 * of rows it is.
 */
final class DropoutLayer implements Layer {
  private static final String PURPOSE = "dropout";

  private final Engine engine;
  private final int size; // d^(ℓ)
  private final long layerKey;
  private final long kept; // of 2³²
  private final int scale; // the bits of 1 / (1 − rate)
  private final Units units; // maxRows × size
  private final @Nullable Numbers mask; // maxRows × size, where something is learned
  private final float[] values; // of the mask

  DropoutLayer(DropoutDescription dropout, Network.Place place, Workspace workspace) {
    this.engine = workspace.engine();
    this.size = Network.size(place.outputShape());
    this.layerKey = KeyedRandom.of(0, PURPOSE, place.number().keysWith()).nextLong();
    this.kept = Math.round((1 - dropout.rate()) * (1L << 32));
    this.scale = Float.floatToIntBits((float) (1 / (1 - dropout.rate())));
    this.units = new Units(engine, Activation.LINEAR, 1, size, true, workspace.maxRows());
    this.mask = workspace.allocateDeltas(size);
    this.values = mask == null ? new float[0] : engine.values(mask);
  }

  @Override
  public Units units() {
    return units;
  }

  @Override
  public void forward(Numbers input, int rows, Pass pass) {
    if (!pass.learning() || mask == null) {
      engine.copy(input, units.signal());
      return;
    }
    for (int row = 0; row < rows; row++) {
      draw(KeyedRandom.derive(pass.keys()[row], layerKey), row * size);
    }
    engine.load(mask, values, rows * size);
    engine.multiplyElements(rows, size, input, mask, units.signal());
  }

  /**
   * The mask of an example, two numbers of 64 random bits. Without a branch, which would be
   * mispredicted half the time.
   */
  private void draw(long key, int offset) {
    int i = 0;
    for (; i < size - 1; i += 2) {
      long bits = KeyedRandom.bits(key, i / 2);
      values[offset + i] = factor(bits >>> 32);
      values[offset + i + 1] = factor(bits & 0xFFFFFFFFL);
    }
    if (i < size) {
      values[offset + i] = factor(KeyedRandom.bits(key, i / 2) >>> 32);
    }
  }

  /** 1 / (1 − rate) for so many of 2³² as are kept, 0 for the others. */
  private float factor(long uniform) {
    int all = (int) ((uniform - kept) >> 63); // all bits where it is kept
    return Float.intBitsToFloat(scale & all);
  }

  @Override
  public void backward(
      Numbers input, Numbers delta, @Nullable Numbers inputDelta, int rows, Pass pass) {
    if (inputDelta != null && !pass.learning()) {
      engine.copy(delta, inputDelta);
    } else if (inputDelta != null && mask != null) {
      engine.multiplyElements(rows, size, delta, mask, inputDelta);
    }
  }
}
