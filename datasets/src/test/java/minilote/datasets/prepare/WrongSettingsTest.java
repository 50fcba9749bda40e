package minilote.datasets.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import minilote.datasets.UserError;
import minilote.datasets.source.ImageSize;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Settings that are out of range or do not fit each other. */
class WrongSettingsTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> run_wrongInput_isRefusedInOneSentence() {
    WrongInputs inputs = new WrongInputs();
    inputs.settings(
        "data set unknown",
        "imagenet",
        s -> s,
        "there is no data set \"imagenet\": it must be one of cifar-10, cifar-100, mnist,"
            + " fashion-mnist, sample, images, csv, libsvm");
    inputs.settings(
        "no source", "csv", s -> s.from(null), "--from is missing: say where the csv are");
    inputs.settings(
        "no target", "mnist", s -> s.to(" "), "--to is missing: say which folder the shards go to");

    inputs.settings("no shards", "mnist", s -> s.shards(0), "--shards must be 1 to 100000, not 0");
    inputs.settings(
        "more shards than examples",
        "mnist",
        s -> s.shards(7),
        "6 training examples cannot fill 7 shards: --shards must be at most that");
    inputs.settings("no copies", "mnist", s -> s.copies(0), "--copies must be at least 1, not 0");
    inputs.settings(
        "two channels",
        "images",
        s -> s.channels(2),
        "--channels must be 1 (grey) or 3 (colour), not 2");
    inputs.settings(
        "option of another data set",
        "cifar-10",
        s -> s.size(new ImageSize(8, 8)),
        "--size is not for the data set cifar-10");
    inputs.settings(
        "window of numbers",
        "csv",
        s -> s.crop(new ImageSize(8, 8)),
        "--crop is not for the data set csv");
    inputs.settings(
        "window larger than the images",
        "mnist",
        s -> s.crop(new ImageSize(2, 3)),
        "--crop 2x3: it must be a part of the images, which are 3x2");
    inputs.settings(
        "column for libsvm",
        "libsvm",
        s -> s.targetColumns(List.of("a")),
        "--target-columns is not for the data set libsvm");
    inputs.settings(
        "source for the sample", "sample", s -> s, "--from is not for the data set sample");
    inputs.settings(
        "test file and test fraction",
        "csv",
        s -> s.test("DIR/t").testFraction(0.5),
        "--test names the test examples, so that --test-fraction and --test-seed mean nothing");
    inputs.settings(
        "target that is a file",
        "mnist",
        s -> s.to("DIR/train-images-idx3-ubyte"),
        "file:DIR/train-images-idx3-ubyte is a file: give a new folder for the data set");
    inputs.settings(
        "target that is the source",
        "mnist",
        s -> s.to("DIR"),
        "file:DIR already has other files, such as A: give a new folder for the data set");
    inputs.settings("no URI", "mnist", s -> s.to("a:b:c"), "\"a:b:c\" is neither a path nor a URI");
    inputs.settings(
        "URL without a host",
        "csv",
        s -> s.from("http:///t.csv"),
        "\"http:///t.csv\" is a URL without a host");
    return inputs.tests(folder, 17);
  }

  @Test
  void parse_wrongImageSizes_areRefused() {
    assertEquals(new ImageSize(32, 24), ImageSize.parse("32x24"));
    for (String wrong : List.of("", "32", "x", "32x", "-1x2", "32x24x3", "3.5x2", "1000000x1")) {
      UserError e = assertThrows(UserError.class, () -> ImageSize.parse(wrong));
      assertEquals(
          "an image size is written WIDTHxHEIGHT, as in 32x24, not \"" + wrong + "\"",
          e.getMessage());
    }
    UserError e = assertThrows(UserError.class, () -> ImageSize.parse("0x3"));
    assertEquals("an image size must be between 1x1 and 67108864 pixels, not 0x3", e.getMessage());
  }
}
