package minilote.datasets.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import minilote.datasets.UserError;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarGzTest {
  @TempDir Path folder;

  private record Entry(String name, List<Integer> content, byte type, String link) {}

  private static Entry file(String name, Integer... content) {
    return new Entry(name, List.of(content), TarConstants.LF_NORMAL, "");
  }

  private static byte[] archive(Entry... entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
      for (Entry entry : entries) {
        TarArchiveEntry header = new TarArchiveEntry(entry.name(), entry.type(), true);
        header.setLinkName(entry.link());
        header.setSize(entry.content().size());
        tar.putArchiveEntry(header);
        for (int value : entry.content()) {
          tar.write(value);
        }
        tar.closeArchiveEntry();
      }
    }
    return out.toByteArray();
  }

  private void extract(byte[] archive, String... wanted) throws IOException {
    TarGz.extract(new ByteArrayInputStream(archive), "a.tar.gz", Set.of(wanted), 100, folder);
  }

  private String refusal(byte[] archive, String... wanted) {
    return assertThrows(UserError.class, () -> extract(archive, wanted)).getMessage();
  }

  @Test
  void extract_wantedFiles_areWrittenAndOthersAreNot() throws IOException {
    extract(
        archive(
            new Entry("cifar/", List.of(), TarConstants.LF_DIR, ""),
            file("cifar/a.bin", 1, 2),
            file("cifar/readme.html", 3),
            file("./b.bin", 4)),
        "a.bin",
        "b.bin");
    assertArrayEquals(new byte[] {1, 2}, Files.readAllBytes(folder.resolve("a.bin")));
    assertArrayEquals(new byte[] {4}, Files.readAllBytes(folder.resolve("b.bin")));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void extract_namesThatLeadOut_areRefused() throws IOException {
    for (String name : new String[] {"../a.bin", "x/../../a.bin", "/a.bin", "x\\..\\..\\a.bin"}) {
      assertEquals(
          "a.tar.gz has an entry \"" + name + "\" that leads out of its folder: it is not unpacked",
          refusal(archive(file(name, 1)), "a.bin"));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void extract_linksOfAWantedName_areNotFollowed() throws IOException {
    for (byte type : new byte[] {TarConstants.LF_SYMLINK, TarConstants.LF_LINK}) {
      byte[] archive = archive(new Entry("a.bin", List.of(), type, "/etc/passwd"));
      assertEquals("a.tar.gz has no a.bin", refusal(archive, "a.bin"));
    }
  }

  @Test
  void extract_missingTwiceOrTooLarge_isRefused() throws IOException {
    assertEquals("a.tar.gz has no b.bin, c.bin", refusal(archive(file("x")), "c.bin", "b.bin"));
    assertEquals(
        "a.tar.gz has two files of the name a.bin",
        refusal(archive(file("x/a.bin", 1), file("y/a.bin", 2)), "a.bin"));
    Files.delete(folder.resolve("a.bin"));
    assertEquals(
        "a.tar.gz: a.bin would have 101 bytes, more than the 100 it can have",
        refusal(
            archive(new Entry("a.bin", Collections.nCopies(101, 0), TarConstants.LF_NORMAL, "")),
            "a.bin"));
  }

  @Test
  void extract_damagedAtAnyPlace_isRefusedOrComplete() throws IOException {
    byte[] archive = archive(file("a.bin", 1, 2, 3));
    assertTrue(
        refusal(new byte[] {1, 2, 3}, "a.bin")
            .startsWith("a.tar.gz cannot be unpacked as .tar.gz"));
    int refused = 0;
    for (int length = 0; length < archive.length; length++) {
      Files.deleteIfExists(folder.resolve("a.bin"));
      try {
        extract(Arrays.copyOf(archive, length), "a.bin");
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(folder.resolve("a.bin")));
      } catch (UserError e) {
        assertTrue(e.getMessage().startsWith("a.tar.gz "), e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > archive.length / 2, "refused " + refused);
  }
}
