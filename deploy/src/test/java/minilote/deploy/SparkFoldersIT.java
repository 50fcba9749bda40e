package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The folders with Spark's jars: each what that Spark is made of, in one version. */
class SparkFoldersIT {
  /** ARTIFACT-VERSION[-PLATFORM].jar; a version begins with a digit. */
  private static final Pattern NAME =
      Pattern.compile(
          "(.+?)-(\\d[\\w.]*?(?:-jre|-GA|-empty-to-avoid.*)?)"
              + "(-(?:linux|osx|windows)-[\\w]+?)?\\.jar");

  static List<Path> sparks() {
    return Project.sparks();
  }

  @ParameterizedTest
  @MethodSource("sparks")
  void jars_ofAFolder_haveOneVersionOfEachArtifact(Path spark) throws IOException {
    Map<String, String> versions = versions(spark);
    assertTrue(versions.size() > 120, versions.toString());
    assertEquals(Project.version(spark), versions.get("spark-core_2.13"));
    for (String artifact : List.of("spark-launcher_2.13", "spark-mllib-local_2.13")) {
      assertEquals(versions.get("spark-core_2.13"), versions.get(artifact), artifact);
    }
    for (String artifact : List.of("lapack", "arpack")) {
      assertEquals(versions.get("blas"), versions.get(artifact), artifact);
    }
    for (String artifact : List.of("jackson-core", "jackson-module-scala_2.13")) {
      assertEquals(versions.get("jackson-databind"), versions.get(artifact), artifact);
    }
    assertEquals(versions.get("scala-library"), versions.get("scala-reflect"));
    assertEquals(versions.get("hadoop-client-api"), versions.get("hadoop-client-runtime"));
  }

  @ParameterizedTest
  @MethodSource("sparks")
  void versions_ofEachSpark_areItsOwn(Path spark) throws IOException {
    Map<String, String> versions = versions(spark);
    // The properties of spark-parent's pom of each release.
    Map<String, String> expected =
        Project.version(spark).startsWith("4.0.")
            ? Map.of(
                "scala-library", "2.13.16",
                "hadoop-client-api", "3.4.1",
                "jackson-databind", "2.18.2",
                "blas", "3.0.3",
                "breeze_2.13", "2.1.0")
            : Map.of(
                "scala-library", "2.13.17",
                "hadoop-client-api", "3.4.2",
                "jackson-databind", "2.20.0",
                "blas", "3.0.4",
                "breeze_2.13", "2.1.0");
    Map<String, String> actual = new HashMap<>(versions);
    actual.keySet().retainAll(expected.keySet());
    assertEquals(expected, actual);
  }

  @ParameterizedTest
  @MethodSource("sparks")
  void sparkSubmit_version_isTheFolders(Path spark) throws Exception {
    Program.Result result =
        new Program(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                "-cp",
                spark.resolve("jars") + "/*",
                "org.apache.spark.deploy.SparkSubmit",
                "--version")
            .run();
    assertEquals(0, result.exitCode(), result.toString());
    assertTrue(result.err().contains("version " + Project.version(spark)), result.toString());
  }

  private static Map<String, String> versions(Path spark) throws IOException {
    Map<String, String> versions = new TreeMap<>();
    try (Stream<Path> jars = Files.list(spark.resolve("jars"))) {
      for (Path jar : jars.toList()) {
        Matcher matcher = NAME.matcher(jar.getFileName().toString());
        assertTrue(matcher.matches(), jar.toString());
        String version = matcher.group(2);
        String known = versions.put(matcher.group(1), version);
        assertTrue(known == null || known.equals(version), jar + " beside " + known);
      }
    }
    return versions;
  }
}
