package minilote.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDiskTest {
  @TempDir private Path folder;

  private FileSystem disk() throws Exception {
    return minilote.trainer.run.Files.fileSystem(hadoop("a"), new Configuration(false));
  }

  private org.apache.hadoop.fs.Path hadoop(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }

  @Test
  void setPermission_anyMode_isTheFiles() throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "text");
    for (int mode : new int[] {0640, 0755, 0444, 0777, 0600}) {
      disk().setPermission(hadoop("a"), new FsPermission((short) mode));
      assertEquals(
          new FsPermission((short) mode).getUserAction().SYMBOL
              + new FsPermission((short) mode).getGroupAction().SYMBOL
              + new FsPermission((short) mode).getOtherAction().SYMBOL,
          PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
  }

  @Test
  void create_aFile_hasTheConfiguredMaskAndNoChecksumFile() throws Exception {
    Configuration configuration = new Configuration(false);
    configuration.set("fs.permissions.umask-mode", "027");
    minilote.trainer.run.Files.write(hadoop("new/b"), "text", configuration);
    Path file = folder.resolve("new/b");
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertFalse(Files.exists(folder.resolve("new/.b.crc")));
  }
}
