package minilote.driver.lesson;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import minilote.datasets.Dataset;
import minilote.datasets.FeatureType;
import minilote.datasets.Normalization;
import minilote.datasets.RecordFormat;
import minilote.datasets.RecordReader;
import minilote.datasets.TargetKind;
import minilote.datasets.UserError;
import minilote.driver.report.Images;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The first images of a split, with their classes, in the order of their ids. */
final class Pictures {
  private static final int RGB = 3;

  private final Dataset dataset;
  private final byte[] records;

  private Pictures(Dataset dataset, byte[] records) {
    this.dataset = dataset;
    this.records = records;
  }

  /**
   * Reads them.
   *
   * @param most how many at most
   * @throws UserError where they are no images with classes
   */
  static Pictures of(LessonData.Found found, String split, int most, Configuration configuration)
      throws IOException {
    Dataset dataset = found.dataset();
    requirePictures(found);
    int count = (int) Math.min(most, dataset.split(split).examples());
    byte[] records = new byte[count * dataset.format().recordBytes()];
    try (RecordReader reader =
        new RecordReader(new Path(found.folder()), dataset, split, 0, count, configuration)) {
      if (reader.read(records) != count) {
        throw new IllegalStateException("a reader gave fewer records than its range has");
      }
    }
    return new Pictures(dataset, records);
  }

  /**
   * Makes sure that examples can be seen and classified, and that some are for a test.
   *
   * @throws UserError where they cannot, or none are
   */
  static void requirePictures(LessonData.Found found) {
    requireTraining(found);
    if (!found.dataset().splits().containsKey(Dataset.TEST)) {
      throw new UserError(
          "--data %s: it has no test split, and the lesson needs one".formatted(found.folder()));
    }
  }

  /**
   * The same where training examples are enough.
   *
   * @throws UserError where they cannot be seen and classified
   */
  static void requireTraining(LessonData.Found found) {
    RecordFormat format = found.dataset().format();
    boolean seen =
        format.featureType() == FeatureType.BYTES
            && format.isImage()
            && (format.channels() == 1 || format.channels() == RGB);
    if (!seen || format.targetKind() != TargetKind.CLASS) {
      throw new UserError(
          "--data %s: its examples are %s of shape %s with %s as targets, and the lesson needs grey or colour images with classes, such as minilote prepare --dataset mnist makes"
              .formatted(
                  found.folder(),
                  format.featureType().word(),
                  format.shape(),
                  format.targetKind().word()));
    }
  }

  int count() {
    return records.length / format().recordBytes();
  }

  RecordFormat format() {
    return dataset.format();
  }

  int height() {
    return format().shape().get(1);
  }

  int width() {
    return format().shape().get(2);
  }

  /** The class of an image. */
  int label(int index) {
    return format().label(records, index * format().recordBytes());
  }

  /** What a class is called. */
  String name(int label) {
    List<String> names = dataset.classNames();
    return names.isEmpty() ? String.valueOf(label) : names.get(label);
  }

  /** The first images of a class. */
  int[] ofClass(int label, int most) {
    return IntStream.range(0, count()).filter(i -> label(i) == label).limit(most).toArray();
  }

  /** The image as it is. */
  Images.Tile tile(String caption, int index) {
    int at = index * format().recordBytes() + format().targetBytes();
    return new Images.Tile(
        caption,
        width(),
        height(),
        format().channels(),
        Arrays.copyOfRange(records, at, at + format().featureBytes()));
  }

  /** The image as a network is given it, into row {@code row} of its inputs. */
  void input(int index, Normalization normalization, float[] inputs, int row) {
    normalization.apply(
        format(), records, index * format().recordBytes(), inputs, row * format().features());
  }

  /**
   * Weights of an image's shape as an image: grey is 0 and of three channels also a colour.
   *
   * @param numbers channels × height × width
   */
  static Images.Tile signed(String caption, int channels, int height, int width, float[] numbers) {
    // One scale for all channels, whatever they are.
    Images.Tile grey = Images.Tile.signed(caption, width, channels * height, numbers);
    return new Images.Tile(caption, width, height, channels, grey.pixels());
  }
}
