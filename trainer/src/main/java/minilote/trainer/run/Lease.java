package minilote.trainer.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;
import org.jspecify.annotations.Nullable;

/**
 * The right to write into a run's folder, for one process at a time: {@code lease.json} names the
 * process, which renews it every {@value #BEAT_SECONDS} seconds and removes it at the end. A lease
 * is stale where its process has ended, if that was on this machine, and else when it was not
 * renewed for {@value #STALE_SECONDS} seconds by the clocks of the two machines; then it is taken
 * over.
 *
 * <p>How safe that is depends on the file system. The file is made with {@code create(overwrite =
 * false)}, which HDFS does as one change: of two processes one gets it. A local disk, and object
 * stores, where a file appears when it is closed, look first and write then; of two processes that
 * begin within the same moment both may think that they have it. Therefore it is read back, and
 * again at each renewal: whoever finds another's token there has lost it ({@link #isLost}). Two
 * processes that take over the same stale lease at once are told apart in the same way.
 */
public final class Lease implements AutoCloseable {
  static final String FILE = "lease.json";
  private static final int BEAT_SECONDS = 20;
  private static final int STALE_SECONDS = 120;
  private static final long LARGEST = 1 << 16;

  /** A file may be there before its content is. */
  private static final int READS = 20;

  private static final long READ_AGAIN_MILLIS = 100;

  private final Path file;
  private final Configuration configuration;
  private final Holder holder;
  private final boolean newFolder;
  private final Thread beat = new Thread(this::keep, "lease");
  private final Runnable hook = this::close;
  private volatile boolean lost;
  private boolean closed;

  private Lease(Path file, Configuration configuration, Holder holder, boolean newFolder) {
    this.file = file;
    this.configuration = configuration;
    this.holder = holder;
    this.newFolder = newFolder;
  }

  /**
   * Takes the lease of a run's folder.
   *
   * @param say told, in a sentence, when a stale one is taken over
   * @throws UserError where another process has it
   */
  static Lease take(Path folder, Configuration configuration, Consumer<String> say)
      throws IOException {
    Path file = new Path(folder, FILE);
    FileSystem files = Files.fileSystem(file, configuration);
    Holder self = Holder.self();
    boolean newFolder = !files.exists(folder);
    Holder before = holder(file, configuration);
    if (before != null) {
      before.requireStale(folder);
      files.delete(file, false);
      say.accept(
          "the run is taken over from %s, which has ended without giving it back"
              .formatted(before.words()));
    }
    try (OutputStream out = files.create(file, false)) {
      out.write(self.bytes(Instant.now()));
    } catch (FileAlreadyExistsException e) {
      throw refused(folder, holder(file, configuration), e);
    }
    Holder written = holder(file, configuration);
    if (written == null || !written.token().equals(self.token())) {
      throw refused(folder, written, null);
    }
    Lease lease = new Lease(file, configuration, self, newFolder);
    lease.begin();
    return lease;
  }

  /**
   * Makes sure that no other process is at work in a run's folder.
   *
   * @throws UserError where one is
   */
  static void requireFree(Path folder, Configuration configuration) throws IOException {
    Holder holder = holder(new Path(folder, FILE), configuration);
    if (holder != null) {
      holder.requireStale(folder);
    }
  }

  /** Who has the lease; null where nobody has. */
  private static @Nullable Holder holder(Path file, Configuration configuration)
      throws IOException {
    for (int read = 0; read < READS; read++) {
      try {
        return Holder.fromJson(Json.parse(Files.readText(file, LARGEST, configuration)));
      } catch (FileNotFoundException e) {
        return null;
      } catch (UserError e) {
        // Being written, or damaged.
      }
      try {
        TimeUnit.MILLISECONDS.sleep(READ_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    Instant written =
        Instant.ofEpochMilli(
            Files.fileSystem(file, configuration).getFileStatus(file).getModificationTime());
    if (Holder.isOld(written)) {
      return new Holder("an unknown machine", "", 0, 0, "", written);
    }
    throw new UserError(
        "%s is damaged; remove it if no other process is training in this folder".formatted(file));
  }

  private static UserError refused(Path folder, @Nullable Holder by, @Nullable Exception cause) {
    String who = by == null ? "another process" : by.words();
    RunHeld refused =
        new RunHeld(
            "--out %s: %s is training in it; wait until it has ended, or take another folder"
                .formatted(folder, who));
    if (cause != null) {
      refused.initCause(cause);
    }
    return refused;
  }

  private void begin() {
    beat.setDaemon(true);
    beat.start();
    // A process that is told to end does not come to the end of the work that holds this.
    ShutdownHookManager.get().addShutdownHook(hook, FileSystem.SHUTDOWN_HOOK_PRIORITY + 50);
  }

  private void keep() {
    try {
      while (true) {
        TimeUnit.SECONDS.sleep(BEAT_SECONDS);
        try {
          renew();
        } catch (IOException | UserError e) {
          // The next time may do; a lease is worth less than the training.
          continue;
        }
        if (lost) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Writes the file anew if it is still ours. */
  synchronized void renew() throws IOException {
    if (closed) {
      return;
    }
    Holder now = holder(file, configuration);
    if (now == null || !now.token().equals(holder.token())) {
      lost = true;
      return;
    }
    Files.write(file, holder.bytes(Instant.now()), configuration);
  }

  /** Whether another process has taken the folder over. */
  public boolean isLost() {
    return lost;
  }

  /** Gives the folder back. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    beat.interrupt();
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(hook);
    }
    try {
      Holder now = holder(file, configuration);
      if (now != null && now.token().equals(holder.token())) {
        FileSystem files = Files.fileSystem(file, configuration);
        files.delete(file, false);
        if (newFolder && files.listStatus(file.getParent()).length == 0) {
          files.delete(file.getParent(), false); // Nothing was begun.
        }
      }
    } catch (IOException | UserError e) {
      // Where it cannot be removed it becomes stale.
      lost = true;
    }
  }

  /**
   * A process.
   *
   * @param namespace that its id counts in: containers of one machine have one each
   * @param pid its id
   * @param started when it began, in milliseconds; ids are used again
   * @param token this lease's
   * @param beat when it was last renewed
   */
  private record Holder(
      String host, String namespace, long pid, long started, String token, Instant beat) {

    private static final long CLOCK_MILLIS = 2000;

    static Holder self() {
      ProcessHandle process = ProcessHandle.current();
      return new Holder(
          hostName(),
          pidNamespace(),
          process.pid(),
          started(process),
          UUID.randomUUID().toString(),
          Instant.now());
    }

    private static String hostName() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (IOException e) {
        // A name that does not resolve is in the message: "name: Name or service not known".
        return String.valueOf(e.getMessage()).replaceFirst(":.*", "");
      }
    }

    private static String pidNamespace() {
      try {
        return java.nio.file.Files.readSymbolicLink(java.nio.file.Path.of("/proc/self/ns/pid"))
            .toString();
      } catch (IOException | UnsupportedOperationException e) {
        return "";
      }
    }

    /** Whether both say the same; the system's clock may have been set meanwhile. */
    private boolean isOf(ProcessHandle process) {
      return Math.abs(started(process) - started) < CLOCK_MILLIS;
    }

    private static long started(ProcessHandle process) {
      return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    static boolean isOld(Instant beat) {
      return Duration.between(beat, Instant.now()).toSeconds() > STALE_SECONDS;
    }

    void requireStale(Path folder) {
      Holder self = self();
      boolean here = host.equals(self.host) && namespace.equals(self.namespace);
      boolean stale =
          here
              ? ProcessHandle.of(pid)
                  .map(process -> !process.isAlive() || !isOf(process))
                  .orElse(true)
              : isOld(beat);
      if (!stale) {
        throw refused(folder, this, null);
      }
    }

    String words() {
      return pid == 0 ? "a process" : "process %d on %s".formatted(pid, host);
    }

    byte[] bytes(Instant now) {
      ObjectNode json = Json.object();
      json.put("host", host);
      json.put("pid_namespace", namespace);
      json.put("pid", pid);
      json.put("started", started);
      json.put("token", token);
      json.put("renewed", now.toString());
      return Json.pretty(json).getBytes(StandardCharsets.UTF_8);
    }

    static Holder fromJson(ObjectNode json) {
      Instant renewed;
      try {
        renewed = Instant.parse(Json.text(json, "renewed"));
      } catch (java.time.format.DateTimeParseException e) {
        throw new UserError("renewed: it is no time", e);
      }
      return new Holder(
          Json.text(json, "host"),
          Json.text(json, "pid_namespace"),
          Json.integer(json, "pid", 0, Long.MAX_VALUE),
          Json.integer(json, "started", 0, Long.MAX_VALUE),
          Json.text(json, "token"),
          renewed);
    }
  }
}
