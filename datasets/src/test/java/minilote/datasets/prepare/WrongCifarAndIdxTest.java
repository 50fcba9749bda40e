package minilote.datasets.prepare;

import static minilote.datasets.TestData.bytes;
import static minilote.datasets.TestData.cifar;
import static minilote.datasets.TestData.gzip;
import static minilote.datasets.TestData.idx;
import static minilote.datasets.TestData.idxImages;
import static minilote.datasets.TestData.idxLabels;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import minilote.datasets.TestData;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** CIFAR and IDX files that are not what they should be. */
class WrongCifarAndIdxTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> run_wrongInput_isRefusedInOneSentence() {
    WrongInputs inputs = new WrongInputs();
    addCifar(inputs);
    addIdx(inputs);
    return inputs.tests(folder, 26);
  }

  private static void addCifar(WrongInputs inputs) {
    inputs.add(
        "batch missing",
        "cifar-10",
        folder -> Files.delete(folder.resolve("data_batch_3.bin")),
        "DIR/data_batch_3.bin is not there: cifar-10 in its binary version has data_batch_1.bin,"
            + " data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin,"
            + " test_batch.bin");
    inputs.add(
        "batch cut short",
        "cifar-10",
        folder ->
            TestData.write(
                folder,
                "data_batch_2.bin",
                Arrays.copyOf(cifar(1, new int[] {1}, new int[] {2}), 6000)),
        "DIR/data_batch_2.bin has 6000 bytes, which are not whole records of 3073: record 1, which"
            + " begins at offset 3073, is cut short");
    inputs.add(
        "batch empty",
        "cifar-10",
        folder -> TestData.write(folder, "test_batch.bin", new byte[0]),
        "DIR/test_batch.bin has 0 bytes, which are not whole records of 3073: record 0, which begins"
            + " at offset 0, is cut short");
    inputs.add(
        "label out of range",
        "cifar-10",
        folder ->
            TestData.write(folder, "data_batch_5.bin", cifar(1, new int[] {9}, new int[] {10})),
        "DIR/data_batch_5.bin: label 10 at offset 3073 is out of range, it must be 0..9");
    inputs.add(
        "coarse label out of range",
        "cifar-100",
        folder -> {
          TestData.write(folder, "train.bin", cifar(1, new int[] {1, 2}, new int[] {20, 3}));
          TestData.write(folder, "test.bin", cifar(1, new int[] {1, 2}));
        },
        "DIR/train.bin: label 20 at offset 3074 is out of range, it must be 0..19");
    inputs.add(
        "fine label out of range",
        "cifar-100",
        folder -> {
          TestData.write(folder, "train.bin", cifar(1, new int[] {1, 2}));
          TestData.write(folder, "test.bin", cifar(1, new int[] {1, 2}, new int[] {1, 100}));
        },
        "DIR/test.bin: label 100 at offset 3075 is out of range, it must be 0..99");
    inputs.add(
        "nothing at the path",
        "cifar-10",
        folder -> {},
        settings -> settings.from("DIR/nowhere"),
        "DIR/nowhere is not there");
    inputs.add(
        "no archive",
        "cifar-10",
        folder -> Files.writeString(folder.resolve("a.tar.gz"), "hello"),
        settings -> settings.from("DIR/a.tar.gz"),
        "DIR/a.tar.gz cannot be unpacked as .tar.gz: Not in GZIP format");
    inputs.add(
        "archive without a batch",
        "cifar-10",
        folder -> {
          Path some = Files.createDirectory(folder.resolve("some"));
          TestData.writeCifar10(some);
          Files.delete(some.resolve("data_batch_4.bin"));
          TestData.writeTarGz(folder.resolve("a.tar.gz"), "cifar/", some);
        },
        settings -> settings.from("DIR/a.tar.gz"),
        "DIR/a.tar.gz has no data_batch_4.bin");
    inputs.add(
        "archive that leads out",
        "cifar-10",
        folder -> TestData.writeTarGz(folder.resolve("a.tar.gz"), "../", folder.resolve("inner")),
        settings -> settings.from("DIR/a.tar.gz"),
        "DIR/a.tar.gz has an entry \"../x\" that leads out of its folder: it is not unpacked");
  }

  private static void addIdx(WrongInputs inputs) {
    inputs.add(
        "images missing",
        "mnist",
        folder -> Files.delete(folder.resolve("train-images-idx3-ubyte")),
        "DIR/train-images-idx3-ubyte is not there, nor with .gz: the images and labels of MNIST and"
            + " Fashion-MNIST have these names");
    inputs.add(
        "labels where images belong",
        "mnist",
        folder -> TestData.write(folder, "train-images-idx3-ubyte", idxLabels(1, 2, 3)),
        "DIR/train-images-idx3-ubyte begins with the magic number 0x00000801 at offset 0 where"
            + " IDX images have 0x00000803");
    inputs.add(
        "text where labels belong",
        "fashion-mnist",
        folder ->
            TestData.write(
                folder, "train-labels-idx1-ubyte", "hello".getBytes(StandardCharsets.UTF_8)),
        "DIR/train-labels-idx1-ubyte begins with the magic number 0x68656c6c at offset 0 where"
            + " IDX labels have 0x00000801");
    inputs.add(
        "empty file",
        "mnist",
        folder -> TestData.write(folder, "train-labels-idx1-ubyte", new byte[0]),
        "DIR/train-labels-idx1-ubyte ends at offset 0, within the magic number, which begins at"
            + " 0: it has been cut short");
    inputs.add(
        "header cut short",
        "mnist",
        folder ->
            TestData.write(
                folder, "train-images-idx3-ubyte", Arrays.copyOf(idxImages(6, 2, 3, 0), 10)),
        "DIR/train-images-idx3-ubyte ends at offset 10, within the height, which begins at 8: it"
            + " has been cut short");
    inputs.add(
        "images cut short",
        "mnist",
        folder ->
            TestData.write(
                folder, "train-images-idx3-ubyte", Arrays.copyOf(idxImages(6, 2, 3, 0), 45)),
        "DIR/train-images-idx3-ubyte ends at offset 45, within image 4, which begins at 40: it"
            + " has been cut short");
    inputs.add(
        "packed images cut short",
        "mnist",
        folder ->
            TestData.write(
                folder,
                "t10k-images-idx3-ubyte.gz",
                gzip(Arrays.copyOf(idxImages(2, 2, 3, 0), 25))),
        "DIR/t10k-images-idx3-ubyte.gz ends at offset 25 of the unpacked data, within image 1,"
            + " which begins at 22: it has been cut short");
    inputs.add(
        "gzip cut short",
        "mnist",
        folder -> {
          byte[] packed = gzip(idxLabels(7, 2));
          TestData.write(
              folder, "t10k-labels-idx1-ubyte.gz", Arrays.copyOf(packed, packed.length - 8));
        },
        "DIR/t10k-labels-idx1-ubyte.gz cannot be unpacked beyond offset 10 of the unpacked data:"
            + " the gzip file is cut short or damaged");
    inputs.add(
        "gzip damaged",
        "mnist",
        folder -> {
          byte[] packed = gzip(idxLabels(7, 2));
          packed[packed.length - 8] ^= 1; // its CRC
          TestData.write(folder, "t10k-labels-idx1-ubyte.gz", packed);
        },
        "DIR/t10k-labels-idx1-ubyte.gz cannot be unpacked beyond offset 10 of the unpacked data:"
            + " the gzip file is cut short or damaged");
    inputs.add(
        "gzip only in its first bytes",
        "mnist",
        folder -> TestData.write(folder, "t10k-labels-idx1-ubyte.gz", bytes(0x1f, 0x8b, 0)),
        "DIR/t10k-labels-idx1-ubyte.gz begins like a gzip file and is none");
    inputs.add(
        "more than the header says",
        "mnist",
        folder ->
            TestData.write(
                folder, "train-images-idx3-ubyte", idx(0x803, new int[] {6, 2, 3}, new byte[37])),
        "DIR/train-images-idx3-ubyte goes on at offset 52, after the 6 examples that its header"
            + " says it has");
    inputs.add(
        "fewer labels than images",
        "mnist",
        folder -> TestData.write(folder, "train-labels-idx1-ubyte", idxLabels(1, 2)),
        "DIR/train-labels-idx1-ubyte has 2 labels where DIR/train-images-idx3-ubyte has 6"
            + " images");
    inputs.add(
        "label out of range",
        "mnist",
        folder -> TestData.write(folder, "train-labels-idx1-ubyte", idxLabels(1, 2, 3, 4, 10, 6)),
        "DIR/train-labels-idx1-ubyte: label 10 at offset 12 is out of range, it must be 0..9");
    inputs.add(
        "no examples",
        "mnist",
        folder -> TestData.write(folder, "train-images-idx3-ubyte", idxImages(0, 2, 3, 0)),
        "DIR/train-images-idx3-ubyte says at offset 4 that it has 0 images, it must be at least"
            + " 1");
    inputs.add(
        "a negative number of examples",
        "mnist",
        folder ->
            TestData.write(
                folder, "train-images-idx3-ubyte", idx(0x803, new int[] {-1, 2, 3}, new byte[0])),
        "DIR/train-images-idx3-ubyte says at offset 4 that it has 4294967295 images, it must be"
            + " at least 1");
    inputs.add(
        "images without pixels",
        "mnist",
        folder ->
            TestData.write(
                folder, "train-images-idx3-ubyte", idx(0x803, new int[] {6, 0, 3}, new byte[0])),
        "DIR/train-images-idx3-ubyte: images of 3 × 0, said at offset 8, have no pixels");
    inputs.add(
        "gigantic images",
        "mnist",
        folder -> {
          byte[] huge = idx(0x803, new int[] {6, 1 << 20, 1 << 20}, new byte[0]);
          TestData.write(folder, "train-images-idx3-ubyte", huge);
          TestData.write(
              folder,
              "t10k-images-idx3-ubyte.gz",
              idx(0x803, new int[] {2, 1 << 20, 1 << 20}, new byte[0]));
        },
        "DIR/train-images-idx3-ubyte: a record of shape [1, 1048576, 1048576] would take more than 268435456 bytes");
    inputs.add(
        "test images of another size",
        "mnist",
        folder -> TestData.write(folder, "t10k-images-idx3-ubyte.gz", idxImages(2, 3, 3, 0)),
        "DIR/t10k-images-idx3-ubyte.gz: images of 3 × 3, said at offset 8, do not fit the"
            + " training images of 3 × 2");
    inputs.add(
        "a file where a folder belongs",
        "mnist",
        folder -> {},
        settings -> settings.from("DIR/train-images-idx3-ubyte"),
        "DIR/train-images-idx3-ubyte is not there, or no folder: give the folder with the four IDX"
            + " files");
  }
}
