package minilote.trainer.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * The largest value of a function within a box: L-BFGS-B on −f (R. Byrd, P. Lu, J. Nocedal and C.
 * Zhu, <i>A limited memory algorithm for bound constrained optimization</i>, SIAM J. Sci. Comput.
 * 16, 1995). An iteration has three parts, a method each: the generalized Cauchy point (algorithm
 * CP), the minimum of the quadratic model over the variables that are free there (the direct primal
 * method, section 5.1, projected onto the box as in J. Morales and J. Nocedal, <i>Remark on
 * algorithm 778</i>, ACM TOMS 38, 2011), and a line search within the box.
 *
 * <p>It is written out here because the library at hand, Breeze, cannot serve. Its function type
 * can be implemented by Scala's compiler alone, as it has one method with two kinds of result; and
 * its L-BFGS-B (2.1) takes up pairs of negative curvature, which is what −f has near a minimum of f
 * and what makes its model unbounded, and calls a point the solution when no number of the
 * projected gradient is above 1e-5, as at a good minimum. Pairs of negative curvature are left out
 * here, as in the authors' own program.
 *
 * <p>In one thing it differs from that: where there is no pair yet, the model's curvature is not 1
 * but such that a step of steepest descent is half as long as the box's diagonal. So it does not
 * depend on the scale of f, and ten iterations do reach the walls of the box.
 *
 * <p>The memory is that of some {@code 2·}{@value #PAIRS}{@code + 8} vectors of doubles.
 */
final class LbfgsB {
  /** Pairs of steps and differences of gradients that make the model. */
  private static final int PAIRS = 5;

  /** Evaluations in one line search. */
  private static final int MOST_TRIALS = 20;

  /** Of the decrease that the slope promises, what is enough. */
  private static final double SUFFICIENT = 1e-3;

  /** Of the slope at the beginning, what is still too steep to stop at. */
  private static final double STEEP = 0.9;

  private static final double LONGER = 4;

  private final Objective f;
  private final double[] lower; // n
  private final double[] upper; // n
  private final double radius; // half of the box's diagonal
  private double[] x; // n
  private double[] g; // ∇(−f)(x), n
  private double value; // −f(x)
  private double best; // the largest f so far
  private int evaluations;

  /** The model's Hessian is θI − W M Wᵀ, with W = [Y θS], 2k columns; k pairs, the oldest first. */
  private final List<double[]> steps = new ArrayList<>(); // S

  private final List<double[]> differences = new ArrayList<>(); // Y
  private double theta;
  private double[][] middle = {}; // M

  /**
   * What was found.
   *
   * @param maximum the largest f that was met
   * @param evaluations of f and its gradient
   */
  record Found(double maximum, int evaluations) {}

  /** Told after each iteration. */
  interface Listener {
    void iterated(int iteration);
  }

  private LbfgsB(Objective f, double[] start, double[] lower, double[] upper) {
    this.f = f;
    this.lower = lower;
    this.upper = upper;
    this.x = start.clone();
    this.g = new double[start.length];
    double squares = 0;
    for (int i = 0; i < start.length; i++) {
      double half = (upper[i] - lower[i]) / 2;
      squares += half * half;
    }
    this.radius = Math.sqrt(squares);
    this.best = Double.NEGATIVE_INFINITY;
  }

  /**
   * Looks for the largest f within a box.
   *
   * @param start within the box, n numbers
   * @param lower l, n numbers
   * @param upper u, n numbers
   * @param iterations at most so many
   */
  static Found maximize(
      Objective f,
      double[] start,
      double[] lower,
      double[] upper,
      int iterations,
      Listener listener) {
    LbfgsB search = new LbfgsB(f, start, lower, upper);
    search.value = search.evaluate(search.x, search.g);
    for (int iteration = 1; iteration <= iterations; iteration++) {
      if (!search.iterate()) {
        break;
      }
      listener.iterated(iteration);
    }
    return new Found(search.best, search.evaluations);
  }

  /** −f and its gradient. */
  private double evaluate(double[] at, double[] gradient) {
    double loss = f.lossAndGradient(at, gradient);
    evaluations++;
    best = Math.max(best, Double.isNaN(loss) ? best : loss);
    Vectors.scale(-1, gradient);
    return -loss;
  }

  /** One iteration; false where there is no way on. */
  private boolean iterate() {
    if (steps.isEmpty()) {
      theta = Vectors.norm(g) / radius;
    }
    if (!(theta > 0) || !Double.isFinite(theta)) {
      return false; // The gradient is zero, the box is a point, or the loss is no number.
    }
    double[] d = direction();
    double slope = Vectors.dot(g, d);
    if (!(slope < 0) && !steps.isEmpty()) {
      forget();
      return iterate();
    }
    return slope < 0 && search(d, slope);
  }

  private void forget() {
    steps.clear();
    differences.clear();
    middle = new double[0][];
  }

  // ---- the model

  private int columns() {
    return 2 * steps.size();
  }

  /** Row i of W. */
  private void row(int i, double[] w) {
    int k = steps.size();
    for (int pair = 0; pair < k; pair++) {
      w[pair] = differences.get(pair)[i];
      w[k + pair] = theta * steps.get(pair)[i];
    }
  }

  /** Wᵀ v. */
  private double[] timesW(double[] v) {
    int k = steps.size();
    double[] product = new double[2 * k];
    for (int pair = 0; pair < k; pair++) {
      product[pair] = Vectors.dot(differences.get(pair), v);
      product[k + pair] = theta * Vectors.dot(steps.get(pair), v);
    }
    return product;
  }

  private void learn(double[] step, double[] difference) {
    double curvature = Vectors.dot(step, difference);
    double squares = Vectors.dot(difference, difference);
    if (!(curvature > Math.ulp(1.0) * squares)) {
      return;
    }
    if (steps.size() == PAIRS) {
      steps.remove(0);
      differences.remove(0);
    }
    steps.add(step);
    differences.add(difference);
    theta = squares / curvature;
    double[][] inverse = SmallMatrix.inverse(middleInverse());
    if (inverse == null) {
      forget();
    } else {
      middle = inverse;
    }
  }

  /** M⁻¹ = [−D Lᵀ; L θSᵀS], with D the diagonal and L what is below it of SᵀY (equation 3.4). */
  private double[][] middleInverse() {
    int k = steps.size();
    double[][] m = new double[2 * k][2 * k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        m[k + i][k + j] = theta * Vectors.dot(steps.get(i), steps.get(j));
        if (i > j) {
          m[k + i][j] = Vectors.dot(steps.get(i), differences.get(j));
          m[j][k + i] = m[k + i][j];
        }
      }
      m[i][i] = -Vectors.dot(steps.get(i), differences.get(i));
    }
    return m;
  }

  // ---- where to go

  /** From x to the minimum of the model within the box. */
  private double[] direction() {
    double[] cauchy = x.clone();
    double[] c = cauchyPoint(cauchy);
    double[] target = steps.isEmpty() ? cauchy : subspaceMinimum(cauchy, c);
    Vectors.add(-1, x, target);
    return target;
  }

  /**
   * The first minimum of the model along the path of steepest descent that bends at the walls.
   *
   * @param cauchy x, becomes that point
   * @return Wᵀ (that point − x)
   */
  private double[] cauchyPoint(double[] cauchy) {
    double[] d = new double[x.length];
    double[] times = new double[x.length];
    for (int i = 0; i < d.length; i++) {
      double wall = g[i] < 0 ? upper[i] : lower[i];
      times[i] = g[i] == 0 ? Double.POSITIVE_INFINITY : (x[i] - wall) / g[i];
      d[i] = times[i] > 0 ? -g[i] : 0;
    }
    Breakpoints walls = new Breakpoints(times);
    double[] c = new double[columns()];
    double[] p = timesW(d);
    double[] w = new double[columns()];
    double first = -Vectors.dot(d, d); // the model's derivatives along the path
    double second = -theta * first - SmallMatrix.form(p, middle, p);
    double smallest = Math.ulp(1.0) * -theta * first;
    double at = 0;
    double ahead = -first / second;
    while (!walls.isEmpty() && walls.time() - at <= ahead) {
      int i = walls.next();
      double passed = times[i] - at;
      at = times[i];
      cauchy[i] = d[i] > 0 ? upper[i] : lower[i];
      double z = cauchy[i] - x[i];
      double gi = g[i];
      row(i, w);
      Vectors.add(passed, p, c);
      first += passed * second + gi * gi + theta * gi * z - gi * SmallMatrix.form(w, middle, c);
      second -=
          theta * gi * gi
              + 2 * gi * SmallMatrix.form(w, middle, p)
              + gi * gi * SmallMatrix.form(w, middle, w);
      second = Math.max(second, smallest);
      Vectors.add(gi, w, p);
      d[i] = 0;
      ahead = first < 0 ? -first / second : 0;
    }
    double rest = walls.isEmpty() ? 0 : Math.max(ahead, 0);
    for (int i = 0; i < d.length; i++) {
      if (d[i] != 0) {
        cauchy[i] = within(i, x[i] + (at + rest) * d[i]);
      }
    }
    Vectors.add(rest, p, c);
    return c;
  }

  private double within(int i, double number) {
    return Math.min(Math.max(number, lower[i]), upper[i]);
  }

  /**
   * The model's minimum over the variables that are not at a wall in the Cauchy point, brought into
   * the box.
   */
  private double[] subspaceMinimum(double[] cauchy, double[] c) {
    int k = columns();
    double[] mc = SmallMatrix.times(middle, c);
    double[] r = new double[x.length]; // the model's gradient in the Cauchy point
    double[] w = new double[k];
    double[] v = new double[k];
    double[][] products = new double[k][k]; // WᵀZZᵀW
    for (int i = 0; i < r.length; i++) {
      if (isFree(cauchy, i)) {
        row(i, w);
        r[i] = g[i] + theta * (cauchy[i] - x[i]) - Vectors.dot(w, mc);
        Vectors.add(r[i], w, v);
        for (int a = 0; a < k; a++) {
          Vectors.add(w[a], w, products[a]);
        }
      }
    }
    double[][] n = new double[k][k]; // I − M WᵀZZᵀW / θ
    for (int a = 0; a < k; a++) {
      for (int b = 0; b < k; b++) {
        double sum = 0;
        for (int j = 0; j < k; j++) {
          sum += middle[a][j] * products[j][b];
        }
        n[a][b] = (a == b ? 1 : 0) - sum / theta;
      }
    }
    double[][] inverse = SmallMatrix.inverse(n);
    if (inverse == null) {
      return cauchy;
    }
    v = SmallMatrix.times(inverse, SmallMatrix.times(middle, v));
    double[] projected = cauchy.clone();
    double whole = 1; // of the step, what stays in the box without being bent
    for (int i = 0; i < r.length; i++) {
      if (isFree(cauchy, i)) {
        row(i, w);
        r[i] = -r[i] / theta - Vectors.dot(w, v) / (theta * theta); // from here on the step
        double room = (r[i] > 0 ? upper[i] : lower[i]) - cauchy[i];
        whole = r[i] == 0 ? whole : Math.min(whole, room / r[i]);
        projected[i] = within(i, cauchy[i] + r[i]);
      }
    }
    double slope = 0;
    for (int i = 0; i < r.length; i++) {
      slope += g[i] * (projected[i] - x[i]);
    }
    if (slope < 0) {
      return projected;
    }
    for (int i = 0; i < r.length; i++) {
      projected[i] = isFree(cauchy, i) ? within(i, cauchy[i] + whole * r[i]) : cauchy[i];
    }
    return projected;
  }

  private boolean isFree(double[] point, int i) {
    return point[i] > lower[i] && point[i] < upper[i];
  }

  // ---- how far

  /**
   * Steps along d: 1 at first; longer ones while it still goes down steeply and the box has room,
   * shorter ones where it has not gone down enough.
   *
   * @return whether there was one to take
   */
  private boolean search(double[] d, double slope) {
    double most = room(d);
    double step = 1;
    double[] taken = null;
    double[] takenGradient = null;
    double takenValue = value;
    for (int trial = 0; trial < MOST_TRIALS; trial++) {
      double[] to = point(d, step);
      double[] gradient = new double[x.length];
      double reached = evaluate(to, gradient);
      if (reached <= value + SUFFICIENT * step * slope && reached < takenValue) {
        taken = to;
        takenGradient = gradient;
        takenValue = reached;
        if (Vectors.dot(gradient, d) >= STEEP * slope || step >= most) {
          break;
        }
        step = Math.min(LONGER * step, most);
      } else if (taken != null) {
        break; // The longer one was worse.
      } else {
        // The minimum of the parabola through what is known, not too near to either end.
        double parabola = -slope * step * step / (2 * (reached - value - slope * step));
        step =
            Double.isFinite(parabola)
                ? Math.min(Math.max(parabola, 0.1 * step), 0.5 * step)
                : 0.1 * step;
      }
    }
    if (taken == null || takenGradient == null) {
      return false;
    }
    double[] moved = taken.clone();
    Vectors.add(-1, x, moved);
    double[] difference = takenGradient.clone();
    Vectors.add(-1, g, difference);
    x = taken;
    g = takenGradient;
    value = takenValue;
    learn(moved, difference);
    return true;
  }

  /** The longest step along d within the box, at least 1. */
  private double room(double[] d) {
    double most = Double.POSITIVE_INFINITY;
    for (int i = 0; i < d.length; i++) {
      if (d[i] != 0) {
        most = Math.min(most, ((d[i] > 0 ? upper[i] : lower[i]) - x[i]) / d[i]);
      }
    }
    return Math.max(1, most);
  }

  private double[] point(double[] d, double step) {
    double[] point = new double[x.length];
    for (int i = 0; i < point.length; i++) {
      point[i] = within(i, x[i] + step * d[i]);
    }
    return point;
  }
}
