package minilote.trainer.math;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder of one machine into which the native libraries are unpacked, once.
 *
 * <p>A list among this class's resources, written when the version was chosen, names the libraries
 * with their sizes and SHA-256. The folder is named by that list's own digest, so that another
 * version never meets these files. What is unpacked is held against the digests; what is found
 * there, against the sizes alone, because reading forty megabytes at every start would cost more
 * than it protects from: nobody else can write there, and a folder appears whole or not at all.
 *
 * <p>Several JVMs may start at once: each unpacks into a folder of its own beside the place and
 * renames it, and whoever comes second uses what the first one left.
 */
final class LibraryFolder {

  private static final Set<PosixFilePermission> OURS_ALONE =
      PosixFilePermissions.fromString("rwx------");

  private LibraryFolder() {}

  /** One library as the list has it. */
  record Library(String sha256, long size, String name) {}

  /**
   * Where the folder may lie.
   *
   * @param base a folder that others may write to as well
   * @param makeBase whether to make it where it is missing
   * @param within our own folders in it, from the outside in, each checked to be ours alone
   */
  record Place(Path base, boolean makeBase, List<String> within) {
    @Override
    public String toString() {
      return base.resolve(String.join("/", within)).toString();
    }
  }

  /**
   * The places to try, in turn: the user's cache, and a folder of the user's own in the folder for
   * temporary files, for accounts without a home.
   */
  static List<Place> places() {
    List<Place> places = new ArrayList<>();
    String cache = System.getenv("XDG_CACHE_HOME");
    String home = System.getProperty("user.home", "");
    if (cache != null && cache.startsWith("/")) {
      places.add(new Place(Path.of(cache), true, List.of("minilote", "native")));
    } else if (home.startsWith("/")) {
      places.add(new Place(Path.of(home, ".cache"), true, List.of("minilote", "native")));
    }
    String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
    places.add(new Place(temporaryFolder(), false, List.of("minilote-" + user, "native")));
    return places;
  }

  /**
   * The last resort, where somebody else has made the folder in the temporary one: a fresh folder
   * for this process alone, which goes when it ends.
   */
  static Path unpackedForThisProcess(String platform) throws IOException {
    Path base = Files.createTempDirectory(temporaryFolder(), "minilote-");
    base.toFile().deleteOnExit(); // What is registered last goes first.
    Path folder = unpacked(platform, new Place(base, false, List.of()));
    folder.toFile().deleteOnExit();
    for (Library library : libraries(platform)) {
      folder.resolve(library.name()).toFile().deleteOnExit();
    }
    return folder;
  }

  private static Path temporaryFolder() {
    return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
  }

  /**
   * The libraries' folder at a place, filled if need be.
   *
   * @param platform as in the library's jar: {@code linux-x86_64} or {@code linux-arm64}
   * @throws IOException if the place cannot be written or trusted, or the jar lacks a library
   */
  static Path unpacked(String platform, Place place) throws IOException {
    List<Library> libraries = libraries(platform);
    Path parent = place.base();
    if (place.makeBase()) {
      Files.createDirectories(parent);
    }
    for (String name : place.within()) {
      parent = parent.resolve(name);
      makeOurs(parent);
    }
    Path folder = parent.resolve(digest(list(platform)) + "-" + platform);
    if (isWhole(folder, libraries)) {
      return folder;
    }
    removeLeftovers(parent);
    Path partial = Files.createTempDirectory(parent, "partial-");
    try {
      for (Library library : libraries) {
        unpack(platform, library, partial.resolve(library.name()));
      }
      putInPlace(partial, folder, libraries);
    } finally {
      remove(partial);
    }
    return folder;
  }

  /** The list for a platform. */
  static List<Library> libraries(String platform) throws IOException {
    List<Library> libraries = new ArrayList<>();
    for (String line : list(platform).strip().split("\n", -1)) {
      String[] words = line.split(" ", 3);
      libraries.add(new Library(words[0], Long.parseLong(words[1]), words[2]));
    }
    return libraries;
  }

  private static String list(String platform) throws IOException {
    String name = "openblas-" + platform + ".txt";
    try (InputStream in = LibraryFolder.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("this jar has no " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static String digest(String list) {
    byte[] digest = sha256().digest(list.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(digest, 0, 8);
  }

  private static boolean isWhole(Path folder, List<Library> libraries) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    requireOurs(folder);
    for (Library library : libraries) {
      Path file = folder.resolve(library.name());
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || Files.size(file) != library.size()) {
        return false;
      }
    }
    return true;
  }

  private static void makeOurs(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OURS_ALONE));
      } catch (FileAlreadyExistsException e) {
        // Another JVM was faster; whose it was is looked at next, like any folder found.
      }
    }
    requireOurs(folder);
  }

  /** Whoever can write here can put code into this process. */
  private static void requireOurs(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(folder + " is no folder");
    }
    Object owner = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    long user = new UnixSystem().getUid();
    if (!(owner instanceof Integer uid) || uid != user) {
      throw new IOException(folder + " belongs to user id " + owner + ", not to " + user);
    }
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(folder + " can be written by others");
    }
  }

  private static void unpack(String platform, Library library, Path to) throws IOException {
    String resource = "org/bytedeco/openblas/" + platform + "/" + library.name();
    MessageDigest sha256 = sha256();
    try (InputStream in = LibraryFolder.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("this jar has no " + resource);
      }
      try (FileChannel file =
          FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        new DigestInputStream(in, sha256).transferTo(Channels.newOutputStream(file));
        // A machine that stops must not leave files of the right size without their content.
        file.force(true);
      }
    }
    String found = HexFormat.of().formatHex(sha256.digest());
    if (!found.equals(library.sha256())) {
      throw new IOException(
          resource + " has SHA-256 " + found + " and should have " + library.sha256());
    }
  }

  private static void putInPlace(Path partial, Path folder, List<Library> libraries)
      throws IOException {
    try {
      Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (isWhole(folder, libraries)) {
        return; // Another JVM was faster.
      }
      // A damaged folder. Who has it loaded keeps it: only the name goes.
      Path damaged = Files.createTempDirectory(folder.getParent(), "partial-");
      Files.move(folder, damaged.resolve("damaged"), StandardCopyOption.ATOMIC_MOVE);
      Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
      remove(damaged);
    }
  }

  /** Of JVMs that were killed while they unpacked, at least a day ago. */
  private static void removeLeftovers(Path parent) throws IOException {
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    List<Path> old;
    try (Stream<Path> files = Files.list(parent)) {
      old = files.filter(f -> f.getFileName().toString().startsWith("partial-")).toList();
    }
    for (Path partial : old) {
      FileTime changed = Files.getLastModifiedTime(partial, LinkOption.NOFOLLOW_LINKS);
      if (changed.toInstant().isBefore(yesterday)) {
        remove(partial);
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
