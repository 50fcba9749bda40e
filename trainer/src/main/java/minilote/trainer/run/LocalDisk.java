package minilote.trainer.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's file system of local disks, without checksum files and without a process for each file:
 * Hadoop runs {@code chmod} where its native library is missing, which takes milliseconds of both
 * the driver and, on a local master, the tasks.
 */
final class LocalDisk extends RawLocalFileSystem {
  private static final int PERMISSIONS = 9;

  private LocalDisk() {}

  static LocalDisk of(URI uri, Configuration configuration) {
    LocalDisk disk = new LocalDisk();
    try {
      disk.initialize(uri, configuration);
    } catch (IOException e) {
      throw new UncheckedIOException("the local disk cannot be used", e);
    }
    return disk;
  }

  @Override
  public void setPermission(Path path, FsPermission permission) throws IOException {
    PosixFileAttributeView view =
        java.nio.file.Files.getFileAttributeView(
            pathToFile(path).toPath(), PosixFileAttributeView.class);
    if (view == null || permission.getStickyBit()) { // No Unix, or not to be said this way.
      super.setPermission(path, permission);
    } else {
      view.setPermissions(permissions(permission.toShort()));
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values(); // from OWNER_READ down, as the bits
    for (int i = 0; i < PERMISSIONS; i++) {
      if ((mode >> (PERMISSIONS - 1 - i) & 1) == 1) {
        permissions.add(all[i]);
      }
    }
    return permissions;
  }
}
