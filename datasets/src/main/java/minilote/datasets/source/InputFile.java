package minilote.datasets.source;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A file read once, in sequence, plain or gzip (by its first two bytes, whatever its name says),
 * that can say where it stands.
 */
final class InputFile implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final String name;
  private final boolean unpacking;
  private final InputStream in;
  private long offset;

  private InputFile(String name, boolean unpacking, InputStream in) {
    this.name = name;
    this.unpacking = unpacking;
    this.in = in;
  }

  /** Opens a file again and again. */
  interface Opener {
    InputFile open() throws IOException;
  }

  /**
   * Opens a file of any Hadoop file system.
   *
   * @throws UserError when it is not there
   */
  static InputFile open(Path file, Configuration conf) throws IOException {
    try {
      return of(file.toString(), file.getFileSystem(conf).open(file));
    } catch (FileNotFoundException e) {
      throw new UserError(file + " is not there", e);
    }
  }

  /** Takes over a stream; {@code name} stands for it in messages. */
  static InputFile of(String name, InputStream raw) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER);
    try {
      buffered.mark(2);
      boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
      buffered.reset();
      InputStream in =
          gzip ? new BufferedInputStream(new GZIPInputStream(buffered, BUFFER), BUFFER) : buffered;
      return new InputFile(name, gzip, in);
    } catch (EOFException | ZipException e) {
      buffered.close();
      throw new UserError(name + " begins like a gzip file and is none", e);
    } catch (IOException e) {
      buffered.close();
      throw e;
    }
  }

  String name() {
    return name;
  }

  /** Bytes read so far; of the unpacked content where the file is packed. */
  long offset() {
    return offset;
  }

  /** "offset 17", or "offset 17 of the unpacked data". */
  String at(long place) {
    return "offset " + place + (unpacking ? " of the unpacked data" : "");
  }

  /**
   * Reads exactly {@code n} bytes.
   *
   * @param what they are, for the message: "image 17"
   * @throws UserError when the file ends before
   */
  void readFully(byte[] to, int from, int n, String what) throws IOException {
    long begin = offset;
    int done = 0;
    while (done < n) {
      int got = read(to, from + done, n - done);
      if (got < 0) {
        throw new UserError(
            "%s ends at %s, within %s, which begins at %d: it has been cut short"
                .formatted(name, at(offset), what, begin));
      }
      done += got;
    }
  }

  /** A big-endian number of four bytes. */
  int readInt(String what) throws IOException {
    byte[] bytes = new byte[Integer.BYTES];
    readFully(bytes, 0, bytes.length, what);
    return bytes[0] << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
  }

  /** Whether nothing follows; reads a byte where something does. */
  boolean atEnd() throws IOException {
    return read(new byte[1], 0, 1) < 0;
  }

  private int read(byte[] to, int from, int n) throws IOException {
    try {
      int got = in.read(to, from, n);
      offset += Math.max(0, got);
      return got;
    } catch (EOFException | ZipException e) {
      throw broken(e);
    }
  }

  private UserError broken(IOException e) {
    return new UserError(
        "%s cannot be unpacked beyond %s: the gzip file is cut short or damaged"
            .formatted(name, at(offset)),
        e);
  }

  /** The bytes from here on as a stream, with the same sentence for a broken gzip file. */
  InputStream stream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] to, int from, int n) throws IOException {
        return InputFile.this.read(to, from, n);
      }

      @Override
      public void close() throws IOException {
        InputFile.this.close();
      }
    };
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
