package minilote.datasets.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import minilote.datasets.RecordFormat;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderSourceTest {
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration(false);

  private void write(String file, BufferedImage image) throws IOException {
    java.nio.file.Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    String format = file.endsWith(".png") ? "png" : "jpeg";
    assertTrue(ImageIO.write(image, format, path.toFile()), "no writer for " + file);
  }

  private static BufferedImage plain(int width, int height, int rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  private byte[] decode(String file, int channels, int height, int width) throws IOException {
    byte[] to = new byte[channels * height * width + 2];
    new ImageDecoder(channels, height, width)
        .decode(new Path(folder.resolve(file).toUri()), conf, to, 1);
    assertEquals(0, to[0]);
    assertEquals(0, to[to.length - 1]);
    return Arrays.copyOfRange(to, 1, to.length - 1);
  }

  private static byte[] bytes(int... values) {
    return minilote.datasets.TestData.bytes(values);
  }

  @Test
  void decode_colourPng_givesItsBytesChannelsFirst() throws IOException {
    BufferedImage image = plain(3, 2, 0);
    image.setRGB(0, 0, 0x010203);
    image.setRGB(2, 0, 0xfffefd);
    image.setRGB(1, 1, 0x102030);
    write("a.png", image);
    assertArrayEquals(
        bytes(1, 0, 255, 0, 16, 0, 2, 0, 254, 0, 32, 0, 3, 0, 253, 0, 48, 0),
        decode("a.png", 3, 2, 3));
  }

  @Test
  void decode_colourAsGrey_weighsTheChannels() throws IOException {
    BufferedImage image = plain(2, 1, 0xff0000);
    image.setRGB(1, 0, 0x0a141e);
    write("a.png", image);
    // 0.299 · 255 = 76.2; 0.299 · 10 + 0.587 · 20 + 0.114 · 30 = 18.15
    assertArrayEquals(bytes(76, 18), decode("a.png", 1, 1, 2));
  }

  @Test
  void decode_greyPng_keepsEveryStoredValue() throws IOException {
    BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    byte[] expected = new byte[256];
    for (int x = 0; x < 256; x++) {
      image.getRaster().setSample(x, 0, 0, x);
      expected[x] = (byte) x;
    }
    write("a.png", image);
    assertArrayEquals(expected, decode("a.png", 1, 1, 256));
    byte[] colour = decode("a.png", 3, 1, 256);
    assertArrayEquals(expected, Arrays.copyOfRange(colour, 512, 768));
  }

  @Test
  void decode_sixteenBitGreyPng_keepsTheUpperByte() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 0x12ff);
    image.getRaster().setSample(1, 0, 0, 0xfe01);
    write("a.png", image);
    assertArrayEquals(bytes(0x12, 0xfe), decode("a.png", 1, 1, 2));
  }

  @Test
  void decode_transparentPng_isSeenOverWhite() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00123456);
    image.setRGB(1, 0, 0xff123456);
    image.setRGB(2, 0, 0x80000000);
    write("a.png", image);
    assertArrayEquals(
        bytes(255, 0x12, 127, 255, 0x34, 127, 255, 0x56, 127), decode("a.png", 3, 1, 3));
  }

  @Test
  void decode_palettePng_givesThePalettesColours() throws IOException {
    byte[] r = bytes(0, 200, 1, 2);
    byte[] g = bytes(0, 100, 3, 4);
    byte[] b = bytes(0, 50, 5, 6);
    BufferedImage image =
        new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, new IndexColorModel(2, 4, r, g, b));
    image.getRaster().setSample(0, 0, 0, 1);
    image.getRaster().setSample(1, 0, 0, 3);
    write("a.png", image);
    assertArrayEquals(bytes(200, 2, 100, 4, 50, 6), decode("a.png", 3, 1, 2));
  }

  @Test
  void decode_jpegOfOneColour_isNearlyThatColour() throws IOException {
    write("a.jpg", plain(16, 16, 0x40a060));
    byte[] to = decode("a.jpg", 3, 16, 16);
    for (int i = 0; i < to.length; i++) {
      assertEquals(new int[] {0x40, 0xa0, 0x60}[i / 256], to[i] & 0xff, 3.0);
    }
  }

  @Test
  void decode_greyJpeg_isNotBrightened() throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 64; i++) {
      image.getRaster().setSample(i % 8, i / 8, 0, 60);
    }
    write("a.jpg", image);
    for (byte value : decode("a.jpg", 3, 8, 8)) {
      assertEquals(60, value & 0xff, 1.0);
    }
  }

  @Test
  void decode_otherSize_isStretched() throws IOException {
    BufferedImage image = plain(40, 20, 0);
    for (int y = 0; y < 20; y++) {
      for (int x = 20; x < 40; x++) {
        image.setRGB(x, y, Color.WHITE.getRGB());
      }
    }
    write("a.png", image);
    byte[] half = decode("a.png", 1, 10, 10);
    for (int y = 0; y < 10; y++) {
      assertEquals(0, half[y * 10] & 0xff);
      assertEquals(255, half[y * 10 + 9] & 0xff);
    }
    byte[] larger = decode("a.png", 1, 40, 80);
    assertEquals(0, larger[0] & 0xff);
    assertEquals(255, larger[79] & 0xff);
  }

  private ImageFolderSource source(@Nullable ImageSize size, @Nullable Double fraction, long seed)
      throws IOException {
    return new ImageFolderSource(
        new Path(folder.toUri().toString()),
        new ImageFolderSource.Options(size, 1, fraction, seed),
        conf);
  }

  private void writeGrey(String file, int value) throws IOException {
    write(file, plain(1, 1, value << 16 | value << 8 | value));
  }

  @Test
  void open_trainAndTestFolders_numberClassesByNameAndOrderFilesByPath() throws IOException {
    writeGrey("train/dog/b.png", 3);
    writeGrey("train/dog/a.PNG.png", 2);
    writeGrey("train/cat/z.png", 1);
    writeGrey("train/cat/inner/y.png", 4);
    writeGrey("train/cat/.hidden.png", 9);
    Files.writeString(folder.resolve("train/cat/README.txt"), "cats");
    writeGrey("test/dog/x.png", 5);
    ImageFolderSource source = source(null, null, 0);
    assertEquals(List.of("cat", "dog"), source.description().classNames());
    assertEquals(RecordFormat.image(1, 1, 1, 2), source.description().format());
    assertEquals(List.of("0 | 4", "0 | 1", "1 | 2", "1 | 3"), Read.texts(source, "train"));
    assertEquals(List.of("1 | 5"), Read.texts(source, "test"));
  }

  @Test
  void open_oneTree_cutsTheTestSplitBySeed() throws IOException {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      int label = i < 300 ? 0 : 1;
      writeGrey(String.format("%s/%03d.png", label == 0 ? "a" : "train", i), i % 256);
      all.add(label + " | " + i % 256);
    }
    ImageFolderSource source = source(null, null, 0);
    assertEquals(Map.of("train", 480L, "test", 120L), source.description().examples());
    List<String> train = Read.texts(source, "train"); // more than one block of decoding
    List<String> test = Read.texts(source, "test");
    List<String> together = new ArrayList<>(train);
    together.addAll(test);
    assertEquals(all.stream().sorted().toList(), together.stream().sorted().toList());
    assertEquals(test, Read.texts(source(null, 0.2, 0), "test"));
    assertTrue(!test.equals(Read.texts(source(null, 0.2, 1), "test")));
    assertEquals(Map.of("train", 600L), source(null, 0.0, 0).description().examples());
  }

  @Test
  void read_severalDamagedFiles_namesTheFirst() throws IOException {
    for (int i = 0; i < 40; i++) {
      writeGrey(String.format("train/a/%02d.png", i), i);
      writeGrey(String.format("train/b/%02d.png", i), i);
    }
    Files.writeString(folder.resolve("train/a/17.png"), "no image");
    Files.writeString(folder.resolve("train/a/23.png"), "no image");
    ImageFolderSource source = source(new ImageSize(4, 4), 0.0, 0);
    UserError e = assertThrows(UserError.class, () -> Read.all(source, "train"));
    assertTrue(e.getMessage().contains("/train/a/17.png is neither"), e.getMessage());
  }
}
