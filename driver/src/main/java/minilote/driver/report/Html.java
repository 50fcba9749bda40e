package minilote.driver.report;

import com.samskivert.mustache.Escapers;

/** Text as it may stand in HTML and SVG, between tags and within quoted attributes. */
final class Html {
  private Html() {}

  static String escape(String text) {
    return Escapers.HTML.escape(text);
  }
}
