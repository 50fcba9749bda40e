package minilote.driver.report;

/**
 * From numbers to places of a drawing.
 *
 * @param across the horizontal axis
 * @param up the vertical one
 * @param left the drawing's left end, and so on
 */
record Plot(Axis across, Axis up, double left, double top, double right, double bottom) {
  double x(double value) {
    return left + across.place(value) * (right - left);
  }

  double y(double value) {
    return bottom - up.place(value) * (bottom - top);
  }

  /** Whether a number lies outside of what is drawn, above or below. */
  boolean isBeyond(double value) {
    double place = up.place(value);
    return !(place >= -1e-9 && place <= 1 + 1e-9);
  }

  /** {@link #y}, or the end that is passed. */
  double yWithin(double value) {
    double y = y(value);
    return Double.isNaN(y) ? bottom : Math.min(bottom, Math.max(top, y));
  }
}
