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
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  /**
   * Libraries that belong together, as one jar has them.
   *
   * @param name of the jar, {@code openblas} or {@code dnnl}
   * @param platform as in the jar: {@code linux-x86_64} or {@code linux-arm64}
   */
  record Bundle(String name, String platform) {
    /** The resource with the list of its libraries. */
    String list() {
      return name + "-" + platform + ".txt";
    }

    /** The resource that is a library. */
    String resource(String library) {
      return "org/bytedeco/" + name + "/" + platform + "/" + library;
    }
  }

  /** The operating system and the processor, as Java names them. */
  static String system() {
    return System.getProperty("os.name", "") + " " + System.getProperty("os.arch", "");
  }

  /** Which of a bundle's platforms this is; empty where there is none. */
  static String platform() {
    return switch (system().toLowerCase(Locale.ROOT)) {
      case "linux amd64" -> "linux-x86_64";
      case "linux aarch64" -> "linux-arm64";
      default -> "";
    };
  }

  /** Opens libraries that lie in a folder. */
  @FunctionalInterface
  interface Opener<T> {
    T open(Path folder) throws IOException;
  }

  /**
   * Opens libraries in the first place that can hold them.
   *
   * @param refusals gets a sentence for each place that could not
   * @return what the opener gave; null where none could
   */
  static <T> @Nullable T open(Bundle bundle, Opener<T> opener, List<String> refusals) {
    try {
      requireJna();
    } catch (IOException e) {
      refusals.add(String.valueOf(e.getMessage()));
      return null;
    }
    for (Place place : places()) {
      try {
        return opener.open(unpacked(bundle, place));
      } catch (IOException | RuntimeException e) {
        refusals.add("in " + place + ": " + reason(e));
      }
    }
    try {
      return opener.open(unpackedForThisProcess(bundle));
    } catch (IOException | RuntimeException e) {
      refusals.add("in a temporary folder: " + reason(e));
      return null;
    }
  }

  /**
   * Makes JNA load its own library, which it carries and unpacks.
   *
   * @throws IOException if it cannot, with its words
   */
  private static void requireJna() throws IOException {
    try {
      Class.forName("com.sun.jna.Native");
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IOException("JNA, through which it is opened, does not load: " + e.getMessage(), e);
    }
  }

  /** The first cause, in its own words. */
  static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return cause instanceof IOException && message != null ? message : cause.toString();
  }

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
  static Path unpackedForThisProcess(Bundle bundle) throws IOException {
    Path base = Files.createTempDirectory(temporaryFolder(), "minilote-");
    base.toFile().deleteOnExit(); // What is registered last goes first.
    Path folder = unpacked(bundle, new Place(base, false, List.of()));
    folder.toFile().deleteOnExit();
    for (Library library : libraries(bundle)) {
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
   * @throws IOException if the place cannot be written or trusted, or the jar lacks a library
   */
  static Path unpacked(Bundle bundle, Place place) throws IOException {
    List<Library> libraries = libraries(bundle);
    Path parent = place.base();
    if (place.makeBase()) {
      Files.createDirectories(parent);
    }
    for (String name : place.within()) {
      parent = parent.resolve(name);
      makeOurs(parent);
    }
    Path folder = parent.resolve(digest(list(bundle)) + "-" + bundle.platform());
    if (isWhole(folder, libraries)) {
      return folder;
    }
    removeLeftovers(parent);
    Path partial = Files.createTempDirectory(parent, "partial-");
    try {
      for (Library library : libraries) {
        unpack(bundle, library, partial.resolve(library.name()));
      }
      putInPlace(partial, folder, libraries);
    } finally {
      remove(partial);
    }
    return folder;
  }

  /** What is listed. */
  static List<Library> libraries(Bundle bundle) throws IOException {
    List<Library> libraries = new ArrayList<>();
    for (String line : list(bundle).strip().split("\n", -1)) {
      String[] words = line.split(" ", 3);
      libraries.add(new Library(words[0], Long.parseLong(words[1]), words[2]));
    }
    return libraries;
  }

  private static String list(Bundle bundle) throws IOException {
    String name = bundle.list();
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

  private static void unpack(Bundle bundle, Library library, Path to) throws IOException {
    String resource = bundle.resource(library.name());
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
