package minilote.datasets.source;

import java.io.IOException;
import java.util.List;
import minilote.datasets.RecordFormat;
import minilote.datasets.UserError;

/**
 * The images of another source, of each the window in its middle: from row {@code ⌊(H − h)/2⌋} and
 * column {@code ⌊(W − w)/2⌋} on.
 */
public final class CentreCrop implements Source {
  private final Source whole;
  private final RecordFormat from;
  private final Description description;

  /**
   * @param whole a source of images
   * @param size of the window
   * @throws UserError where they are smaller, or no images
   */
  public CentreCrop(Source whole, ImageSize size) {
    this.whole = whole;
    Description all = whole.description();
    this.from = all.format();
    if (!from.isImage()) {
      throw new UserError(
          "--crop %dx%d: there are no images, but %d numbers each"
              .formatted(size.width(), size.height(), from.features()));
    }
    if (size.height() > height(from) || size.width() > width(from)) {
      throw new UserError(
          "--crop %dx%d: it must be a part of the images, which are %dx%d"
              .formatted(size.width(), size.height(), width(from), height(from)));
    }
    this.description =
        new Description(
            // Results on a part of each image must not pass for results on the whole.
            "%s-crop-%dx%d".formatted(all.name(), size.width(), size.height()),
            new RecordFormat(
                from.featureType(),
                List.of(from.channels(), size.height(), size.width()),
                from.targetKind(),
                from.targets()),
            all.classNames(),
            all.examples(),
            all.origin(),
            all.licence());
  }

  private static int height(RecordFormat format) {
    return format.shape().get(1);
  }

  private static int width(RecordFormat format) {
    return format.shape().get(2);
  }

  @Override
  public Description description() {
    return description;
  }

  @Override
  public Records open(String split) throws IOException {
    Records records = whole.open(split);
    byte[] image = new byte[from.recordBytes()];
    return new Records() {
      @Override
      public boolean read(byte[] record) throws IOException {
        boolean read = records.read(image);
        if (read) {
          cut(image, record);
        }
        return read;
      }

      @Override
      public void close() throws IOException {
        records.close();
      }
    };
  }

  private void cut(byte[] image, byte[] window) {
    RecordFormat to = description.format();
    int bytes = from.featureType().size();
    int top = (height(from) - height(to)) / 2;
    int left = (width(from) - width(to)) / 2;
    int row = width(to) * bytes;
    System.arraycopy(image, 0, window, 0, from.targetBytes());
    for (int c = 0; c < from.channels(); c++) {
      for (int y = 0; y < height(to); y++) {
        System.arraycopy(
            image,
            from.targetBytes() + ((c * height(from) + top + y) * width(from) + left) * bytes,
            window,
            to.targetBytes() + (c * height(to) + y) * row,
            row);
      }
    }
  }
}
