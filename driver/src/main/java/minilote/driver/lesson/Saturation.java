package minilote.driver.lesson;

/**
 * Where an activation saturates: beyond these signals its derivative is less than one hundredth of
 * the greatest that it has.
 *
 * @param greatest the greatest derivative
 * @param at a signal that has it, the nearest to 0
 * @param below where it saturates on the left; NaN where it does not
 * @param above where it does on the right; NaN where it does not
 */
record Saturation(double greatest, double at, double below, double above) {
  /** Of the greatest derivative. */
  static final double SHARE = 0.01;

  private static final double FARTHEST = 40;
  private static final int STEPS_A_SIDE = 4000;
  private static final int HALVINGS = 60;

  /** Of an activation that has a derivative: on a grid from −40 to 40, refined by halving. */
  static Saturation of(AppliedActivation activation) {
    double[] s = new double[2 * STEPS_A_SIDE + 1];
    for (int i = 0; i < s.length; i++) {
      s[i] = FARTHEST * (i - STEPS_A_SIDE) / STEPS_A_SIDE;
    }
    double[] derivatives = activation.derivatives(s);
    int most = STEPS_A_SIDE;
    for (int i = 0; i < s.length; i++) {
      if (derivatives[i] > derivatives[most]
          || (derivatives[i] == derivatives[most] && Math.abs(s[i]) < Math.abs(s[most]))) {
        most = i;
      }
    }
    double level = SHARE * derivatives[most];
    int first = 0;
    while (derivatives[first] < level) {
      first++;
    }
    int last = s.length - 1;
    while (derivatives[last] < level) {
      last--;
    }
    return new Saturation(
        derivatives[most],
        s[most],
        first == 0 ? Double.NaN : crossing(activation, level, s[first - 1], s[first]),
        last == s.length - 1 ? Double.NaN : crossing(activation, level, s[last + 1], s[last]));
  }

  /** Between a signal whose derivative is below the level and one whose is not. */
  private static double crossing(
      AppliedActivation activation, double level, double below, double not) {
    double less = below;
    double more = not;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (less + more) / 2;
      if (activation.derivatives(middle)[0] < level) {
        less = middle;
      } else {
        more = middle;
      }
    }
    return more;
  }
}
