package minilote.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the parts of the project are that the tests run. */
final class Project {
  static final Path ROOT = Path.of(property("minilote.project")).toAbsolutePath().normalize();
  static final Path JAR = ROOT.resolve("driver/target/minilote.jar");
  static final Path MINILOTE = ROOT.resolve("deploy/minilote");
  static final Path CLUSTER = ROOT.resolve("deploy/cluster");
  static final Path QUICKSTART = ROOT.resolve("deploy/quickstart");

  private Project() {}

  /** The folders with Spark's jars, laid out by the build: one of 4.0, one of 4.1. */
  static List<Path> sparks() {
    return List.of(spark("4.0"), spark("4.1"));
  }

  static Path spark(String line) {
    Path target = ROOT.resolve("deploy/spark-" + line + "/target");
    try (Stream<Path> folders = Files.list(target)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith("spark-" + line + "."))
          .reduce(
              (one, other) -> {
                throw new IllegalStateException("Two of Spark " + line + " in " + target);
              })
          .orElseThrow(() -> new IllegalStateException("No Spark " + line + " in " + target));
    } catch (IOException e) {
      throw new IllegalStateException("Spark " + line + " is not laid out in " + target, e);
    }
  }

  /** The version that a folder with Spark's jars is named by, such as 4.1.0. */
  static String version(Path spark) {
    return spark.getFileName().toString().substring("spark-".length());
  }

  static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(
          "The system property " + name + " is not set: Maven's failsafe plugin sets it.");
    }
    return value;
  }
}
