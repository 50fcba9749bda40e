package minilote.driver.report;

import java.util.List;

/** A picture for a page, as one SVG element whose colours are CSS classes of that page. */
public interface Drawing {
  /** What is shown. */
  String title();

  /** How what is drawn is told apart; empty where there is nothing to tell. */
  List<Legend> legend();

  /** The SVG element. */
  String toSvg();
}
