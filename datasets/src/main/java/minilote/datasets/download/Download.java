package minilote.datasets.download;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import minilote.datasets.ProgressListener;
import minilote.datasets.Sha256;
import minilote.datasets.UserError;
import org.jspecify.annotations.Nullable;

/**
 * Downloads files over HTTP. What has come is kept in {@code FILE.part} and continued from there,
 * by this call or the next; the file itself appears when it is whole and its SHA-256 is right.
 *
 * <p>Proxies are those of the system properties ({@code https.proxyHost} and its companions).
 */
public final class Download {
  private static final int CHUNK = 1 << 16;

  /** How patient a download is. */
  public record Patience(
      int failuresInARow, Duration pause, Duration connecting, Duration silence) {
    public static final Patience DEFAULT =
        new Patience(5, Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  private final Patience patience;
  private final HttpClient client;

  public Download(Patience patience) {
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .proxy(ProxySelector.getDefault())
            .connectTimeout(patience.connecting())
            .build();
  }

  /**
   * Downloads a file, unless it is there already with the right digest.
   *
   * @param target in a folder that exists
   * @param maxBytes more than so many are refused
   * @param sha256 what the file must have; null when it is not known, and then the file is
   *     downloaded even when it is there
   * @throws UserError when the server has no such file, or it is another one
   * @throws IOException when the server does not answer, or not to the end
   */
  public void fetch(
      URI uri, Path target, long maxBytes, @Nullable String sha256, ProgressListener progress)
      throws IOException {
    Path lockFile = sibling(target, ".lock");
    try (FileChannel locked =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(locked, lockFile)) {
      if (sha256 == null || !isThere(target, sha256)) {
        fetchLocked(uri, target, maxBytes, sha256, progress);
      }
      lock.release();
    }
  }

  private static boolean isThere(Path target, String sha256) throws IOException {
    if (!Files.exists(target)) {
      return false;
    }
    try (FileChannel file = FileChannel.open(target, StandardOpenOption.READ)) {
      return sha256.equals(digest(file)); // else damaged since it was downloaded
    }
  }

  private void fetchLocked(
      URI uri, Path target, long maxBytes, @Nullable String sha256, ProgressListener progress)
      throws IOException {
    Path part = sibling(target, ".part");
    try (FileChannel file =
        FileChannel.open(
            part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      boolean resumed = file.size() > 0;
      transfer(uri, target, file, maxBytes, progress);
      String found = digest(file);
      if (sha256 != null && resumed && !sha256.equals(found)) {
        // What an earlier attempt left may be of another file: begin once more without it.
        file.truncate(0);
        transfer(uri, target, file, maxBytes, progress);
        found = digest(file);
      }
      if (sha256 != null && !sha256.equals(found)) {
        file.truncate(0);
        throw new UserError(
            "%s has SHA-256 %s where %s has %s: it is another file, or damaged on its way"
                .formatted(uri, found, target.getFileName(), sha256));
      }
      file.force(true);
    }
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(sibling(target, ".part.tag"));
  }

  private static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static FileLock lock(FileChannel channel, Path lockFile) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      // another thread of this program has it: the same answer
    }
    throw new UserError(
        "another program is downloading to this place (it holds %s): wait for it"
            .formatted(lockFile));
  }

  private static String digest(FileChannel file) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    file.position(0);
    while (file.read(buffer) >= 0) {
      digest.update(buffer.flip());
      buffer.clear();
    }
    return Sha256.hex(digest);
  }

  /** Tries until the file is whole, as long as failures in a row stay few. */
  private void transfer(
      URI uri, Path target, FileChannel file, long maxBytes, ProgressListener progress)
      throws IOException {
    int failures = 0;
    while (true) {
      long before = file.size();
      IOException failure;
      try {
        if (attempt(uri, target, file, maxBytes, progress)) {
          return;
        }
        failure = new IOException("the server's answers do not fit what has come so far");
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        failure = e;
      }
      failures = file.size() > before ? 1 : failures + 1;
      if (failures >= patience.failuresInARow()) {
        throw new DownloadFailed(
            "%s could not be downloaded: %s (%d attempts without progress; the %d bytes that came are kept)"
                .formatted(uri, describe(failure), failures, file.size()),
            failure);
      }
      sleep(patience.pause());
    }
  }

  private static String describe(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "its host is not found";
      }
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static void sleep(Duration pause) throws InterruptedIOException {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while downloading");
    }
  }

  /** One request. Returns whether the file is whole; false asks for another try. */
  private boolean attempt(
      URI uri, Path target, FileChannel file, long maxBytes, ProgressListener progress)
      throws IOException {
    Path tagFile = sibling(target, ".part.tag");
    String tag = Files.exists(tagFile) ? Files.readString(tagFile) : "";
    if (tag.isEmpty()) {
      file.truncate(0); // nothing would say whether the server still has the same file
    }
    long have = file.size();
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(patience.silence());
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-").header("If-Range", tag);
    }
    HttpResponse<InputStream> response = send(request.build());
    try (InputStream body = response.body()) {
      switch (response.statusCode()) {
        case 200 -> {
          file.truncate(0);
          String newTag = tag(response);
          Files.writeString(tagFile, newTag);
          long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
          receive(uri, target, body, file, length, maxBytes, progress);
          return true;
        }
        case 206 -> {
          ContentRange range =
              ContentRange.parse(response.headers().firstValue("Content-Range").orElse(""));
          String newTag = tag(response);
          if (range == null || range.from() != have || (!newTag.isEmpty() && !newTag.equals(tag))) {
            file.truncate(0);
            return false;
          }
          receive(uri, target, body, file, range.total(), maxBytes, progress);
          return range.total() < 0 || file.size() == range.total();
        }
        case 416 -> {
          ContentRange range =
              ContentRange.parse(response.headers().firstValue("Content-Range").orElse(""));
          if (range != null && range.total() == have) {
            return true; // nothing was left to send
          }
          file.truncate(0);
          return false;
        }
        case 408, 429, 500, 502, 503, 504 ->
            throw new IOException("the server answers " + response.statusCode());
        default ->
            throw new UserError(
                "%s answers %d instead of the file: check the address, or download it yourself and say where it is (--from)"
                    .formatted(uri, response.statusCode()));
      }
    }
  }

  /** What tells a server's versions of a file apart; weak tags do not promise the same bytes. */
  private static String tag(HttpResponse<?> response) {
    String tag = response.headers().firstValue("ETag").orElse("");
    return tag.isEmpty() || tag.startsWith("W/")
        ? response.headers().firstValue("Last-Modified").orElse("")
        : tag;
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while downloading");
    }
  }

  private void receive(
      URI uri,
      Path target,
      InputStream body,
      FileChannel file,
      long total,
      long maxBytes,
      ProgressListener progress)
      throws IOException {
    String phase = "download " + target.getFileName();
    byte[] chunk = new byte[CHUNK];
    file.position(file.size());
    try (Watchdog watchdog = new Watchdog(body, patience.silence())) {
      while (true) {
        int n;
        try {
          n = body.read(chunk);
        } catch (IOException e) {
          throw watchdog.barked() ? watchdog.failure() : e;
        }
        if (watchdog.barked()) {
          throw watchdog.failure();
        }
        if (n < 0) {
          return;
        }
        watchdog.calm();
        if (file.size() + n > maxBytes) {
          throw new UserError(
              "%s sends more than the %d bytes that %s can have"
                  .formatted(uri, maxBytes, target.getFileName()));
        }
        ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, n);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        progress.progress(phase, file.size(), total);
      }
    }
  }
}
