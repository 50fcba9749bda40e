package minilote.trainer.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Fresh JVMs, each of which runs {@link BlasProbe}: the choice is made once a JVM. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
class NativeBlasProcessTest {

  /** Of all tests that do not look at the unpacking itself, which takes its time. */
  @TempDir static Path sharedCache;

  @TempDir Path folder;

  /** What a probe printed, its lines by their first word. */
  private record Printed(int code, String text) {
    List<String> lines(String word) {
      return text.lines()
          .filter(line -> line.startsWith(word + " "))
          .map(line -> line.substring(word.length() + 1))
          .toList();
    }

    NativeBlas.Report report() throws IOException {
      assertEquals(0, code, text);
      assertEquals(List.of("true"), lines("product"), text);
      return NativeBlas.Report.fromJson(new ObjectMapper().readTree(lines("report").get(0)));
    }

    NativeBlas.Report nativeReport() throws IOException {
      NativeBlas.Report report = report();
      assertTrue(report.nativeLibrary(), text);
      assertEquals(1, report.threads(), text);
      return report;
    }

    /** The one OpenBLAS of the process. */
    Path library() {
      List<String> libraries =
          lines("mapped").stream().filter(line -> !line.contains("netlibblasjni")).toList();
      assertEquals(1, libraries.size(), text);
      return Path.of(libraries.get(0));
    }
  }

  /** netlib finds no library, whatever this machine has installed. */
  private final List<String> options =
      new ArrayList<>(List.of("-Ddev.ludovic.netlib.blas.nativeLib=libabsent.so"));

  private Path cache = sharedCache;

  private Process start(String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx128m");
    command.addAll(options);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(BlasProbe.class.getName());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("MINILOTE_BLAS");
    builder.environment().put("XDG_CACHE_HOME", cache.toString());
    builder.environment().put("OPENBLAS_NUM_THREADS", "2");
    return builder.start();
  }

  private static Printed end(Process process) throws IOException, InterruptedException {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return new Printed(process.exitValue(), text);
  }

  private Printed probe(String... words) throws IOException, InterruptedException {
    return end(start(words));
  }

  @Test
  void blas_inFreshCache_isOpenBlasUnpackedThere() throws Exception {
    cache = folder;
    Printed printed = probe("breeze-after");

    assertEquals("OpenBLAS 0.3.31", printed.nativeReport().name());
    assertTrue(printed.library().startsWith(folder.resolve("minilote/native")), printed.text());
    assertEquals(List.of("JNIBLAS"), printed.lines("breeze"), "Breeze shares the library");
  }

  @Test
  void blas_whereNetlibFoundNoLibraryBefore_isNative() throws Exception {
    Printed printed = probe("netlib-first");

    printed.nativeReport();
    assertTrue(printed.library().startsWith(sharedCache), printed.text());
  }

  /**
   * MLlib's OpenBLAS, which netlib makes visible to the whole process, and ours are two libraries:
   * ours is set to one thread and the other keeps its two. (Functions of ours that were bound to
   * the other's set the other's threads, and crashed where the versions differed.)
   */
  @Test
  void blas_whereNetlibFoundAnotherOpenBlasBefore_isOurs() throws Exception {
    Path ours = probe().library();
    Path other = Files.createDirectory(folder.resolve("other"));
    try (Stream<Path> files = Files.list(ours.getParent())) {
      for (Path file : files.toList()) {
        Files.copy(file, other.resolve(file.getFileName()));
      }
    }
    Path library = other.resolve(ours.getFileName());
    options.add("-Ddev.ludovic.netlib.blas.nativeLibPath=" + library);

    Printed printed = probe("netlib-first", "other-threads");

    printed.nativeReport();
    assertEquals(List.of("JNIBLAS"), printed.lines("first"));
    assertEquals(List.of("2"), printed.lines("other"));
    assertTrue(printed.lines("mapped").contains(ours.toString()), printed.text());
    assertTrue(printed.lines("mapped").contains(library.toString()), printed.text());
  }

  @Test
  void blas_inTwoClassLoaders_isNativeInBoth() throws Exception {
    Printed printed = probe("two-loaders");

    NativeBlas.Report report = printed.nativeReport();
    assertEquals(List.of("true " + report), printed.lines("copy"));
    assertTrue(printed.library().startsWith(sharedCache), printed.text());
  }

  @Test
  void blas_portableAskedFor_isJavasAndSaysSo() throws Exception {
    options.add("-Dminilote.blas=portable");
    Printed printed = probe();

    NativeBlas.Report report = printed.report();
    assertFalse(report.nativeLibrary());
    assertTrue(report.name().matches("(Java11|Vector)BLAS"), report.name());
    assertTrue(
        printed
            .text()
            .contains(
                "WARNING: BLAS is "
                    + report.name()
                    + ", not native: products take three to nine times as long."
                    + " It was asked for by minilote.blas=portable."),
        printed.text());
    assertEquals(List.of(), printed.lines("mapped"));
  }

  @Test
  void blas_onOtherProcessor_isPortableAndNamesIt() throws Exception {
    options.add("-Dos.arch=s390x");

    assertEquals(
        "OpenBLAS comes for Linux on amd64 and aarch64, and this is Linux s390x.",
        probe().report().explanation());
  }

  @Test
  void blas_unknownChoice_isRefused() throws Exception {
    options.add("-Dminilote.blas=mkl");
    Printed printed = probe();

    assertEquals(1, printed.code());
    assertTrue(
        printed.text().contains("minilote.blas is \"mkl\" and must be \"native\" or \"portable\""),
        printed.text());
  }

  @Test
  void blas_withoutWritableHome_liesInTheTemporaryFolder() throws Exception {
    cache = Path.of("/dev/null/cache");
    options.add("-Djava.io.tmpdir=" + folder);
    options.add("-Duser.name=o'brien");
    Printed printed = probe();

    printed.nativeReport();
    assertTrue(
        printed.library().startsWith(folder.resolve("minilote-o_brien/native")), printed.text());
  }

  @Test
  void blas_whereOthersCanWrite_isNotTrusted() throws Exception {
    cache = folder;
    Path open = Files.createDirectory(folder.resolve("minilote"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Files.createDirectory(temporary.resolve("minilote-somebody"));
    Files.setPosixFilePermissions(
        temporary.resolve("minilote-somebody"), PosixFilePermissions.fromString("rwxrwxrwx"));
    options.add("-Djava.io.tmpdir=" + temporary);
    options.add("-Duser.name=somebody");
    Printed printed = probe();

    printed.nativeReport();
    Path library = printed.library();
    assertTrue(library.startsWith(temporary), printed.text());
    assertFalse(library.startsWith(temporary.resolve("minilote-somebody")), printed.text());
    assertFalse(Files.exists(library), "the folder of one process alone goes with it");
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(temporary.resolve("minilote-somebody")), left.toList());
    }
  }

  @Test
  void blas_whereNetlibCannotUnpackItsOwn_isPortableAndSaysWhy() throws Exception {
    options.add("-Djava.io.tmpdir=" + folder.resolve("absent"));
    NativeBlas.Report report = probe().report();

    assertFalse(report.nativeLibrary());
    assertTrue(report.explanation().contains("absent"), report.explanation());
  }

  @Test
  void blas_whereJnaCannotLoad_isPortableAndSaysWhy() throws Exception {
    options.add("-Djna.nounpack=true");
    options.add("-Djna.boot.library.path=/dev/null");
    options.add("-Djna.nosys=true");
    NativeBlas.Report report = probe().report();

    assertFalse(report.nativeLibrary());
    assertEquals(
        "OpenBLAS does not load: JNA, through which it is opened, does not load: Could not find JNA"
            + " native support.",
        report.explanation());
  }

  @Test
  void blas_damagedFolder_isRepaired() throws Exception {
    cache = folder;
    Path library = probe().library();
    long size = Files.size(library);
    try (FileChannel file = FileChannel.open(library, StandardOpenOption.WRITE)) {
      file.truncate(size / 2);
    }
    Files.delete(library.resolveSibling("libgfortran.so.5"));

    Printed printed = probe();

    printed.nativeReport();
    assertEquals(library, printed.library());
    assertEquals(size, Files.size(library));
    assertOneFolderOnly();
  }

  @Test
  void blas_severalProcessesAtOnce_shareOneFolder() throws Exception {
    cache = folder;
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      processes.add(start());
    }
    for (Process process : processes) {
      end(process).nativeReport();
    }
    assertOneFolderOnly();
  }

  private void assertOneFolderOnly() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("minilote/native"))) {
      assertEquals(1, files.count());
    }
  }
}
