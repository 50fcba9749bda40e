package minilote.datasets.download;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import minilote.datasets.UserError;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** Unpacks files that are wanted by name from a {@code .tar.gz}, and nothing else. */
public final class TarGz {
  private static final int BUFFER = 1 << 16;

  private TarGz() {}

  /**
   * Writes the wanted files into a folder, whatever folder of the archive they are in.
   *
   * @param archive the stream, which is read to its end
   * @param name stands for it in messages
   * @param wanted file names, without folders; each must be there once
   * @param maxBytes that each may have, against archives that unpack without end
   * @throws UserError when the archive is damaged, lacks a file, or has a name that leads out of it
   */
  public static void extract(
      InputStream archive, String name, Set<String> wanted, long maxBytes, Path folder)
      throws IOException {
    Set<String> missing = new TreeSet<>(wanted);
    try (TarArchiveInputStream tar = open(archive, name)) {
      for (TarArchiveEntry entry = next(tar, name); entry != null; entry = next(tar, name)) {
        String path = entry.getName();
        if (path.startsWith("/") || Arrays.asList(path.split("[/\\\\]")).contains("..")) {
          throw new UserError(
              "%s has an entry \"%s\" that leads out of its folder: it is not unpacked"
                  .formatted(name, path));
        }
        String file = path.substring(path.lastIndexOf('/') + 1);
        boolean plain = entry.isFile() && !entry.isSymbolicLink() && !entry.isLink();
        if (!plain || !wanted.contains(file)) {
          continue;
        }
        if (entry.getSize() > maxBytes) {
          throw new UserError(
              "%s: %s would have %d bytes, more than the %d it can have"
                  .formatted(name, path, entry.getSize(), maxBytes));
        }
        if (!missing.remove(file)) {
          throw new UserError("%s has two files of the name %s".formatted(name, file));
        }
        copy(tar, name, folder.resolve(file));
      }
    }
    if (!missing.isEmpty()) {
      throw new UserError("%s has no %s".formatted(name, String.join(", ", missing)));
    }
  }

  // Reading and writing are told apart: a damaged archive is another matter than a full disk.

  private static TarArchiveInputStream open(InputStream archive, String name) throws IOException {
    InputStream buffered = new BufferedInputStream(archive, BUFFER);
    try {
      return new TarArchiveInputStream(new GZIPInputStream(buffered, BUFFER));
    } catch (IOException e) {
      buffered.close();
      throw damaged(name, e);
    }
  }

  private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar, String name) {
    try {
      return tar.getNextEntry();
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(name, e);
    }
  }

  private static void copy(TarArchiveInputStream tar, String name, Path file) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      while (true) {
        int n;
        try {
          n = tar.read(buffer);
        } catch (IOException e) {
          throw damaged(name, e);
        }
        if (n < 0) {
          return;
        }
        out.write(buffer, 0, n);
      }
    }
  }

  private static UserError damaged(String name, Exception e) {
    return new UserError(
        "%s cannot be unpacked as .tar.gz: %s"
            .formatted(name, e.getMessage() == null ? e.toString() : e.getMessage()),
        e);
  }
}
