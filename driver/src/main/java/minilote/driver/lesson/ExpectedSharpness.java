package minilote.driver.lesson;

import minilote.datasets.KeyedRandom;

/**
 * How much the loss rises on the mean around some weights: {@code E[L(w + ν)] − L(w)} over {@code ν
 * ∼ N(0, deviation² I)}. Directions come in pairs, one against the other, so that the slope
 * cancels; they are the same wherever it is measured.
 */
final class ExpectedSharpness implements AutoCloseable {
  private final SmallTraining at;
  private final float[] moved;
  private final float[][] directions;

  ExpectedSharpness(SmallData data, double deviation, int pairs, long seed) {
    this.moved = new float[FlippedLabels.network().parameterCount()];
    this.at = FlippedLabels.training(data, moved, data.size(), seed);
    this.directions = new float[pairs][moved.length];
    for (int p = 0; p < pairs; p++) {
      KeyedRandom random = KeyedRandom.of(seed, "sharpness", p);
      for (int i = 0; i < moved.length; i++) {
        directions[p][i] = (float) (deviation * random.nextGaussian());
      }
    }
  }

  /** L(w). */
  double loss(float[] w) {
    System.arraycopy(w, 0, moved, 0, w.length);
    return at.loss();
  }

  double of(float[] w) {
    double sum = 0;
    for (float[] direction : directions) {
      for (int side = -1; side <= 1; side += 2) {
        for (int i = 0; i < w.length; i++) {
          moved[i] = w[i] + side * direction[i];
        }
        sum += at.loss();
      }
    }
    return sum / (2 * directions.length) - loss(w);
  }

  @Override
  public void close() {
    at.close();
  }
}
