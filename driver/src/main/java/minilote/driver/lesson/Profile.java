package minilote.driver.lesson;

import java.util.List;

/** The loss on a line, as it is or smoothed: the mean of {@code L(w + t d − η ξ)} over noises ξ. */
final class Profile implements AutoCloseable {
  private final float[] w;
  private final double rate;
  private final float[] moved;
  private final SmallTraining at;

  /**
   * @param w where t is 0
   * @param rate η
   */
  Profile(SmallData data, float[] w, double rate) {
    this.w = w;
    this.rate = rate;
    this.moved = w.clone();
    this.at = FlippedLabels.training(data, moved, data.size(), 0);
  }

  /**
   * The means.
   *
   * @param direction d
   * @param t where on the line
   * @param noises the same at each of them
   */
  double[] of(double[] direction, double[] t, List<double[]> noises) {
    double[] means = new double[t.length];
    for (int k = 0; k < t.length; k++) {
      for (double[] noise : noises) {
        for (int i = 0; i < w.length; i++) {
          moved[i] = (float) (w[i] + t[k] * direction[i] - rate * noise[i]);
        }
        means[k] += at.loss() / noises.size();
      }
    }
    return means;
  }

  @Override
  public void close() {
    at.close();
  }
}
