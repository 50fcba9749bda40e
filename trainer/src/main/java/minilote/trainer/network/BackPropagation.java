package minilote.trainer.network;

import java.util.function.IntConsumer;
import minilote.datasets.UserError;
import minilote.trainer.math.ActivationFunction;
import minilote.trainer.math.Correctness;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;

/**
 * Error and gradient in one pass: {@code E = Σ_n e_n} and {@code G^(ℓ) = Σ_n x_n^(ℓ-1) (δ_n^(ℓ))ᵀ}
 * over rows, block by block. Sums, never means: who knows how many rows there are in all divides,
 * once.
 *
 * <pre>{@code
 * backPropagation.setParameters(w);
 * backPropagation.clear();
 * for (each block) {
 *   // fill inputs() and targets() with its rows
 *   backPropagation.errorAndGradient(rows);
 * }
 * // gradient(), loss(), correct()
 * }</pre>
 *
 * <p>The sums depend on the parameters, the rows and how they are cut into blocks, and on nothing
 * else; where a layer draws, also on the rows' {@link #keys()}. A block is of whole ghosts, {@link
 * Network#ghost()} rows each, but for the last one. One thread; nothing is allocated after
 * construction. The engine belongs to it and is closed with it.
 */
public final class BackPropagation implements AutoCloseable {
  private final ForwardPropagation forward;
  private final Engine engine;
  private final Chain layers;
  private final Loss loss;
  private final Correctness correctness;
  private final int units; // d^(L)

  private final Numbers target; // maxRows × d^(L)
  private final float[] targets; // what the caller fills
  private final long[] keys; // maxRows, what the caller fills
  private final Numbers delta; // of the last layer, maxRows × d^(L)
  private final Numbers gradient; // laid out as the parameters
  private final Pass learning;
  private final Pass answering = Pass.answering();

  private boolean isClear;
  private double lossSum;
  private long correctSum;

  /** Counts as correct what suits the loss; nothing where that is a squared error. */
  public BackPropagation(Network network, Loss loss, Engine engine, int maxRows) {
    this(network, loss, loss.correctness(), engine, maxRows);
  }

  /**
   * @param correctness what {@link #correct()} counts
   * @param maxRows the most rows of a block
   * @throws UserError if a layer has no derivative, or the loss does not go with the outputs
   */
  public BackPropagation(
      Network network, Loss loss, Correctness correctness, Engine engine, int maxRows) {
    check(network, loss);
    this.forward = new ForwardPropagation(network, engine, maxRows, true);
    this.engine = engine;
    this.layers = forward.layers();
    this.loss = loss;
    this.correctness = correctness;
    this.units = network.outputs();
    this.target = Layer.allocateRows(engine, maxRows, units);
    this.targets = engine.values(target);
    this.keys = new long[maxRows];
    this.learning = Pass.learning(keys);
    this.gradient = forward.gradient();
    this.delta = Layer.allocateRows(engine, maxRows, units);
  }

  /**
   * Checks that a network can learn to make a loss small.
   *
   * @throws UserError if a layer has no derivative, or the loss does not go with the outputs
   */
  public static void check(Network network, Loss loss) {
    for (Network.Place place : network.allPlaces()) {
      requireDerivative(place.number(), place.description().activation());
    }
    loss.check(network.outputActivation());
  }

  private static void requireDerivative(LayerNumber layer, Activation activation) {
    if (!activation.differentiable()) {
      throw new UserError(
          "layer %s is %s, which has no derivative for back-propagation to learn by: use %s there"
              .formatted(
                  layer,
                  activation.word(),
                  activation.function() == ActivationFunction.SIGN ? "tanh" : "sigmoid"));
    }
  }

  /** See {@link ForwardPropagation#setParameters}. */
  public void setParameters(float[] parameters) {
    forward.setParameters(parameters);
  }

  /** See {@link ForwardPropagation#inputs()}. */
  public float[] inputs() {
    return forward.inputs();
  }

  /** Where the caller puts its targets: at least maxRows × {@link Network#outputs()}, row-major. */
  public float[] targets() {
    return targets;
  }

  /**
   * Where the caller puts a key for each row of a block, maxRows of them, by which random numbers
   * are drawn: of the example and the epoch ({@link minilote.datasets.ExampleKeys}), so that what
   * is drawn for an example does not depend on its row.
   */
  public long[] keys() {
    return keys;
  }

  /**
   * The array for the gradient's sum from now on, laid out as the parameters; what is in it counts
   * as the sum so far until {@link #clear}. The engines that train add to it; the reference engine
   * has doubles of its own, of which {@link #gradient()} tells.
   */
  public void setGradient(float[] values) {
    engine.load(gradient, values);
  }

  /** Begins new sums. */
  public void clear() {
    isClear = true; // What is there is overwritten, and need not be read.
    lossSum = 0;
    correctSum = 0;
  }

  /**
   * Forward, loss and backward over the first {@code rows} rows, as of a network that learns; adds
   * to the sums.
   */
  public void errorAndGradient(int rows) {
    errorAndGradient(rows, Pass::tellNobody);
  }

  /**
   * Forward, loss and backward over the first {@code rows} rows; adds to the sums.
   *
   * @param complete told, again and again on the way back through the layers, from which parameter
   *     on all has been added to the gradient; the loss has been from the beginning
   */
  public void errorAndGradient(int rows, IntConsumer complete) {
    errorAndGradient(rows, learning, complete);
  }

  /**
   * The same as of a network that answers: adds to the sums what {@link #error(int)} does, and the
   * gradient of just that. No unit is dropped; the running statistics are constants, and in their
   * place of the gradient is nothing but zeros. Not to be mixed with the other kind between one
   * {@link #clear} and the next.
   */
  public void errorAndGradientAnswering(int rows) {
    errorAndGradient(rows, answering, Pass::tellNobody);
  }

  private void errorAndGradient(int rows, Pass pass, IntConsumer complete) {
    pass.begin(!isClear, complete);
    error(rows, pass);
    turn(rows);
    layers.backward(forward.input(), delta, null, rows, pass);
    isClear = false;
  }

  /** From the derivatives by the outputs to those by the last layer's signals. */
  private void turn(int rows) {
    if (!loss.fused()) {
      layers.last().backwardThroughActivation(delta, rows);
    }
  }

  // ---- the same as one of several lanes, whose layers are at work side by side

  /** Before the first layer. */
  Pass begin(int rows, IntConsumer complete) {
    learning.begin(!isClear, complete);
    isClear = false;
    forward.begin(rows);
    return learning;
  }

  /** After the last layer: the loss, and its derivatives by that layer's signals. */
  void measureAndTurn(int rows) {
    measure(rows);
    turn(rows);
  }

  Chain layers() {
    return layers;
  }

  /** x^(0) as the first layer takes it. */
  Numbers input() {
    return forward.input();
  }

  /** δ^(L). */
  Numbers delta() {
    return delta;
  }

  /**
   * Forward and loss alone over the first {@code rows} rows, as of a network that answers; adds to
   * their sums.
   */
  public void error(int rows) {
    error(rows, Pass.ANSWERING);
  }

  /**
   * The same where batch normalization goes by the statistics of these rows (in their ghosts) and
   * not by the running ones: what an example is taken for depends on those beside it.
   */
  public void errorByBatch(int rows) {
    error(rows, Pass.ANSWERING_BY_BATCH);
  }

  private void error(int rows, Pass pass) {
    forward.forward(rows, pass);
    measure(rows);
  }

  private void measure(int rows) {
    engine.load(target, targets, rows * units);
    Layer last = layers.last();
    Numbers output = last.output();
    lossSum += loss.error(engine, rows, units, last.signal(), output, target, delta);
    correctSum += engine.correct(correctness, rows, units, output, target);
  }

  /** Forward alone over the first {@code rows} rows of {@link #inputs()}. */
  public void forward(int rows) {
    forward.forward(rows);
  }

  /** Outputs of the last forward pass, rows × {@link Network#outputs()}, row-major. */
  public float[] outputs() {
    return forward.outputs();
  }

  /** See {@link ForwardPropagation#outputs(int)}. */
  public float[] outputs(int layer) {
    return forward.outputs(layer);
  }

  /** See {@link ForwardPropagation#signals(int)}. */
  public float[] signals(int layer) {
    return forward.signals(layer);
  }

  /** δ^(ℓ) of the last backward pass, rows × d^(ℓ), row-major; layers count from 1. */
  public float[] deltas(int layer) {
    return engine.values(layer == forward.network().layers() ? delta : layers.delta(layer - 1));
  }

  /** Numbers of the gradient, and of the parameters. */
  public int parameterCount() {
    return gradient.length();
  }

  /** How many of them, from the first on, are trained. */
  public int trainedCount() {
    return forward.network().trainedCount();
  }

  /** The sum of the gradients of all rows since {@link #clear}, laid out as the parameters. */
  public float[] gradient() {
    return engine.values(gradientNumbers());
  }

  /** The sum of the losses of all rows since {@link #clear}. */
  public double loss() {
    return lossSum;
  }

  /** How many rows since {@link #clear} were correct. */
  public long correct() {
    return correctSum;
  }

  Numbers parameterNumbers() {
    return forward.parameters();
  }

  Numbers gradientNumbers() {
    if (isClear) { // Nothing has been added.
      engine.fill(gradient, 0);
      isClear = false;
    }
    return gradient;
  }

  @Override
  public void close() {
    forward.close();
  }
}
