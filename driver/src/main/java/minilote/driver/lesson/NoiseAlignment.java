package minilote.driver.lesson;

/**
 * How the noise of the gradient lies to the curvature of the loss: {@code Σ = (1/N) Σ_n (g_n − ḡ)
 * (g_n − ḡ)ᵀ} to the Hessian H of D weights.
 *
 * @param weights D
 * @param ofHessian tr H
 * @param ofNoise tr Σ
 * @param together tr(HΣ)
 * @param largest the largest eigenvalue of H
 */
record NoiseAlignment(
    int weights, double ofHessian, double ofNoise, double together, double largest) {
  static NoiseAlignment of(ExactHessian hessian, double[][] gradients) {
    int n = gradients.length;
    int d = hessian.size();
    double[] mean = new double[d];
    for (double[] g : gradients) {
      for (int i = 0; i < d; i++) {
        mean[i] += g[i] / n;
      }
    }
    double ofNoise = 0;
    double together = 0;
    double[] apart = new double[d];
    for (double[] g : gradients) {
      for (int i = 0; i < d; i++) {
        apart[i] = g[i] - mean[i];
      }
      ofNoise += ExactHessian.dot(apart, apart) / n;
      together += hessian.form(apart) / n; // vᵀHv = tr(H v vᵀ)
    }
    return new NoiseAlignment(d, hessian.trace(), ofNoise, together, hessian.largestEigenvalue());
  }

  /** tr H · tr Σ / D: what tr(HΣ) would be, were the noise as large and the same all around. */
  double isotropic() {
    return ofHessian * ofNoise / weights;
  }

  /** tr(HΣ) of that. */
  double ratio() {
    return together / isotropic();
  }

  /** The most the ratio can be: all of the noise along the sharpest direction, λ₁ D / tr H. */
  double most() {
    return largest * weights / ofHessian;
  }
}
