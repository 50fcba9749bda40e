package minilote.datasets.prepare;

import static minilote.datasets.TestData.bytes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import minilote.datasets.TestData;
import minilote.datasets.source.ImageSize;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Folders of images that are not what they should be. */
class WrongImageFolderTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> run_wrongInput_isRefusedInOneSentence() {
    WrongInputs inputs = new WrongInputs();
    inputs.add(
        "no such folder",
        "images",
        folder -> {},
        settings -> settings.from("DIR/nowhere"),
        "DIR/nowhere is not there, or no folder");
    inputs.add(
        "one class",
        "images",
        folder -> deleteAll(folder.resolve("cat")),
        "DIR has 1 subfolders with images: each class needs one, and there must be at least 2");
    inputs.add(
        "class without images",
        "images",
        folder -> Files.createDirectory(folder.resolve("bird")),
        "file:DIR/bird has no JPEG or PNG file");
    inputs.add(
        "another image format",
        "images",
        folder -> TestData.write(folder, "cat/b.webp", new byte[1]),
        "file:DIR/cat/b.webp must be a JPEG or PNG file; convert it first");
    inputs.add(
        "text named as an image",
        "images",
        folder -> TestData.write(folder, "cat/a.png", bytes('h', 'i')),
        "file:DIR/cat/a.png is neither a JPEG nor a PNG file, by its first bytes");
    inputs.add(
        "decompression bomb",
        "images",
        folder -> TestData.write(folder, "cat/a.png", TestImages.bomb(100_000, 50_000)),
        "file:DIR/cat/a.png says that it has 100000×50000 pixels, more than the 67108864 that are"
            + " decoded");
    inputs.add(
        "decompression bomb of the allowed size",
        "images",
        folder -> TestData.write(folder, "cat/a.png", TestImages.bomb(8000, 8000)),
        settings -> settings.size(new ImageSize(4, 4)),
        "file:DIR/cat/a.png cannot be decoded as PNG: Error reading PNG image data");
    inputs.add(
        "PNG cut short",
        "images",
        folder -> {
          byte[] whole = TestImages.png(64, 64);
          TestData.write(folder, "dog/a.png", Arrays.copyOf(whole, whole.length - 30));
        },
        settings -> settings.size(new ImageSize(4, 4)),
        "file:DIR/dog/a.png cannot be decoded as PNG: Error reading PNG image data");
    inputs.add(
        "JPEG cut short",
        "images",
        folder -> {
          byte[] whole = TestImages.jpeg();
          TestData.write(folder, "dog/b.jpg", Arrays.copyOf(whole, 2000));
        },
        settings -> settings.size(new ImageSize(4, 4)),
        "file:DIR/dog/b.jpg ends before its image does, at offset 2000: it has been cut short");
    inputs.add(
        "JPEG of nothing but its first bytes",
        "images",
        folder -> TestData.write(folder, "dog/b.jpg", bytes(0xff, 0xd8, 0xff, 0xe0)),
        settings -> settings.size(new ImageSize(4, 4)),
        "file:DIR/dog/b.jpg cannot be decoded as JPEG: No image data present to read");
    inputs.add(
        "sizes differ and none is given",
        "images",
        folder -> TestData.write(folder, "dog/a.png", TestImages.png(5, 4)),
        "file:DIR/dog/a.png has 5×4 pixels where the first image has 2×2: --size WxH brings all to"
            + " one size");
    inputs.add(
        "test class unknown",
        "images",
        folder -> {
          for (String file : List.of("train/a/1.png", "train/b/1.png", "test/c/1.png")) {
            TestData.write(folder, file, TestImages.png(2, 2));
          }
        },
        "DIR/test/c is a class that DIR/train does not have");
    inputs.add(
        "test fraction beside a test folder",
        "images",
        folder -> {
          for (String file : List.of("train/a/1.png", "train/b/1.png", "test/a/1.png")) {
            TestData.write(folder, file, TestImages.png(2, 2));
          }
        },
        settings -> settings.testFraction(0.1),
        "DIR has its own test/ folder, so that no test fraction can be given");
    inputs.add(
        "test fraction of everything",
        "images",
        folder -> {},
        settings -> settings.testFraction(1.0),
        "the test fraction must be at least 0 and below 1, not 1.0");
    return inputs.tests(folder, 14);
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
