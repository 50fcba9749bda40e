package minilote.datasets.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import minilote.datasets.KeyedRandom;
import minilote.datasets.ProgressListener;
import minilote.datasets.Sha256;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DownloadTest {
  private static final byte[] CONTENT = content(300_000);
  private static final String SHA256 = Sha256.of(CONTENT);
  private static final String TAG = "\"v1\"";
  private static final Download.Patience PATIENCE =
      new Download.Patience(
          3, Duration.ofMillis(1), Duration.ofSeconds(20), Duration.ofSeconds(20));

  @TempDir Path folder;

  private static byte[] content(int length) {
    KeyedRandom random = KeyedRandom.of(1, "download");
    byte[] content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = (byte) random.nextLong();
    }
    return content;
  }

  private Path target() {
    return folder.resolve("file.bin");
  }

  private Path part() {
    return folder.resolve("file.bin.part");
  }

  private void fetch(FileServer server) throws IOException {
    new Download(PATIENCE)
        .fetch(server.uri(), target(), CONTENT.length, SHA256, ProgressListener.NONE);
  }

  /** The second request asks for the rest; how much of the end came before the cut may vary. */
  private static void assertResumed(List<String> ranges, long sent) {
    assertEquals(2, ranges.size());
    assertEquals("all", ranges.get(0));
    String range = ranges.get(1);
    assertTrue(range.matches("bytes=[1-9]\\d*-"), range);
    assertTrue(Long.parseLong(range.substring(6, range.length() - 1)) <= sent, range);
  }

  private void assertWhole() throws IOException {
    assertArrayEquals(CONTENT, Files.readAllBytes(target()));
    assertFalse(Files.exists(part()));
    assertFalse(Files.exists(folder.resolve("file.bin.part.tag")));
  }

  @Test
  void fetch_goodServer_bringsTheFileAndTellsProgress() throws IOException {
    List<Long> told = new ArrayList<>();
    try (FileServer server = new FileServer(FileServer.good(CONTENT, TAG))) {
      new Download(PATIENCE)
          .fetch(
              server.uri(),
              target(),
              CONTENT.length,
              SHA256,
              (phase, done, total) -> {
                assertEquals("download file.bin", phase);
                assertEquals(CONTENT.length, total);
                told.add(done);
              });
      assertEquals(List.of("all"), server.ranges());
    }
    assertWhole();
    assertEquals(CONTENT.length, told.get(told.size() - 1));
    assertEquals(told.stream().sorted().toList(), told);
  }

  @Test
  void fetch_fileThereWithItsDigest_asksNoServer() throws IOException {
    Files.write(target(), CONTENT);
    try (FileServer server = new FileServer(FileServer.status(500))) {
      fetch(server);
      assertEquals(List.of(), server.ranges());
    }
    assertWhole();
  }

  @Test
  void fetch_fileThereButDamaged_isReplaced() throws IOException {
    Files.write(target(), new byte[] {1, 2, 3});
    try (FileServer server = new FileServer(FileServer.good(CONTENT, TAG))) {
      fetch(server);
    }
    assertWhole();
  }

  @Test
  void fetch_connectionCut_resumesWhereItEnded() throws IOException {
    try (FileServer server =
        new FileServer(FileServer.cut(CONTENT, 100_000, TAG), FileServer.good(CONTENT, TAG))) {
      fetch(server);
      assertResumed(server.ranges(), 100_000);
    }
    assertWhole();
  }

  @Test
  void fetch_laterCall_resumesWhatAnEarlierOneLeft() throws IOException {
    try (FileServer server =
        new FileServer(FileServer.cut(CONTENT, 70_000, TAG), FileServer.status(503))) {
      IOException e = assertThrows(IOException.class, () -> fetch(server));
      assertEquals(
          server.uri()
              + " could not be downloaded: the server answers 503 (3 attempts without progress; the "
              + Files.size(part())
              + " bytes that came are kept)",
          e.getMessage());
    }
    assertFalse(Files.exists(target()));
    long kept = Files.size(part());
    assertTrue(kept > 0 && kept <= 70_000, "kept " + kept);
    try (FileServer server = new FileServer(FileServer.good(CONTENT, TAG))) {
      fetch(server);
      assertEquals(List.of("bytes=" + kept + "-"), server.ranges());
    }
    assertWhole();
  }

  @Test
  void fetch_wholePartLeft_takesTheServersWordThatNothingIsMissing() throws IOException {
    Files.write(part(), CONTENT);
    Files.writeString(folder.resolve("file.bin.part.tag"), TAG);
    try (FileServer server = new FileServer(FileServer.good(CONTENT, TAG))) {
      fetch(server);
      assertEquals(List.of("bytes=300000-"), server.ranges());
    }
    assertWhole();
  }

  @Test
  void fetch_serverWithoutRanges_beginsAnew() throws IOException {
    try (FileServer server =
        new FileServer(
            FileServer.cut(CONTENT, 100_000, TAG), FileServer.withoutRanges(CONTENT, TAG))) {
      fetch(server);
      assertResumed(server.ranges(), 100_000);
    }
    assertWhole();
  }

  @Test
  void fetch_serverWithoutTags_beginsAnew() throws IOException {
    try (FileServer server =
        new FileServer(FileServer.cut(CONTENT, 100_000, ""), FileServer.good(CONTENT, ""))) {
      fetch(server);
      assertEquals(List.of("all", "all"), server.ranges());
    }
    assertWhole();
  }

  @Test
  void fetch_fileChangedBetweenAttempts_beginsAnew() throws IOException {
    byte[] old = content(299_000);
    try (FileServer server =
        new FileServer(FileServer.cut(old, 100_000, "\"v0\""), FileServer.good(CONTENT, TAG))) {
      fetch(server);
    }
    assertWhole();
  }

  @Test
  void fetch_otherTagWithTheRange_beginsAnew() throws IOException {
    FileServer.Answer ignoresIfRange =
        (exchange, range) -> {
          int from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
          exchange.getResponseHeaders().set("ETag", TAG);
          exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-299999/300000");
          exchange.sendResponseHeaders(206, 300_000 - from);
          exchange.getResponseBody().write(CONTENT, from, 300_000 - from);
        };
    try (FileServer server =
        new FileServer(
            FileServer.cut(content(299_000), 100_000, "\"v0\""),
            ignoresIfRange,
            FileServer.good(CONTENT, TAG))) {
      fetch(server);
      assertResumed(server.ranges().subList(0, 2), 100_000);
      assertEquals(List.of("all"), server.ranges().subList(2, server.ranges().size()));
    }
    assertWhole();
  }

  @Test
  void fetch_rangeOfAnotherPlace_beginsAnew() throws IOException {
    FileServer.Answer wrongPlace =
        (exchange, range) -> {
          exchange.getResponseHeaders().set("ETag", TAG);
          exchange.getResponseHeaders().set("Content-Range", "bytes 0-299999/300000");
          exchange.sendResponseHeaders(206, CONTENT.length);
          exchange.getResponseBody().write(CONTENT);
        };
    try (FileServer server =
        new FileServer(
            FileServer.cut(CONTENT, 100_000, TAG), wrongPlace, FileServer.good(CONTENT, TAG))) {
      fetch(server);
      assertResumed(server.ranges().subList(0, 2), 100_000);
      assertEquals(List.of("all"), server.ranges().subList(2, server.ranges().size()));
    }
    assertWhole();
  }

  @Test
  void fetch_partOfAnotherFileWithTheSameTag_isThrownAway() throws IOException {
    byte[] other = new byte[100_000];
    Files.write(part(), other);
    Files.writeString(folder.resolve("file.bin.part.tag"), TAG);
    try (FileServer server = new FileServer(FileServer.good(CONTENT, TAG))) {
      fetch(server);
      assertEquals(List.of("bytes=100000-", "all"), server.ranges());
    }
    assertWhole();
  }

  @Test
  void fetch_wrongDigest_isRefusedAndLeavesNothing() throws IOException {
    byte[] other = content(300_000);
    other[123_456] ^= 1;
    try (FileServer server = new FileServer(FileServer.good(other, TAG))) {
      UserError e = assertThrows(UserError.class, () -> fetch(server));
      assertEquals(
          server.uri()
              + " has SHA-256 "
              + Sha256.of(other)
              + " where file.bin has "
              + SHA256
              + ": it is another file, or damaged on its way",
          e.getMessage());
    }
    assertFalse(Files.exists(target()));
    assertEquals(0, Files.size(part()));
  }

  @Test
  void fetch_moreThanTheFileCanHave_isRefusedBeforeItFillsTheDisk() throws IOException {
    byte[] endless = content(1_000_000);
    try (FileServer server = new FileServer(FileServer.good(endless, TAG))) {
      UserError e = assertThrows(UserError.class, () -> fetch(server));
      assertEquals(
          server.uri() + " sends more than the 300000 bytes that file.bin can have",
          e.getMessage());
    }
    assertTrue(Files.size(part()) <= 300_000);
    assertFalse(Files.exists(target()));
  }

  @Test
  void fetch_notFound_isRefusedAtOnce() throws IOException {
    try (FileServer server = new FileServer(FileServer.status(404))) {
      UserError e = assertThrows(UserError.class, () -> fetch(server));
      assertEquals(
          server.uri()
              + " answers 404 instead of the file: check the address, or download it yourself and"
              + " say where it is (--from)",
          e.getMessage());
      assertEquals(1, server.ranges().size());
    }
    assertFalse(Files.exists(target()));
  }

  @Test
  void fetch_serverBusyTwice_triesAgain() throws IOException {
    try (FileServer server =
        new FileServer(
            FileServer.status(503), FileServer.status(429), FileServer.good(CONTENT, TAG))) {
      fetch(server);
      assertEquals(3, server.ranges().size());
    }
    assertWhole();
  }

  @Test
  void fetch_serverFallsSilent_isGivenUpAndResumed() throws IOException {
    Download impatient =
        new Download(
            new Download.Patience(
                2, Duration.ofMillis(1), Duration.ofSeconds(20), Duration.ofSeconds(2)));
    try (FileServer server =
        new FileServer(FileServer.silent(CONTENT, 100_000, TAG), FileServer.good(CONTENT, TAG))) {
      impatient.fetch(server.uri(), target(), CONTENT.length, SHA256, ProgressListener.NONE);
      assertEquals(2, server.ranges().size());
    }
    assertWhole();
  }

  @Test
  void fetch_nobodyListens_failsAfterItsAttempts() throws IOException {
    URI uri;
    try (FileServer server = new FileServer(FileServer.status(200))) {
      uri = server.uri();
    }
    IOException e =
        assertThrows(
            IOException.class,
            () -> new Download(PATIENCE).fetch(uri, target(), 10, SHA256, ProgressListener.NONE));
    assertTrue(e.getMessage().startsWith(uri + " could not be downloaded: "), e.getMessage());
    assertTrue(e.getMessage().contains("(3 attempts without progress"), e.getMessage());
  }

  @Test
  void fetch_digestUnknown_takesWhatComes() throws IOException {
    Files.write(target(), new byte[] {1});
    try (FileServer server = new FileServer(FileServer.good(CONTENT, ""))) {
      new Download(PATIENCE)
          .fetch(server.uri(), target(), Long.MAX_VALUE, null, ProgressListener.NONE);
    }
    assertWhole();
  }

  @Test
  void fetch_anotherProgramDownloadsThere_isToldSo() throws IOException {
    Path lockFile = folder.resolve("file.bin.lock");
    try (FileServer server = new FileServer(FileServer.good(CONTENT, TAG));
        FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertTrue(lock.isValid());
      UserError e = assertThrows(UserError.class, () -> fetch(server));
      assertEquals(
          "another program is downloading to this place (it holds " + lockFile + "): wait for it",
          e.getMessage());
    }
  }

  @Test
  void parse_contentRanges_asTheStandardWritesThem() {
    assertEquals(new ContentRange(5, 100), ContentRange.parse("bytes 5-99/100"));
    assertEquals(new ContentRange(5, -1), ContentRange.parse("bytes 5-99/*"));
    assertEquals(new ContentRange(-1, 100), ContentRange.parse("bytes */100"));
    for (String wrong : Arrays.asList("", "bytes", "bytes 5-99", "items 5-99/100", "bytes 5/100")) {
      assertEquals(null, ContentRange.parse(wrong));
    }
  }

  @Test
  void archives_all_haveAnAddressADigestAndALength() {
    assertEquals(4, Archive.ALL.size());
    for (Archive archive : Archive.ALL) {
      assertEquals("https", archive.folder().getScheme());
      for (Archive.File file : archive.files()) {
        assertTrue(file.sha256().matches("[0-9a-f]{64}"), file.name());
        assertTrue(file.bytes() > 4_000, file.name());
      }
    }
    UserError e = assertThrows(UserError.class, () -> Archive.of("imagenet"));
    assertEquals("no archive of imagenet is known: say where it is", e.getMessage());
  }
}
