package minilote.trainer.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibraryFolderTest {

  private static final LibraryFolder.Bundle ARM64 =
      new LibraryFolder.Bundle("openblas", "linux-arm64");

  @TempDir Path folder;

  /** Another version of the library needs another list: this is the text it must then hold. */
  @ParameterizedTest
  @CsvSource({"openblas,linux-x86_64,4", "openblas,linux-arm64,3", "dnnl,linux-x86_64,2"})
  void libraries_ofTheList_areThoseOfTheJar(String name, String platform, int count)
      throws Exception {
    LibraryFolder.Bundle bundle = new LibraryFolder.Bundle(name, platform);
    List<LibraryFolder.Library> listed = LibraryFolder.libraries(bundle);

    assertEquals(count, listed.size(), () -> "libraries of " + bundle + ": " + listed);
    for (LibraryFolder.Library library : listed) {
      String resource = "/" + bundle.resource(library.name());
      try (InputStream in = LibraryFolder.class.getResourceAsStream(resource)) {
        byte[] content = in.readAllBytes();
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(content);
        assertEquals(
            new LibraryFolder.Library(
                HexFormat.of().formatHex(sha256), content.length, library.name()),
            library);
      }
    }
  }

  /** Libraries for another processor unpack as well; they are just not loaded. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void unpacked_withLeftovers_removesOldOnesOnly() throws IOException {
    Path old = Files.createDirectory(folder.resolve("partial-1"));
    Files.writeString(old.resolve("libgcc_s.so.1"), "half");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    Path recent = Files.createDirectory(folder.resolve("partial-2"));
    Path other = Files.createDirectory(folder.resolve("0123456789abcdef-linux-arm64"));

    Path unpacked = LibraryFolder.unpacked(ARM64, place("."));

    assertTrue(Files.isRegularFile(unpacked.resolve("libopenblas.so.0")));
    assertTrue(Files.notExists(old));
    assertTrue(Files.exists(recent));
    assertTrue(Files.exists(other), "another version's");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void unpacked_inSomebodyElsesFolder_isRefused() throws IOException {
    // root may give a folder away; anybody else has only to look at one of root's.
    boolean root = Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid"));
    Path theirs = root ? Files.createDirectory(folder.resolve("theirs")) : Path.of("/usr");
    if (root) {
      Files.setAttribute(theirs, "unix:uid", 4321);
    }
    LibraryFolder.Place place =
        new LibraryFolder.Place(
            theirs.getParent(), false, List.of(theirs.getFileName().toString()));

    IOException refused =
        assertThrows(IOException.class, () -> LibraryFolder.unpacked(ARM64, place));

    assertTrue(
        refused.getMessage().startsWith(theirs + " belongs to user id " + (root ? 4321 : 0)),
        refused.getMessage());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void unpacked_overALink_isRefused() throws IOException {
    Files.createDirectory(folder.resolve("elsewhere"));
    Files.createSymbolicLink(folder.resolve("native"), folder.resolve("elsewhere"));

    IOException refused =
        assertThrows(IOException.class, () -> LibraryFolder.unpacked(ARM64, place("native")));

    assertEquals(folder.resolve("native") + " is no folder", refused.getMessage());
  }

  @Test
  void unpacked_unknownPlatform_isRefused() {
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                LibraryFolder.unpacked(
                    new LibraryFolder.Bundle("openblas", "linux-vax"), place(".")));

    assertEquals("this jar has no openblas-linux-vax.txt", refused.getMessage());
  }

  private LibraryFolder.Place place(String within) {
    return new LibraryFolder.Place(folder, false, List.of(within));
  }
}
