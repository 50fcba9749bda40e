package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmentationTest {
  private static final RecordFormat SMALL = RecordFormat.image(1, 4, 5, 10);
  private static final RecordFormat CIFAR = RecordFormat.image(3, 32, 32, 10);

  /** Pixel (y, x) has the digits y + 1 and x + 1. */
  private static final float[] PICTURE =
      picture(
          """
          11 12 13 14 15
          21 22 23 24 25
          31 32 33 34 35
          41 42 43 44 45
          """);

  static float[] picture(String rows) {
    String[] pixels = rows.strip().split("\\s+", -1);
    float[] picture = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      picture[i] = Float.parseFloat(pixels[i]);
    }
    return picture;
  }

  private static float[] augmented(String words, RecordFormat format, float[] image, long key) {
    float[] inputs = new float[image.length + 2];
    inputs[0] = -77;
    inputs[inputs.length - 1] = -77;
    System.arraycopy(image, 0, inputs, 1, image.length);
    Augmentation.parse(words).apply(key, format, inputs, 1);
    assertEquals(-77, inputs[0]);
    assertEquals(-77, inputs[inputs.length - 1]);
    return java.util.Arrays.copyOfRange(inputs, 1, inputs.length - 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "crop 4 | crop 4",
        "flip|flip",
        "Crop  4 ,FLIP,cutout 16 | crop 4, flip, cutout 16",
        "cutout 8, crop 2 | cutout 8, crop 2",
        "none | none",
        "' NONE '|none",
      })
  void parse_anyWriting_isWrittenInOneWay(String words, String expected) {
    Augmentation augmentation = Augmentation.parse(words);
    assertEquals(expected, augmentation.toWords());
    assertEquals(augmentation, Augmentation.parse(augmentation.toWords()));
    assertEquals(expected.equals("none"), augmentation.isNone());
  }

  @Test
  void parse_otherOrder_isAnother() {
    assertNotEquals(Augmentation.parse("crop 4, flip"), Augmentation.parse("flip, crop 4"));
    assertSame(Augmentation.NONE, Augmentation.parse("none"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mirror | part 1, \"mirror\": there is no such augmentation; write some of crop 4, flip and cutout 8 between commas, or none",
        "crop 4,, flip | part 2, \"\": there is no such augmentation; write some of crop 4, flip and cutout 8 between commas, or none",
        "flip, none | part 2, \"none\": there is no such augmentation; write some of crop 4, flip and cutout 8 between commas, or none",
        "flip, crop | part 2, \"crop\": crop needs one number of pixels from 1 on, as in crop 4",
        "cutout 0 | part 1, \"cutout 0\": cutout needs one number of pixels from 1 on, as in cutout 4",
        "crop -4 | part 1, \"crop -4\": crop needs one number of pixels from 1 on, as in crop 4",
        "crop four | part 1, \"crop four\": crop needs one number of pixels from 1 on, as in crop 4",
        "crop 4 4 | part 1, \"crop 4 4\": crop needs one number of pixels from 1 on, as in crop 4",
        "crop 99999999999 | part 1, \"crop 99999999999\": crop needs one number of pixels from 1 on, as in crop 4",
        "flip 2 | part 1, \"flip 2\": flip stands alone",
        "crop 4, flip, Crop 2 | part 3, \"Crop 2\": there is a crop already",
      })
  void parse_wrongPart_isNamed(String words, String sentence) {
    UserError e = assertThrows(UserError.class, () -> Augmentation.parse(words));
    assertEquals(sentence, e.getMessage());
  }

  @Test
  void check_whatDoesNotFitTheExamples_isRefused() {
    RecordFormat table = new RecordFormat(FeatureType.FLOATS, List.of(4), TargetKind.CLASS, 3);
    Augmentation.NONE.check(table);
    Augmentation.parse("crop 3, flip, cutout 4").check(SMALL);
    assertEquals(
        "it is for images, and an example of this data set is a vector of 4 features",
        refusal("flip", table));
    assertEquals(
        "part 2, \"crop 4\": of an image of 5x4 pixels nothing may be left: crop takes at most 3",
        refusal("flip, crop 4", SMALL));
    assertEquals(
        "part 1, \"cutout 5\": an image of 5x4 pixels has no square of this side: cutout takes at most 4",
        refusal("cutout 5", SMALL));
  }

  private static String refusal(String words, RecordFormat format) {
    return assertThrows(UserError.class, () -> Augmentation.parse(words).check(format))
        .getMessage();
  }

  /**
   * What is drawn for examples 0, 1 and 2 of epoch 2 under seed 7 an independent implementation
   * gave (in Python, from the comments of the classes): windows (−1, 0), (0, −1) and (−2, 2), only
   * the first one mirrored, squares around (1, 3), (3, 4) and (0, 0). The pictures are by hand.
   */
  @Test
  void apply_knownKeys_giveKnownPictures() {
    String[] expected = {
      """
       0  0  0  0  0
      15 14  0  0 11
      25 24 23 22 21
      35 34 33 32 31
      """,
      """
      0 11 12 13 14
      0 21 22 23 24
      0 31 32  0  0
      0 41 42  0  0
      """,
      """
       0  0  0 0 0
       0  0  0 0 0
      13 14 15 0 0
      23 24 25 0 0
      """
    };
    ExampleKeys keys = new ExampleKeys(7, 2);
    for (int id = 0; id < expected.length; id++) {
      assertArrayEquals(
          picture(expected[id]),
          augmented("crop 2, flip, cutout 2", SMALL, PICTURE, keys.of(id)),
          "example " + id);
    }
  }

  @Test
  void apply_inAnotherOrder_drawsTheSameAndDoesItInThatOrder() {
    // Example 0 of the test above: covered first, then moved and mirrored.
    assertArrayEquals(
        picture(
            """
             0  0  0  0  0
            15  0  0 12 11
            25  0  0 22 21
            35 34 33 32 31
            """),
        augmented("cutout 2, crop 2, flip", SMALL, PICTURE, new ExampleKeys(7, 2).of(0)));
  }

  /** Every channel is changed alike, and what comes out depends on the key alone. */
  @Test
  void apply_anyImage_isTheDefinitionPixelByPixel() {
    Random random = new Random(5);
    int cases = 0;
    for (int[] shape : new int[][] {{1, 1, 1}, {3, 2, 2}, {2, 3, 7}, {3, 6, 4}, {1, 1, 9}}) {
      int height = shape[1];
      int width = shape[2];
      RecordFormat format = RecordFormat.image(shape[0], height, width, 2);
      float[] image = new float[format.features()];
      for (int i = 0; i < image.length; i++) {
        image[i] = 1 + i;
      }
      int most = Math.min(height, width);
      for (int side = 1; side <= most; side++) {
        int padding = most == 1 ? 0 : Math.min(side, most - 1);
        String words = (padding == 0 ? "" : "crop " + padding + ", ") + "flip, cutout " + side;
        Augmentation.parse(words).check(format);
        for (int i = 0; i < 200; i++) {
          long key = random.nextLong();
          float[] expected = new float[image.length];
          long crop = KeyedRandom.derive(key, KeyedRandom.hash("crop"));
          int down = KeyedRandom.below(2 * padding + 1, KeyedRandom.bits(crop, 0)) - padding;
          int right = KeyedRandom.below(2 * padding + 1, KeyedRandom.bits(crop, 1)) - padding;
          long flip = KeyedRandom.derive(key, KeyedRandom.hash("flip"));
          boolean mirrored = KeyedRandom.below(2, KeyedRandom.bits(flip, 0)) == 1;
          long cutout = KeyedRandom.derive(key, KeyedRandom.hash("cutout"));
          int top = KeyedRandom.below(height, KeyedRandom.bits(cutout, 0)) - side / 2;
          int left = KeyedRandom.below(width, KeyedRandom.bits(cutout, 1)) - side / 2;
          for (int at = 0; at < image.length; at++) {
            int y = at / width % height;
            int x = at % width;
            int fromY = y + down;
            int fromX = (mirrored ? width - 1 - x : x) + right;
            boolean covered = y >= top && y < top + side && x >= left && x < left + side;
            if (!covered && fromY >= 0 && fromY < height && fromX >= 0 && fromX < width) {
              expected[at] = image[at + (fromY - y) * width + fromX - x];
            }
          }
          assertArrayEquals(expected, augmented(words, format, image, key), words + ", " + key);
          cases++;
        }
      }
    }
    assertEquals(200 * (1 + 2 + 3 + 4 + 1), cases);
  }

  @Test
  void apply_manyExamples_drawsEachWindowEquallyOften() {
    RecordFormat format = RecordFormat.image(1, 8, 8, 2);
    float[] image = new float[64];
    for (int i = 0; i < 64; i++) {
      image[i] = i;
    }
    Counts counts = new Counts(25);
    ExampleKeys keys = new ExampleKeys(3, 0);
    for (int id = 0; id < 50_000; id++) {
      int seen = (int) augmented("crop 2", format, image, keys.of(id))[4 * 8 + 4];
      counts.add((seen / 8 - 2) * 5 + seen % 8 - 2);
    }
    counts.assertUniform();
  }

  @Test
  void apply_manyExamples_drawsEachCentreEquallyOften() {
    RecordFormat format = RecordFormat.image(1, 6, 7, 2);
    float[] image = new float[42];
    java.util.Arrays.fill(image, 1);
    Counts counts = new Counts(42);
    ExampleKeys keys = new ExampleKeys(3, 1);
    for (int id = 0; id < 50_000; id++) {
      float[] seen = augmented("cutout 1", format, image, keys.of(id));
      for (int at = 0; at < 42; at++) {
        if (seen[at] == 0) {
          counts.add(at);
        }
      }
    }
    assertEquals(50_000, counts.sum());
    counts.assertUniform();
  }

  /**
   * Whether an image is mirrored does not tell where its window is, nor what the next epoch does.
   */
  @Test
  void apply_manyExamples_drawsFlipWindowAndEpochsIndependently() {
    RecordFormat format = RecordFormat.image(1, 3, 3, 2);
    Counts joint = new Counts(2 * 9);
    Counts epochs = new Counts(4);
    Counts neighbours = new Counts(4);
    ExampleKeys keys = new ExampleKeys(9, 4);
    ExampleKeys next = new ExampleKeys(9, 5);
    for (int id = 0; id < 50_000; id++) {
      int flip = flipped(keys.of(id));
      float[] seen = augmented("crop 1", format, picture("0 1 2 3 4 5 6 7 8"), keys.of(id));
      joint.add(flip * 9 + (int) seen[4]);
      epochs.add(flip * 2 + flipped(next.of(id)));
      neighbours.add(flip * 2 + flipped(keys.of(id + 1)));
    }
    joint.assertUniform();
    epochs.assertUniform();
    neighbours.assertUniform();
  }

  private static int flipped(long key) {
    return (int) augmented("flip", RecordFormat.image(1, 1, 2, 2), picture("0 1"), key)[0];
  }

  @Test
  void apply_none_leavesTheImage() {
    float[] image = new float[CIFAR.features()];
    for (int i = 0; i < image.length; i++) {
      image[i] = i - 1000.5f;
    }
    assertArrayEquals(image, augmented("none", CIFAR, image, 12));
  }

  /** How often each of some outcomes was drawn. */
  private static final class Counts {
    private final int[] counts;

    Counts(int outcomes) {
      this.counts = new int[outcomes];
    }

    void add(int outcome) {
      counts[outcome]++;
    }

    int sum() {
      return java.util.Arrays.stream(counts).sum();
    }

    void assertUniform() {
      double expected = (double) sum() / counts.length;
      double chiSquared = 0;
      for (int count : counts) {
        chiSquared += (count - expected) * (count - expected) / expected;
      }
      double freedom = counts.length - 1;
      double deviation = Math.sqrt(2 * freedom);
      assertEquals(freedom, chiSquared, 5 * deviation, java.util.Arrays.toString(counts));
    }
  }
}
