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
 * <p>A block begins with a ghost, and so does a lane: no ghost is in two. Statistics over several
 * lanes would have to be exchanged within {@link #forward}, between the sums over this block and
 * their use, and within {@link #backward} likewise.
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
    this.units = new Units(engine, norm.activation(), pixels, channels, true, maxRows);
    engine.prepare(ghosts, maxRows);
  }

  @Override
  public Units units() {
    return units;
  }

  @Override
  public void forward(Numbers input, int rows, Pass pass) {
    if (pass.learning()) {
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
    pass.complete(first);
  }
}
