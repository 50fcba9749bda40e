package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import minilote.driver.report.Images;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {
  @TempDir private Path folder;

  @Test
  void tile_ofAnImage_hasTheBytesOfTheOfficialFile() throws Exception {
    TinyImages raw = TinyImages.prepare(folder, "fashion-mnist", 50, 30);
    try (LessonData data = new LessonData(folder, new Configuration())) {
      LessonData.Found found = data.first("fashion-mnist");
      Pictures train = Pictures.of(found, "train", 40, new Configuration());
      Pictures test = Pictures.of(found, "test", 40, new Configuration());
      assertEquals(40, train.count());
      assertEquals(30, test.count());
      for (int i = 0; i < 30; i++) {
        assertArrayEquals(raw.train[i], train.tile("", i).pixels());
        assertArrayEquals(raw.test[i], test.tile("", i).pixels());
        assertEquals(TinyImages.label(i), test.label(i));
      }
      assertEquals("Ankle boot", test.name(9));
      assertArrayEquals(new int[] {1, 11, 21}, test.ofClass(0, 3)); // 7·1 + 3 = 10
    }
  }

  @Test
  void signed_threeChannels_haveOneScale() {
    Images.Tile tile = Pictures.signed("", 3, 1, 2, new float[] {0, 2, -1, 1, 0, -2});
    assertEquals(3, tile.channels());
    assertEquals(2, tile.width());
    assertEquals(1, tile.height());
    // Of 0 to 255, 127.5 is the middle, and 2 the farthest from it.
    byte[] expected = new byte[6];
    int[] levels = {128, 255, 64, 191, 128, 0};
    for (int i = 0; i < levels.length; i++) {
      expected[i] = (byte) levels[i];
    }
    assertArrayEquals(expected, tile.pixels());
  }
}
