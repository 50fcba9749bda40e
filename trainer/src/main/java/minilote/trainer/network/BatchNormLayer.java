package minilote.trainer.network;

import java.util.List;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Ghosts;
import minilote.trainer.math.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalization at work: {@code s = γ (x − μ) / √(σ² + ε) + β}, {@code x' = θ(s)}, with the
 * mean and variance of each ghost of the block where rows are learned from, and with the running
 * ones elsewhere.
 *
 * <p>In the gradient the running statistics' places collect what each ghost was measured to have,
 * times its examples: so it goes to the batch's sum with the derivatives, along the same tree, and
 * the update makes the running ones of it. It is there when the forward pass has ended, before
 * anything is said to be complete.
 *
 * <p>A block begins with a ghost, and so does a lane: no ghost is in two. Where the whole batch is
 * one ghost and has several lanes, these go {@link SideBySide}, and exchange their statistics half
 * way through the layer, forward and back; each lane then has what the whole batch was measured to
 * have, times the lane's examples, in its gradient.
 */
final class BatchNormLayer implements Layer {
  private final Engine engine;
  private final Ghosts ghosts;
  private final float epsilon;
  private final int first; // of its parameters, among the network's
  private final Numbers gamma; // channels
  private final Numbers beta; // channels
  private final Numbers runningMean; // channels
  private final Numbers runningVariance; // channels
  private final List<Numbers> gradient; // of these four
  private final Numbers means; // ghosts × channels
  private final Numbers inverses; // 1 / √(σ² + ε), ghosts × channels
  private final double[] sums; // 2 × channels, of a pass by running statistics
  private final double[] noSums; // 2 × channels, zeros
  private final Units units; // maxRows × pixels × channels

  BatchNormLayer(BatchNormDescription norm, Network.Place place, Workspace workspace) {
    List<Integer> shape = place.inputShape();
    int channels = BatchNormDescription.channels(shape);
    int pixels = Network.size(shape) / channels;
    int maxRows = workspace.maxRows();
    this.engine = workspace.engine();
    // A whole batch is one block, and one ghost of as many rows.
    this.ghosts = new Ghosts(norm.ghost(), pixels, channels);
    this.epsilon = (float) norm.epsilon();
    this.first = place.tensors().get(0).offset();
    List<Numbers> parameters = workspace.parameters(place);
    this.gamma = parameters.get(0);
    this.beta = parameters.get(1);
    this.runningMean = parameters.get(2);
    this.runningVariance = parameters.get(3);
    this.gradient = workspace.gradient(place);
    this.means = engine.allocate(ghosts.count(maxRows) * channels);
    this.inverses = engine.allocate(ghosts.count(maxRows) * channels);
    this.sums = new double[2 * channels];
    this.noSums = new double[2 * channels];
    this.units = new Units(engine, norm.activation(), pixels, channels, true, maxRows);
    engine.prepare(ghosts, maxRows);
  }

  @Override
  public Units units() {
    return units;
  }

  @Override
  public void forward(Numbers input, int rows, Pass pass) {
    if (pass.byBatch()) {
      engine.normalize(
          ghosts,
          rows,
          epsilon,
          input,
          gamma,
          beta,
          runningMean,
          runningVariance,
          pass.add(),
          gradient.get(2),
          gradient.get(3),
          means,
          inverses,
          units.signal());
    } else {
      engine.normalizeByRunning(
          ghosts, rows, epsilon, input, gamma, beta, runningMean, runningVariance, units.signal());
    }
    units.forward(rows);
  }

  @Override
  public void backward(
      Numbers input, Numbers delta, @Nullable Numbers inputDelta, int rows, Pass pass) {
    if (pass.learning()) {
      engine.normalizeBack(
          ghosts,
          rows,
          input,
          delta,
          gamma,
          means,
          inverses,
          pass.add(),
          gradient.get(0),
          gradient.get(1),
          inputDelta);
    } else {
      backwardByRunning(input, delta, inputDelta, rows, pass);
    }
    pass.complete(first);
  }

  /**
   * Back through normalization by constants: {@code g_γ = Σ δ x̂}, {@code g_β = Σ δ}, {@code ∂e/∂x
   * = γ / √(σ² + ε) δ}, which is the way back through a whole batch's without what its own
   * statistics contribute. In the statistics' place of the gradient are zeros.
   */
  private void backwardByRunning(
      Numbers input, Numbers delta, @Nullable Numbers inputDelta, int rows, Pass pass) {
    int channels = ghosts.channels();
    engine.copy(runningMean, means);
    engine.copy(runningVariance, inverses);
    float[] values = engine.values(inverses);
    for (int c = 0; c < channels; c++) {
      values[c] = (float) (1 / Math.sqrt((double) values[c] + epsilon));
    }
    engine.load(inverses, values, channels);
    engine.fill(gradient.get(2), 0);
    engine.fill(gradient.get(3), 0);
    engine.normalizeBackSums(
        ghosts,
        rows,
        input,
        delta,
        gamma,
        means,
        inverses,
        pass.add(),
        gradient.get(0),
        gradient.get(1),
        inputDelta,
        sums);
    if (inputDelta != null) {
      engine.normalizeBackBySums(
          ghosts, rows, input, delta, gamma, means, inverses, noSums, 1, inputDelta);
    }
  }

  @Override
  public SideBySide sideBySide(List<Layer> lanes) {
    return ghosts.size() == BatchNormDescription.WHOLE
        ? new Whole(lanes.stream().map(BatchNormLayer.class::cast).toList())
        : SideBySide.independent(lanes);
  }

  /** Over the whole batch, of which each lane is a block. */
  private static final class Whole implements SideBySide {
    private final List<BatchNormLayer> layers; // by lane
    private final SideBySide ofOne;
    private final int pixels;
    private final int channels;

    Whole(List<BatchNormLayer> layers) {
      this.layers = layers;
      this.ofOne = SideBySide.independent(layers);
      this.pixels = layers.get(0).ghosts.pixels();
      this.channels = layers.get(0).ghosts.channels();
    }

    @Override
    public void forward(Numbers[] inputs, Lanes lanes) {
      LaneStatistics statistics = lanes.statistics();
      if (statistics.batch() == 1) {
        ofOne.forward(inputs, lanes); // It has no variance.
        return;
      }
      for (int i = 0; i < inputs.length; i++) {
        if (lanes.rows()[i] > 0) {
          layers.get(i).measure(inputs[i], lanes.rows()[i], statistics.of(i));
        }
      }
      double[] moments = statistics.moments(pixels, channels);
      double numbers = (double) statistics.batch() * pixels;
      for (int i = 0; i < inputs.length; i++) {
        if (lanes.rows()[i] > 0) {
          layers.get(i).normalize(inputs[i], lanes.rows()[i], lanes.passes()[i], moments, numbers);
        }
      }
    }

    @Override
    public void backward(Numbers[] inputs, Numbers[] deltas, Numbers[] inputDeltas, Lanes lanes) {
      LaneStatistics statistics = lanes.statistics();
      if (statistics.batch() == 1) {
        ofOne.backward(inputs, deltas, inputDeltas, lanes);
        return;
      }
      boolean asked = inputDeltas.length > 0;
      for (int i = 0; i < inputs.length; i++) {
        if (lanes.rows()[i] > 0) {
          layers
              .get(i)
              .sum(
                  inputs[i],
                  deltas[i],
                  asked ? inputDeltas[i] : null,
                  lanes.rows()[i],
                  lanes.passes()[i],
                  statistics.of(i));
        }
      }
      if (!asked) {
        return;
      }
      double[] sums = statistics.sums(channels);
      double numbers = (double) statistics.batch() * pixels;
      for (int i = 0; i < inputs.length; i++) {
        if (lanes.rows()[i] > 0) {
          layers.get(i).back(inputs[i], deltas[i], inputDeltas[i], lanes.rows()[i], sums, numbers);
        }
      }
    }
  }

  private void measure(Numbers input, int rows, double[] moments) {
    engine.moments(ghosts, rows, input, units.signal(), moments);
  }

  private void normalize(Numbers input, int rows, Pass pass, double[] moments, double numbers) {
    engine.normalizeByMoments(
        ghosts,
        rows,
        epsilon,
        input,
        gamma,
        beta,
        moments,
        numbers,
        pass.add(),
        gradient.get(2),
        gradient.get(3),
        means,
        inverses,
        units.signal());
    units.forward(rows);
  }

  /** The lane's part of what a derivative by an input takes; with it, the gradient is complete. */
  private void sum(
      Numbers input,
      Numbers delta,
      @Nullable Numbers inputDelta,
      int rows,
      Pass pass,
      double[] sums) {
    engine.normalizeBackSums(
        ghosts,
        rows,
        input,
        delta,
        gamma,
        means,
        inverses,
        pass.add(),
        gradient.get(0),
        gradient.get(1),
        inputDelta,
        sums);
    pass.complete(first);
  }

  private void back(
      Numbers input, Numbers delta, Numbers inputDelta, int rows, double[] sums, double numbers) {
    engine.normalizeBackBySums(
        ghosts, rows, input, delta, gamma, means, inverses, sums, numbers, inputDelta);
  }
}
