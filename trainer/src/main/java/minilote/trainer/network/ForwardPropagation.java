package minilote.trainer.network;

import java.util.Objects;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * A network that answers: outputs for blocks of rows. Any activation will do, also those without a
 * derivative.
 *
 * <p>One thread; nothing is allocated after construction. The engine belongs to it and is closed
 * with it.
 */
public final class ForwardPropagation implements AutoCloseable {
  private final Network network;
  private final Engine engine;
  private final int maxRows;
  private final Numbers parameters;
  private final Numbers records; // as the caller fills them, maxRows × d^(0)
  private final Numbers input; // x^(0) for the first layer, maxRows × d^(0)
  private final float[] inputs; // what the caller fills
  private final int width; // d^(0)
  private final @Nullable ImageShape image; // where the first layer works on one
  private final @Nullable Numbers gradient; // laid out as the parameters, where one learns
  private final Chain layers;

  /**
   * @param maxRows the most rows of a block
   */
  public ForwardPropagation(Network network, Engine engine, int maxRows) {
    this(network, engine, maxRows, false);
  }

  /**
   * @param learns whether there is to be a gradient
   */
  ForwardPropagation(Network network, Engine engine, int maxRows, boolean learns) {
    if (maxRows < 1) {
      throw new IllegalArgumentException("a block has at least 1 row, not " + maxRows);
    }
    this.network = network;
    this.engine = engine;
    this.maxRows = maxRows;
    this.parameters = engine.share(network.parameterCount());
    this.width = network.inputs();
    this.records = Layer.allocateRows(engine, maxRows, network.inputs());
    this.inputs = engine.values(records);
    this.image = network.imageFirst() ? ImageShape.of(network.inputShape()) : null;
    this.input =
        image == null || image.channels() == 1
            ? records
            : Layer.allocateRows(engine, maxRows, network.inputs());
    this.gradient = learns ? engine.share(network.parameterCount()) : null;
    this.layers = new Chain(network.places(), new Workspace(engine, maxRows, parameters, gradient));
  }

  public Network network() {
    return network;
  }

  /**
   * The parameters from now on, all of them, as {@link Network#tensors()} lays them out. The
   * engines that train keep the array itself and never write into it; the reference engine copies.
   */
  public void setParameters(float[] values) {
    engine.load(parameters, values);
  }

  /**
   * Where the caller puts a block: at least maxRows × {@link Network#inputs()}, row-major; images
   * channels × height × width.
   */
  public float[] inputs() {
    return inputs;
  }

  /** From the first {@code rows} rows of {@link #inputs()} to the outputs. */
  public void forward(int rows) {
    forward(rows, Pass.ANSWERING);
  }

  void forward(int rows, Pass pass) {
    begin(rows);
    layers.forward(input, rows, pass);
  }

  /** Brings what the caller has filled to the first layer's {@link #input}. */
  void begin(int rows) {
    requireRows(rows);
    engine.load(records, inputs, rows * width);
    if (image != null && input != records) {
      engine.transpose(rows, image.channels(), image.area(), records, input);
    }
  }

  void requireRows(int rows) {
    if (rows < 0 || rows > maxRows) {
      throw new IllegalArgumentException(
          "a block here has 0 to %d rows, not %d".formatted(maxRows, rows));
    }
  }

  /** Outputs of the last forward pass, rows × {@link Network#outputs()}, row-major. */
  public float[] outputs() {
    return outputs(network.layers());
  }

  /**
   * x^(ℓ) of the last forward pass, rows × d^(ℓ), row-major; layers count from 1. Images between
   * layers lie height × width × channels.
   */
  public float[] outputs(int layer) {
    return engine.values(layers.layer(layer - 1).output());
  }

  /**
   * s^(ℓ) of the last forward pass, rows × d^(ℓ), row-major; layers count from 1. Of layers that
   * work on images it may be x^(ℓ), where that tells the derivative.
   */
  public float[] signals(int layer) {
    return engine.values(layers.layer(layer - 1).signal());
  }

  Engine engine() {
    return engine;
  }

  Chain layers() {
    return layers;
  }

  /** x^(0) as the first layer takes it. */
  Numbers input() {
    return input;
  }

  Numbers parameters() {
    return parameters;
  }

  /** Of one that learns. */
  Numbers gradient() {
    return Objects.requireNonNull(gradient);
  }

  @Override
  public void close() {
    engine.close();
  }
}
