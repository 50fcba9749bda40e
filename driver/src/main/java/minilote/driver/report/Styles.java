package minilote.driver.report;

/** CSS classes of series. */
public final class Styles {
  /** Of points beside others that say more, together with the class of their colour. */
  public static final String FAINT = "faint";

  private static final int COLOURS = 8;

  private Styles() {}

  /** The class of the {@code index}-th series; where colours come again, with other dashes. */
  public static String of(int index) {
    return "s" + index % COLOURS + (index < COLOURS ? "" : " again");
  }
}
