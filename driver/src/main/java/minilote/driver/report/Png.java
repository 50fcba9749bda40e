package minilote.driver.report;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * A small image as a PNG file (RFC 2083), of eight bits a sample. Java's own writer needs AWT,
 * which is missing where fonts are.
 */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int GREY = 0;
  private static final int COLOUR = 2;
  private static final byte UNFILTERED = 0;

  private Png() {}

  /**
   * Of an image of one channel or three.
   *
   * @param pixels height × width × channels, row-major
   */
  static byte[] of(int width, int height, int channels, byte[] pixels) {
    if ((channels != 1 && channels != 3) || pixels.length != width * height * channels) {
      throw new IllegalArgumentException(
          "%d bytes are no image of %d × %d with %d channels"
              .formatted(pixels.length, width, height, channels));
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      file.write(SIGNATURE);
      ByteArrayOutputStream header = new ByteArrayOutputStream();
      DataOutputStream fields = new DataOutputStream(header);
      fields.writeInt(width);
      fields.writeInt(height);
      fields.write(new byte[] {8, (byte) (channels == 1 ? GREY : COLOUR), 0, 0, 0});
      chunk(file, "IHDR", header.toByteArray());
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
      try (DeflaterOutputStream lines = new DeflaterOutputStream(data, deflater)) {
        for (int row = 0; row < height; row++) {
          lines.write(UNFILTERED);
          lines.write(pixels, row * width * channels, width * channels);
        }
      } finally {
        deflater.end();
      }
      chunk(file, "IDAT", data.toByteArray());
      chunk(file, "IEND", new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return file.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream file, String name, byte[] content)
      throws IOException {
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 check = new CRC32();
    check.update(type);
    check.update(content);
    DataOutputStream out = new DataOutputStream(file);
    out.writeInt(content.length);
    out.write(type);
    out.write(content);
    out.writeInt((int) check.getValue());
  }
}
