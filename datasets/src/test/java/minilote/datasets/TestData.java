package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Makes small files of the official formats, and finds the real ones. */
public final class TestData {
  private TestData() {}

  /**
   * The folder of a real data set; the test is skipped, saying so, where there is none and none is
   * required.
   */
  public static Path real(String name) {
    String said = System.getenv("MINILOTE_DATA");
    Path base =
        said != null && !said.isEmpty()
            ? Path.of(said)
            : Path.of(System.getProperty("user.home"), ".cache", "minilote", "data");
    Path folder = base.resolve(name);
    if ("required".equals(System.getProperty("minilote.real-data"))) { // the profile real-data
      assertTrue(
          Files.isDirectory(folder),
          () -> folder + " is not there: MINILOTE_DATA says where the real data sets are");
    }
    assumeTrue(
        Files.isDirectory(folder),
        () -> folder + " is not there: skipped; MINILOTE_DATA says where the real data sets are");
    return folder;
  }

  public static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  /** An IDX file: magic number, the sizes, the bytes. */
  public static byte[] idx(int magic, int[] sizes, byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataOutputStream data = new DataOutputStream(out)) {
      data.writeInt(magic);
      for (int size : sizes) {
        data.writeInt(size);
      }
      data.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  /** Images of one colour each: image i has all bytes {@code first + i}. */
  public static byte[] idxImages(int count, int height, int width, int first) {
    byte[] pixels = new byte[count * height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (first + i / (height * width));
    }
    return idx(0x803, new int[] {count, height, width}, pixels);
  }

  public static byte[] idxLabels(int... labels) {
    return idx(0x801, new int[] {labels.length}, bytes(labels));
  }

  public static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** A folder like MNIST's: 6 training and 2 test images of 2 × 3. */
  public static void writeMnist(Path folder) throws IOException {
    write(folder, "train-images-idx3-ubyte", idxImages(6, 2, 3, 100));
    write(folder, "train-labels-idx1-ubyte", idxLabels(5, 0, 4, 1, 9, 2));
    write(folder, "t10k-images-idx3-ubyte.gz", gzip(idxImages(2, 2, 3, 200)));
    write(folder, "t10k-labels-idx1-ubyte.gz", gzip(idxLabels(7, 2)));
  }

  /**
   * Records of CIFAR: record i has the given labels, red {@code first + i}, green one more, blue
   * two more.
   */
  public static byte[] cifar(int first, int[]... labels) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < labels.length; i++) {
      out.writeBytes(bytes(labels[i]));
      for (int c = 0; c < 3; c++) {
        for (int p = 0; p < 1024; p++) {
          out.write(first + i + c);
        }
      }
    }
    return out.toByteArray();
  }

  /** A folder like CIFAR-10's: five batches of 2 examples and a test batch of 1. */
  public static void writeCifar10(Path folder) throws IOException {
    for (int batch = 1; batch <= 5; batch++) {
      write(
          folder,
          "data_batch_" + batch + ".bin",
          cifar(10 * batch, new int[] {batch}, new int[] {batch + 1}));
    }
    write(folder, "test_batch.bin", cifar(90, new int[] {9}));
  }

  public static void write(Path folder, String file, byte[] bytes) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    try (OutputStream out = Files.newOutputStream(path)) {
      out.write(bytes);
    }
  }

  /** A .tar.gz of the files of a folder, each with a prefix before its name. */
  public static void writeTarGz(Path archive, String prefix, Path folder) throws IOException {
    try (TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(archive)));
        Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        TarArchiveEntry entry = new TarArchiveEntry(prefix + file.getFileName());
        entry.setSize(Files.size(file));
        tar.putArchiveEntry(entry);
        Files.copy(file, tar);
        tar.closeArchiveEntry();
      }
    }
  }
}
