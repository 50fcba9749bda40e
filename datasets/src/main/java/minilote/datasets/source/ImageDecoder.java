package minilote.datasets.source;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import minilote.datasets.UserError;
import net.coobird.thumbnailator.Thumbnails;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Makes bytes, channels first, of JPEG and PNG files: each image is stretched to one size, its
 * transparent parts are seen over white, grey is 0.299 R + 0.587 G + 0.114 B. Embedded colour
 * profiles and the camera's orientation are not applied.
 *
 * <p>An image's size is read from its header before memory is taken for its pixels, so that a small
 * file cannot ask for much of it. Safe for several threads at once.
 */
public final class ImageDecoder {
  /** Pixels that an image may have before it is resized: 8192 × 8192. */
  static final long MAX_PIXELS = 1L << 26;

  private static final long MAX_FILE_BYTES = 256L << 20;

  // Larger ones are decoded one at a time: many threads with a large image each would take
  // gigabytes.
  private static final long LARGE_PIXELS = 1L << 22;
  private static final Object LARGE_IMAGES = new Object();

  // Looked up once: the registry asks every decoder that is installed, each time.
  private static final ImageReaderSpi JPEG = decoder("jpeg");
  private static final ImageReaderSpi PNG = decoder("png");

  private final int channels;
  private final int height;
  private final int width;
  private final boolean resize;

  /**
   * @param channels 3 for red, green and blue, 1 for grey
   */
  public ImageDecoder(int channels, int height, int width) {
    this(channels, height, width, true);
  }

  /**
   * @param resize whether images of another size are stretched; otherwise they are refused
   */
  ImageDecoder(int channels, int height, int width, boolean resize) {
    if (channels != 1 && channels != 3) {
      throw new UserError("images have 1 channel (grey) or 3 (colour), not " + channels);
    }
    if (height < 1 || width < 1 || (long) height * width > MAX_PIXELS) {
      throw new UserError(
          "images are resized to 1×1 up to %d pixels, not to %d×%d"
              .formatted(MAX_PIXELS, width, height));
    }
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.resize = resize;
  }

  /**
   * Decodes one file.
   *
   * @param to receives channels × height × width bytes from {@code offset} on
   * @throws UserError naming the file when it is no image, damaged or gigantic
   */
  public void decode(Path file, Configuration conf, byte[] to, int offset) throws IOException {
    byte[] content = content(file, conf);
    reading(
        file,
        content,
        reader -> {
          Size size = size(file, reader);
          if (!resize && (size.width() != width || size.height() != height)) {
            throw new UserError(
                "%s has %d×%d pixels where the first image has %d×%d: --size WxH brings all to one size"
                    .formatted(file, size.width(), size.height(), width, height));
          }
          if (size.pixels() > LARGE_PIXELS) {
            synchronized (LARGE_IMAGES) {
              write(read(file, content, reader), to, offset);
            }
          } else {
            write(read(file, content, reader), to, offset);
          }
          return size;
        });
  }

  private static ImageReaderSpi decoder(String format) {
    return ImageIO.getImageReadersByFormatName(format).next().getOriginatingProvider();
  }

  /** Width and height in pixels. */
  record Size(int width, int height) {
    long pixels() {
      return (long) width * height;
    }
  }

  /** The size of an image, from its header alone. */
  static Size size(Path file, Configuration conf) throws IOException {
    return reading(file, content(file, conf), reader -> size(file, reader));
  }

  private static Size size(Path file, ImageReader reader) throws IOException {
    Size size = new Size(reader.getWidth(0), reader.getHeight(0));
    if (size.pixels() > MAX_PIXELS) {
      throw new UserError(
          "%s says that it has %d×%d pixels, more than the %d that are decoded"
              .formatted(file, size.width(), size.height(), MAX_PIXELS));
    }
    return size;
  }

  private static byte[] content(Path file, Configuration conf) throws IOException {
    FileSystem files = file.getFileSystem(conf);
    try (FSDataInputStream in = files.open(file)) {
      byte[] content = in.readNBytes((int) MAX_FILE_BYTES + 1);
      if (content.length > MAX_FILE_BYTES) {
        throw new UserError(
            "%s is larger than %d MB: no image to train on".formatted(file, MAX_FILE_BYTES >> 20));
      }
      return content;
    } catch (FileNotFoundException e) {
      throw new UserError(file + " is not there", e);
    }
  }

  private BufferedImage read(Path file, byte[] content, ImageReader reader) throws IOException {
    // A JPEG file cut short is only warned of; the rest of its image would be grey.
    AtomicBoolean cutShort = new AtomicBoolean();
    reader.addIIOReadWarningListener(
        (source, warning) -> {
          if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
            cutShort.set(true);
          }
        });
    BufferedImage image = reader.read(0);
    if (cutShort.get()) {
      throw new UserError(
          "%s ends before its image does, at offset %d: it has been cut short"
              .formatted(file, content.length));
    }
    BufferedImage rgb = toRgb(image);
    if (rgb.getWidth() == width && rgb.getHeight() == height) {
      return rgb;
    }
    return Thumbnails.of(rgb)
        .forceSize(width, height)
        .imageType(BufferedImage.TYPE_INT_RGB)
        .asBufferedImage();
  }

  private interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  private static <T> T reading(Path file, byte[] content, Reading<T> reading) throws IOException {
    ImageReaderSpi format = format(content);
    if (format == null) {
      throw new UserError(file + " is neither a JPEG nor a PNG file, by its first bytes");
    }
    ImageReader reader = format.createReaderInstance();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
      reader.setInput(in, true, true);
      return reading.from(reader);
    } catch (UserError e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The decoders answer damaged files with exceptions of nearly every kind.
      throw new UserError(
          "%s cannot be decoded as %s: %s"
              .formatted(file, format == JPEG ? "JPEG" : "PNG", String.valueOf(e.getMessage())),
          e);
    } finally {
      reader.dispose();
    }
  }

  /** The decoder for what the first bytes say a file is. */
  private static @Nullable ImageReaderSpi format(byte[] content) {
    if (content.length > 3
        && (content[0] & 0xff) == 0xff
        && (content[1] & 0xff) == 0xd8
        && (content[2] & 0xff) == 0xff) {
      return JPEG;
    }
    if (content.length > 8
        && (content[0] & 0xff) == 0x89
        && content[1] == 'P'
        && content[2] == 'N'
        && content[3] == 'G') {
      return PNG;
    }
    return null;
  }

  /**
   * Takes the stored samples as they are. Java's own conversion of grey images takes their values
   * for linear light and changes them.
   */
  private static BufferedImage toRgb(BufferedImage image) {
    int w = image.getWidth();
    int h = image.getHeight();
    BufferedImage rgb = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[w];
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    boolean samples =
        model instanceof ComponentColorModel
            && (raster.getTransferType() == DataBuffer.TYPE_BYTE
                || raster.getTransferType() == DataBuffer.TYPE_USHORT);
    int shift = raster.getTransferType() == DataBuffer.TYPE_USHORT ? 8 : 0;
    int[] values = new int[samples ? w * bands : 0];
    for (int y = 0; y < h; y++) {
      if (samples) {
        raster.getPixels(0, y, w, 1, values);
        int colours = bands >= 3 ? 3 : 1;
        for (int x = 0; x < w; x++) {
          int at = x * bands;
          int alpha = bands == colours ? 255 : values[at + colours] >> shift;
          int r = values[at] >> shift;
          int g = values[at + (colours == 3 ? 1 : 0)] >> shift;
          int b = values[at + (colours == 3 ? 2 : 0)] >> shift;
          row[x] = overWhite(r, alpha) << 16 | overWhite(g, alpha) << 8 | overWhite(b, alpha);
        }
      } else {
        image.getRGB(0, y, w, 1, row, 0, w);
        for (int x = 0; x < w; x++) {
          int argb = row[x];
          int alpha = argb >>> 24;
          row[x] =
              overWhite(argb >> 16 & 0xff, alpha) << 16
                  | overWhite(argb >> 8 & 0xff, alpha) << 8
                  | overWhite(argb & 0xff, alpha);
        }
      }
      rgb.setRGB(0, y, w, 1, row, 0, w);
    }
    return rgb;
  }

  private static int overWhite(int value, int alpha) {
    return alpha == 255 ? value : (value * alpha + 255 * (255 - alpha) + 127) / 255;
  }

  private void write(BufferedImage image, byte[] to, int offset) {
    int pixels = width * height;
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int r = row[x] >> 16 & 0xff;
        int g = row[x] >> 8 & 0xff;
        int b = row[x] & 0xff;
        int at = offset + y * width + x;
        if (channels == 1) {
          to[at] = (byte) ((299 * r + 587 * g + 114 * b + 500) / 1000);
        } else {
          to[at] = (byte) r;
          to[at + pixels] = (byte) g;
          to[at + 2 * pixels] = (byte) b;
        }
      }
    }
  }
}
