package minilote.driver;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Small data sets, runs and damaged files of tests, in one folder. */
final class Fixtures {
  private static final int ROWS = 60;

  private final Path folder;

  Fixtures(Path folder) {
    this.folder = folder;
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  String name(String name) {
    return path(name).toString();
  }

  /** Three numbers, and a class that follows from them. */
  void table(String file) throws IOException {
    StringBuilder rows = new StringBuilder("length,width,height,kind\n");
    for (int i = 0; i < ROWS; i++) {
      rows.append("%d.5,%d,%d,%s\n".formatted(i % 7, i % 3, (i * 5) % 11, "abc".charAt(i % 3)));
    }
    Files.writeString(path(file), rows);
  }

  /** Grey squares: dark ones and bright ones, a subfolder each. */
  void images(String name) throws IOException {
    for (int i = 0; i < 20; i++) {
      String kind = i % 2 == 0 ? "bright" : "dark";
      Files.createDirectories(path(name).resolve(kind));
      image(name + "/" + kind + "/" + i + ".png", i % 2 == 0 ? 200 + i : 20 + i);
    }
  }

  void image(String file, int brightness) throws IOException {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 16; i++) {
      image.setRGB(i % 4, i / 4, (brightness + i % 5) * 0x010101);
    }
    ImageIO.write(image, "png", path(file).toFile());
  }

  void text(String file, String content) throws IOException {
    Files.createDirectories(path(file).getParent());
    Files.writeString(path(file), content);
  }

  void bytes(String file, byte[] content) throws IOException {
    Files.createDirectories(path(file).getParent());
    Files.write(path(file), content);
  }

  /** A CIFAR-10 batch of one record with that label. */
  byte[] cifarRecord(int label) {
    byte[] record = new byte[3073];
    record[0] = (byte) label;
    return record;
  }

  /** An IDX header with that magic number, and nothing after it. */
  byte[] idxHeader(int magic, int... sizes) {
    ByteBuffer header = ByteBuffer.allocate(4 + 4 * sizes.length).putInt(magic);
    Arrays.stream(sizes).forEach(header::putInt);
    return header.array();
  }

  /** A copy of a folder. */
  void copy(String from, String to) throws IOException {
    try (var files = Files.walk(path(from))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = path(to).resolve(path(from).relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /** Replaces a part of a text file. */
  void edit(String file, String old, String replacement) throws IOException {
    String text = Files.readString(path(file));
    if (!text.contains(old)) {
      throw new AssertionError(file + " does not hold " + old + ":\n" + text);
    }
    Files.writeString(path(file), text.replace(old, replacement));
  }

  /** Flips the lowest bit of one byte. */
  void flip(String file, int offset) throws IOException {
    byte[] content = Files.readAllBytes(path(file));
    content[offset] ^= 1;
    Files.write(path(file), content);
  }

  void cut(String file, int bytes) throws IOException {
    byte[] content = Files.readAllBytes(path(file));
    Files.write(path(file), Arrays.copyOf(content, content.length - bytes));
  }

  static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
