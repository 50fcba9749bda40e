package minilote.trainer.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.Json;
import minilote.datasets.KeyedRandom;
import minilote.datasets.ProgressListener;
import minilote.datasets.UserError;

/**
 * The curvature of f at some weights: the largest and the least eigenvalue of its Hessian H, and
 * its trace.
 *
 * <p>Products of H with vectors are central differences of gradients, {@code Hv ≈ (∇f(w + hv) −
 * ∇f(w − hv)) / 2h}, of steps that are {@value #STEP} of 1 + ‖w‖ long: two gradients each. (With
 * relu units f is bent wherever a signal of an example is 0. A step that long meets many such bends
 * and takes their mean; a tenth of it met single ones, which doubled the trace of a network with
 * 128 units on MNIST, where a step ten times as long changed it by a tenth.) The eigenvalues are
 * those of Lanczos' tridiagonal matrix (C. Lanczos 1950; G. Golub and C. Van Loan, <i>Matrix
 * Computations</i>, section 10.1), each new vector made orthogonal to all before it, from a random
 * vector. The trace is Hutchinson's estimate (M. Hutchinson 1990), the mean of {@code vᵀHv} over
 * random vectors of ±1. All random numbers follow from the seed.
 *
 * <p>The memory is that of a vector of doubles for each product of Lanczos'.
 *
 * @param loss f(w)
 * @param gradientNorm ‖∇f(w)‖
 * @param weights n
 * @param largest the largest eigenvalue that was found
 * @param largestResidual ‖Hv − λv‖ of it, with ‖v‖ = 1: so near to λ is an eigenvalue
 * @param least the least one
 * @param leastResidual the same of that
 * @param trace the sum of all, as estimated
 * @param traceError standard error of the estimate; NaN for a single sample
 * @param products of H with vectors that Lanczos' method took
 * @param samples of the trace
 * @param seed of the random vectors
 */
public record Curvature(
    double loss,
    double gradientNorm,
    int weights,
    double largest,
    double largestResidual,
    double least,
    double leastResidual,
    double trace,
    double traceError,
    int products,
    int samples,
    long seed) {
  /** Length of a difference's step, of 1 + ‖w‖. */
  private static final double STEP = 1e-3;

  /** A vector shorter than this, of what it was made from, is rounding. */
  private static final double NOTHING = 1e-10;

  /**
   * How much to do.
   *
   * @param products of H with vectors in Lanczos' method, at most; as many at least as the spectrum
   *     has clusters
   * @param samples of the trace
   * @param tolerance Lanczos' method ends earlier where the largest eigenvalue's residual is at
   *     most so much of it
   * @param seed of the random vectors
   */
  public record Settings(int products, int samples, double tolerance, long seed) {
    public static final Settings DEFAULT = new Settings(20, 10, 1e-3, 0);

    /** Checks them. */
    public Settings {
      if (products < 1) {
        throw new UserError("--products %d: it must be at least 1".formatted(products));
      }
      if (samples < 1) {
        throw new UserError("--samples %d: it must be at least 1".formatted(samples));
      }
      if (!(tolerance >= 0)) {
        throw new UserError("--tolerance %s: it must be at least 0".formatted(tolerance));
      }
    }
  }

  /** H at w, by differences. */
  private static final class Hessian {
    private final Objective f;
    private final double[] w;
    private final double[] at;
    private final double[] above;
    private final double length; // of a step

    Hessian(Objective f, double[] w) {
      this.f = f;
      this.w = w;
      this.at = new double[w.length];
      this.above = new double[w.length];
      this.length = STEP * (1 + Vectors.norm(w));
    }

    double[] times(double[] v) {
      double h = length / Vectors.norm(v);
      f.lossAndGradient(moved(h, v), above);
      double[] product = new double[w.length];
      f.lossAndGradient(moved(-h, v), product);
      for (int i = 0; i < product.length; i++) {
        product[i] = (above[i] - product[i]) / (2 * h);
      }
      return product;
    }

    private double[] moved(double h, double[] v) {
      System.arraycopy(w, 0, at, 0, at.length);
      Vectors.add(h, v, at);
      return at;
    }
  }

  /**
   * Measures it.
   *
   * @param f the mean loss over a set of examples
   * @param w where, n numbers
   * @param progress told of each product
   */
  public static Curvature of(
      Objective f, double[] w, Settings settings, ProgressListener progress) {
    double[] gradient = new double[w.length];
    double loss = f.lossAndGradient(w, gradient);
    Hessian hessian = new Hessian(f, w);
    Ends ends = lanczos(hessian, settings, progress);
    int samples = settings.samples();
    double[] forms = new double[samples];
    for (int sample = 0; sample < samples; sample++) {
      progress.progress("trace", sample, samples);
      double[] v = signs(w.length, settings.seed(), sample);
      forms[sample] = Vectors.dot(v, hessian.times(v));
    }
    progress.progress("trace", samples, samples);
    double sum = 0;
    for (double form : forms) {
      sum += form;
    }
    double mean = sum / samples;
    double squares = 0;
    for (double form : forms) {
      squares += (form - mean) * (form - mean);
    }
    return new Curvature(
        loss,
        Vectors.norm(gradient),
        w.length,
        ends.largest,
        ends.largestResidual,
        ends.least,
        ends.leastResidual,
        mean,
        samples == 1 ? Double.NaN : Math.sqrt(squares / (samples - 1) / samples),
        ends.products,
        samples,
        settings.seed());
  }

  /** Both ends of the spectrum. */
  private record Ends(
      double largest, double largestResidual, double least, double leastResidual, int products) {}

  private static Ends lanczos(Hessian hessian, Settings settings, ProgressListener progress) {
    int most = Math.min(settings.products(), hessian.w.length);
    List<double[]> basis = new ArrayList<>();
    List<Double> diagonal = new ArrayList<>();
    List<Double> beside = new ArrayList<>();
    double[] v = gaussian(hessian.w.length, settings.seed());
    Vectors.scale(1 / Vectors.norm(v), v);
    while (true) {
      progress.progress("eigenvalues", basis.size(), most);
      basis.add(v);
      double[] next = hessian.times(v);
      double length = Vectors.norm(next);
      diagonal.add(Vectors.dot(v, next));
      for (int again = 0; again < 2; again++) { // Once leaves what rounding has made of it.
        for (double[] before : basis) {
          Vectors.add(-Vectors.dot(before, next), before, next);
        }
      }
      double beta = Vectors.norm(next);
      SymmetricEigen.Decomposition ritz = SymmetricEigen.ofTridiagonal(diagonal, beside);
      double residual = beta * Math.abs(ritz.last(ritz.largest()));
      boolean close = residual <= settings.tolerance() * Math.abs(ritz.value(ritz.largest()));
      if (basis.size() == most || close || !(beta > NOTHING * length)) {
        progress.progress("eigenvalues", most, most);
        return new Ends(
            ritz.value(ritz.largest()),
            residual,
            ritz.value(ritz.least()),
            beta * Math.abs(ritz.last(ritz.least())),
            basis.size());
      }
      Vectors.scale(1 / beta, next);
      beside.add(beta);
      v = next;
    }
  }

  private static double[] gaussian(int n, long seed) {
    KeyedRandom random = KeyedRandom.of(seed, "eigenvalues");
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = random.nextGaussian();
    }
    return v;
  }

  private static double[] signs(int n, long seed, int sample) {
    KeyedRandom random = KeyedRandom.of(seed, "trace", sample);
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = random.nextLong() < 0 ? -1 : 1;
    }
    return v;
  }

  /** As one JSON object. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    Figures.put(json, "loss", loss);
    Figures.put(json, "gradient_norm", gradientNorm);
    json.put("weights", weights);
    Figures.put(json, "largest_eigenvalue", largest);
    Figures.put(json, "largest_residual", largestResidual);
    Figures.put(json, "least_eigenvalue", least);
    Figures.put(json, "least_residual", leastResidual);
    Figures.put(json, "trace", trace);
    Figures.put(json, "trace_error", traceError);
    return json.put("products", products).put("samples", samples).put("seed", seed);
  }
}
