package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CasesTest {
  private static final Pattern IMAGE = Pattern.compile("base64,([A-Za-z0-9+/=]+)\"/>");

  @TempDir private Path folder;

  @Test
  void lesson_twoDataSets_showsTheirImagesAndLearnsThem() throws Exception {
    TinyImages mnist = TinyImages.prepare(folder, "mnist", 500, 200);
    TinyImages fashion = TinyImages.prepare(folder, "fashion-mnist", 400, 100);
    Findings found = SparkClassrooms.work(new Cases(), folder, 0);
    assertEquals(
        List.of(
            List.of("mnist", "1 × 28 × 28", "10", "500", "200"),
            List.of("fashion-mnist", "1 × 28 × 28", "10", "400", "100")),
        Objects.requireNonNull(found.table("datasets")).rows());
    assertEquals(true, found.words().get("mnist"));
    assertEquals(false, found.words().get("cifar-10"));
    assertEquals(false, found.words().get("other"));
    // Of class k the first image is that of the least id with 7 id + 3 = k modulo 10.
    int[] ids = {1, 4, 7, 0, 3, 6, 9, 2, 5, 8};
    for (int label = 0; label < ids.length; label++) {
      assertArrayEquals(mnist.train[ids[label]], shown(found, "images-mnist", label));
      assertArrayEquals(fashion.train[ids[label]], shown(found, "images-fashion-mnist", label));
    }
    // Which rows are bright tells the class: one layer is enough.
    assertTrue(found.number("linear-mnist") > 0.9, "" + found.number("linear-mnist"));
    assertTrue(found.number("layers-mnist") > 0.9, "" + found.number("layers-mnist"));
    List<List<String>> results = Objects.requireNonNull(found.table("results")).rows();
    assertEquals(4, results.size());
    assertEquals("7,850", results.get(0).get(2));
    assertEquals("101,770", results.get(1).get(2)); // 785 · 128 + 129 · 10
    // The weights of a class are white in the rows of its bar, and those of another are not.
    for (int label = 0; label < 10; label++) {
      byte[] weights = shown(found, "weights-mnist", label);
      assertTrue(rowMean(weights, 2 * label + 5) > 127.5, "class " + label);
      assertTrue(
          rowMean(weights, 2 * label + 5) > rowMean(weights, 2 * ((label + 5) % 10) + 5),
          "class " + label);
    }
  }

  private static double rowMean(byte[] pixels, int row) {
    double sum = 0;
    for (int column = 4; column < 22; column++) { // Where most bars are.
      sum += pixels[row * TinyImages.SIDE + column] & 0xff;
    }
    return sum / 18;
  }

  /** The bytes of a grey image as the page has it. */
  private static byte[] shown(Findings found, String drawing, int index) throws Exception {
    String encoded =
        IMAGE
            .matcher(found.drawing(drawing).toSvg())
            .results()
            .map((MatchResult result) -> result.group(1))
            .skip(index)
            .findFirst()
            .orElseThrow();
    BufferedImage image =
        ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(encoded)));
    byte[] pixels = new byte[image.getWidth() * image.getHeight()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) image.getRaster().getSample(i % image.getWidth(), i / image.getWidth(), 0);
    }
    return pixels;
  }

  /** Logistic regression gets some 84 % of all of Fashion-MNIST right. */
  @Test
  void lesson_withoutData_takesTheSample() throws Exception {
    Findings found = SparkClassrooms.work(new Cases(), null, 0);
    assertEquals(true, found.words().get("sample"));
    assertEquals(true, found.words().get("other"));
    assertEquals("fashion-mnist-sample", found.words().get("first"));
    assertTrue(found.number("linear-other") > 0.8, "" + found.number("linear-other"));
    assertTrue(found.number("layers-other") > 0.83, "" + found.number("layers-other"));
    assertFalse(found.isDrawn("images-mnist"));
  }

  @Test
  void mistakes_ofAMatrix_areTheMostFrequentFirst() {
    List<int[]> mistakes = Cases.mistakes(new long[][] {{90, 3, 0}, {7, 80, 1}, {0, 4, 70}});
    assertEquals(2, mistakes.size());
    assertArrayEquals(new int[] {1, 0}, mistakes.get(0));
    assertArrayEquals(new int[] {2, 1}, mistakes.get(1));
    assertTrue(Cases.mistakes(new long[][] {{5, 0}, {0, 6}}).isEmpty());
  }
}
