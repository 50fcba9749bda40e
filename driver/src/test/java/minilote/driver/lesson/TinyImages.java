package minilote.driver.lesson;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import minilote.datasets.ProgressListener;
import minilote.datasets.prepare.Preparation;
import minilote.datasets.prepare.PreparationSettings;
import org.apache.hadoop.conf.Configuration;

/**
 * Few images of 28 × 28 that are easy to tell apart, in the files of MNIST: of class k, a bright
 * bar in rows 2k + 4 to 2k + 6, from a column of its own on, on a dark ground, both with noise.
 */
final class TinyImages {
  static final int SIDE = 28;
  static final int CLASSES = 10;
  private static final int AREA = SIDE * SIDE;

  final byte[][] train;
  final byte[][] test;

  private TinyImages(int train, int test, int contrast) {
    SplittableRandom random = new SplittableRandom(1);
    this.train = images(train, contrast, random);
    this.test = images(test, contrast, random);
  }

  private static byte[][] images(int count, int contrast, SplittableRandom random) {
    byte[][] images = new byte[count][AREA];
    for (int i = 0; i < count; i++) {
      int top = 2 * label(i) + 4;
      int left = random.nextInt(16);
      for (int pixel = 0; pixel < AREA; pixel++) {
        int row = pixel / SIDE;
        int column = pixel % SIDE;
        boolean bright = row >= top && row < top + 3 && column >= left && column < left + 10;
        images[i][pixel] = (byte) ((bright ? contrast : 0) + random.nextInt(250 - contrast));
      }
    }
    return images;
  }

  /** The class of an image. */
  static int label(int index) {
    return (7 * index + 3) % CLASSES;
  }

  /**
   * Prepares them as a data set of that name, in a folder of that name.
   *
   * @param name mnist or fashion-mnist
   */
  static TinyImages prepare(Path folder, String name, int train, int test) throws IOException {
    return prepare(folder, name, train, test, 160);
  }

  /** The same with bars so much brighter than the ground: few are hard to see in the noise. */
  static TinyImages prepare(Path folder, String name, int train, int test, int contrast)
      throws IOException {
    TinyImages images = new TinyImages(train, test, contrast);
    Path raw = Files.createDirectories(folder.resolve("raw-" + name));
    write(raw, "train", images.train);
    write(raw, "t10k", images.test);
    new Preparation(
            PreparationSettings.of(name)
                .from(raw.toString())
                .to(folder.resolve(name).toUri().toString())
                .build(),
            new Configuration())
        .run(ProgressListener.NONE);
    return images;
  }

  private static void write(Path raw, String stem, byte[][] images) throws IOException {
    ByteBuffer pixels = ByteBuffer.allocate(16 + images.length * AREA);
    pixels.putInt(0x803).putInt(images.length).putInt(SIDE).putInt(SIDE);
    ByteBuffer labels = ByteBuffer.allocate(8 + images.length);
    labels.putInt(0x801).putInt(images.length);
    for (int i = 0; i < images.length; i++) {
      pixels.put(images[i]);
      labels.put((byte) label(i));
    }
    Files.write(raw.resolve(stem + "-images-idx3-ubyte"), pixels.array());
    Files.write(raw.resolve(stem + "-labels-idx1-ubyte"), labels.array());
  }
}
