package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void toString_ofRows_alignsColumns() {
    assertEquals(
        "a        1  x\nlonger  20\nñ        3  zz",
        new TextTable("lrl").row("a", "1", "x").row("longer", "20").row("ñ", "3", "zz").toString());
  }

  @Test
  void wrap_ofALongText_breaksBetweenWords() {
    assertEquals("one two\n  three\n  four", TextTable.wrap("one two three four", 8, "  "));
    assertEquals("unbreakable-word", TextTable.wrap("unbreakable-word", 8, "  "));
  }

  @Test
  void shorten_ofALongText_endsInAnEllipsis() {
    assertEquals("automobile", TextTable.shorten("automobile", 10));
    assertEquals("automobi…", TextTable.shorten("automobiles", 9));
  }
}
