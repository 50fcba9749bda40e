package minilote.driver.report;

/** CSS classes of series. */
final class Styles {
  private static final int COLOURS = 8;

  private Styles() {}

  /** The class of the {@code index}-th series. */
  static String of(int index) {
    return "s" + index % COLOURS;
  }
}
