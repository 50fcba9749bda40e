package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each operation does, in pictures by hand: at the borders, and between two neighbours. */
class ImageOperationsTest {
  private static final String PICTURE = "11 12 13 14  21 22 23 24  31 32 33 34";

  /** The picture behind one number and before another one, which must stay. */
  private static float[] framed(String picture) {
    return AugmentationTest.picture("-7 " + picture + " -9");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 11 12 13 14  21 22 23 24  31 32 33 34",
    "1, 0, 21 22 23 24  31 32 33 34  0 0 0 0",
    "-1, 0, 0 0 0 0  11 12 13 14  21 22 23 24",
    "0, 1, 12 13 14 0  22 23 24 0  32 33 34 0",
    "0, -1, 0 11 12 13  0 21 22 23  0 31 32 33",
    "2, 3, 34 0 0 0  0 0 0 0  0 0 0 0",
    "-2, -3, 0 0 0 0  0 0 0 0  0 0 0 11",
    "2, -3, 0 0 0 31  0 0 0 0  0 0 0 0",
    "-2, 3, 0 0 0 0  0 0 0 0  14 0 0 0",
    "-1, 2, 0 0 0 0  13 14 0 0  23 24 0 0",
  })
  void move_toAnySide_bringsInTheNeutralColour(int down, int right, String expected) {
    float[] image = framed(PICTURE);
    PadAndCrop.move(image, 1, 3, 4, down, right);
    assertArrayEquals(framed(expected), image);
  }

  @Test
  void mirror_evenAndOddWidths_exchangesLeftAndRight() {
    float[] even = framed(PICTURE);
    HorizontalFlip.mirror(even, 1, 3, 4);
    assertArrayEquals(framed("14 13 12 11  24 23 22 21  34 33 32 31"), even);
    float[] odd = framed(PICTURE);
    HorizontalFlip.mirror(odd, 1, 4, 3);
    assertArrayEquals(framed("13 12 11  22 21 14  31 24 23  34 33 32"), odd);
    float[] single = framed(PICTURE);
    HorizontalFlip.mirror(single, 1, 12, 1);
    assertArrayEquals(framed(PICTURE), single);
  }

  @ParameterizedTest
  @CsvSource({
    // Around (y, x), with this side.
    "1, 1, 1, 11 12 13 14  21 0 23 24  31 32 33 34",
    "1, 1, 2, 0 0 13 14  0 0 23 24  31 32 33 34",
    "1, 1, 3, 0 0 0 14  0 0 0 24  0 0 0 34",
    "0, 0, 1, 0 12 13 14  21 22 23 24  31 32 33 34",
    "0, 0, 2, 0 12 13 14  21 22 23 24  31 32 33 34",
    "0, 0, 3, 0 0 13 14  0 0 23 24  31 32 33 34",
    "2, 3, 2, 11 12 13 14  21 22 0 0  31 32 0 0",
    "2, 3, 3, 11 12 13 14  21 22 0 0  31 32 0 0",
    "0, 3, 3, 11 12 0 0  21 22 0 0  31 32 33 34",
    "2, 0, 3, 11 12 13 14  0 0 23 24  0 0 33 34",
  })
  void cover_aroundAnyPixel_endsAtTheBorder(int y, int x, int side, String expected) {
    float[] image = framed(PICTURE);
    new Cutout(side).cover(image, 1, 3, 4, y, x);
    assertArrayEquals(framed(expected), image);
  }
}
