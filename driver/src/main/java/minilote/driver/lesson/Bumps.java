package minilote.driver.lesson;

/**
 * A bowl with sharp minima all over, {@code f(x) = ½ c x² + A (1 − cos kx)}, and what noise makes
 * of it: over normal noise of deviation s, the mean of {@code f(x − noise)} is {@code ½ c x² + ½ c
 * s² + A (1 − e^(−k²s²/2) cos kx)}.
 *
 * @param c how far the bowl is bent
 * @param a A, the bumps' height
 * @param k how close they are
 * @param s the noise's deviation; 0 for f itself
 */
record Bumps(double c, double a, double k, double s) {
  /** The least of sin(u)/u, at u = 4.4934, where tan u = u. */
  private static final double LEAST_OF_SINC = -0.21723362821122166;

  /** A period of the bumps is looked through in so many steps. */
  private static final int FINE = 1000;

  Bumps smoothed(double by) {
    return new Bumps(c, a, k, by);
  }

  /** What is left of the bumps, from 1 to 0. */
  double factor() {
    return StrictMath.exp(-k * k * s * s / 2);
  }

  double at(double x) {
    return c * (x * x + s * s) / 2 + a * (1 - factor() * StrictMath.cos(k * x));
  }

  double slope(double x) {
    return c * x + a * k * factor() * StrictMath.sin(k * x);
  }

  /** How many local minima there are, the one at 0 among them. */
  int minima() {
    double end = a * k * factor() / c + StrictMath.PI / k; // Beyond, nothing but up.
    double step = 2 * StrictMath.PI / k / FINE;
    int found = 0;
    for (double x = -end - step / 3; x < end; x += step) {
      found += slope(x) < 0 && slope(x + step) >= 0 ? 1 : 0;
    }
    return found;
  }

  /**
   * The largest c′ with {@code x f′(x) ≥ c′ x²} for all x: above 0, f pulls towards 0 from
   * everywhere, and there is no other minimum.
   */
  double pull() {
    return c + LEAST_OF_SINC * a * k * k * factor();
  }
}
