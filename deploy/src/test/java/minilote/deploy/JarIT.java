package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What minilote.jar contains, and what it must leave to Spark. */
class JarIT {
  static List<Path> sparks() {
    return Project.sparks();
  }

  @Test
  void classes_ofTheJar_areOursOrRelocatedOrNative() throws IOException {
    List<String> strangers = new ArrayList<>();
    for (String entry : entries(Project.JAR)) {
      if (entry.endsWith(".class")
          && !entry.startsWith("minilote/")
          && !entry.startsWith("com/sun/jna/")) {
        strangers.add(entry);
      }
    }
    assertEquals(List.of(), strangers);
  }

  @Test
  void jar_ofWhatSparkShips_containsNothing() throws IOException {
    for (String folder :
        List.of(
            "org/apache/",
            "scala/",
            "breeze/",
            "dev/ludovic/netlib/",
            "com/fasterxml/",
            "org/slf4j/",
            "io/netty/",
            "org/jline/",
            "META-INF/services/org/jline/")) {
      assertEquals(
          List.of(),
          entries(Project.JAR).stream().filter(entry -> entry.startsWith(folder)).toList(),
          folder);
    }
  }

  @ParameterizedTest
  @MethodSource("sparks")
  void classes_ofTheJar_areInNoJarOfSparks(Path spark) throws IOException {
    Set<String> ours = new HashSet<>(entries(Project.JAR));
    try (Stream<Path> jars = Files.list(spark.resolve("jars"))) {
      for (Path jar : jars.toList()) {
        for (String entry : entries(jar)) {
          assertFalse(entry.endsWith(".class") && ours.contains(entry), entry + " in " + jar);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sparks")
  void references_ofTheJar_existInEachSpark(Path spark) throws IOException {
    Linkage linkage = new Linkage(Project.JAR, spark.resolve("jars"));
    // JLine knows how to do without its native part, which we leave out.
    List<String> missing =
        linkage.missing(
            name -> name.startsWith("minilote/") && !name.startsWith("minilote/shaded/jline/"));
    assertTrue(linkage.examined() > 5_000, linkage.examined() + " references examined");
    assertEquals("", String.join("\n", missing));
  }

  @Test
  void natives_ofBothPlatforms_areThereWithWhatTheyLink() throws IOException {
    assertEquals(
        List.of(
            "org/bytedeco/dnnl/linux-x86_64/libdnnl.so.3",
            "org/bytedeco/dnnl/linux-x86_64/libgomp.so.1",
            "org/bytedeco/openblas/linux-arm64/libgcc_s.so.1",
            "org/bytedeco/openblas/linux-arm64/libgfortran.so.5",
            "org/bytedeco/openblas/linux-arm64/libopenblas.so.0",
            "org/bytedeco/openblas/linux-x86_64/libgcc_s.so.1",
            "org/bytedeco/openblas/linux-x86_64/libgfortran.so.5",
            "org/bytedeco/openblas/linux-x86_64/libopenblas.so.0",
            "org/bytedeco/openblas/linux-x86_64/libquadmath.so.0"),
        entries(Project.JAR).stream()
            .filter(entry -> entry.startsWith("org/bytedeco/") && !entry.endsWith("/"))
            .sorted()
            .toList());
    assertTrue(
        entries(Project.JAR)
            .containsAll(
                List.of(
                    "com/sun/jna/linux-x86-64/libjnidispatch.so",
                    "com/sun/jna/linux-aarch64/libjnidispatch.so")));
  }

  @Test
  void manifest_ofTheJar_namesProgramAndVersion() throws IOException {
    try (JarFile jar = new JarFile(Project.JAR.toFile())) {
      Attributes attributes = jar.getManifest().getMainAttributes();
      assertEquals("minilote.driver.Minilote", attributes.getValue("Main-Class"));
      assertEquals(
          Project.property("minilote.version"), attributes.getValue("Implementation-Version"));
    }
  }

  @Test
  void licences_namedByThirdParty_areThere() throws IOException {
    String list = text("META-INF/THIRD-PARTY.txt");
    List<String> texts =
        Pattern.compile("[\\w.-]+\\.txt").matcher(list).results().map(MatchResult::group).toList();
    assertTrue(texts.size() >= 8, texts.toString());
    for (String name : texts) {
      assertFalse(text("META-INF/licenses/" + name).isBlank(), name);
    }
    assertTrue(text("META-INF/LICENSE").contains("Apache License"));
    assertTrue(text("META-INF/NOTICE").contains("Minilote"));
  }

  @Test
  void size_ofTheJar_isSmall() throws IOException {
    long megabytes = Files.size(Project.JAR) >> 20;
    // oneDNN 25, OpenBLAS of two processors 17, all else 5.
    assertTrue(megabytes < 52, megabytes + " MiB");
  }

  private static String text(String entry) throws IOException {
    try (JarFile jar = new JarFile(Project.JAR.toFile())) {
      var found = jar.getJarEntry(entry);
      assertNotNull(found, entry);
      try (InputStream in = jar.getInputStream(found)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  private static List<String> entries(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().map(entry -> entry.getName()).toList();
    }
  }
}
