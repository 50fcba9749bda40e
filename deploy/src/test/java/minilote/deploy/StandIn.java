package minilote.deploy;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A jar with a program in Minilote's place, which tells what it was started with: so the launcher's
 * tests do not depend on what Minilote does. Its first argument says what it does:
 *
 * <ul>
 *   <li>{@code tell CODE ...}: prints its arguments, Spark's version, its memory and Spark's
 *       settings, logs a line of each level, and ends with that exit code;
 *   <li>{@code wait}: prints "waiting", waits until it is ended, and then prints "ended in order";
 *   <li>{@code tasks MILLISECONDS}: runs 8 Spark tasks of that length, and prints the executors'
 *       process ids.
 * </ul>
 */
final class StandIn {
  private static final String SOURCE =
      """
      package minilote.driver;

      import java.util.List;
      import org.apache.spark.SparkConf;
      import org.apache.spark.api.java.JavaSparkContext;
      import org.slf4j.LoggerFactory;

      public class Minilote {
        public static void main(String[] arguments) throws Exception {
          switch (arguments[0]) {
            case "wait" -> {
              Runtime.getRuntime()
                  .addShutdownHook(new Thread(() -> System.out.println("ended in order")));
              System.out.println("waiting");
              Thread.sleep(120_000);
            }
            case "tasks" -> {
              int milliseconds = Integer.parseInt(arguments[1]);
              try (var spark = new JavaSparkContext(new SparkConf().setAppName("stand-in"))) {
                List<Long> processes =
                    spark
                        .parallelize(List.of(0, 1, 2, 3, 4, 5, 6, 7), 8)
                        .map(
                            task -> {
                              System.err.println("process " + ProcessHandle.current().pid());
                              Thread.sleep(milliseconds);
                              return ProcessHandle.current().pid();
                            })
                        .collect();
                System.out.println("driver " + ProcessHandle.current().pid());
                processes.stream().distinct().forEach(p -> System.out.println("executor " + p));
              }
            }
            default -> {
              for (String argument : arguments) {
                System.out.println("argument <" + argument.replace("\\n", "\\\\n") + ">");
              }
              System.out.println("version " + org.apache.spark.SparkBuildInfo.spark_version());
              System.out.println("memory " + Runtime.getRuntime().maxMemory() / (1 << 20));
              System.out.println("threads " + System.getenv("OPENBLAS_NUM_THREADS"));
              for (var setting : new SparkConf().getAll()) {
                System.out.println(setting._1() + "=" + setting._2());
              }
              var logger = LoggerFactory.getLogger("org.apache.spark.Example");
              logger.info("an information");
              logger.warn("a warning");
              System.exit(Integer.parseInt(arguments[1]));
            }
          }
        }
      }
      """;

  private StandIn() {}

  /** Compiles the program in a folder against Spark's jars, and returns its jar. */
  static Path in(Path folder) throws IOException {
    Path source = folder.resolve("Minilote.java");
    Files.writeString(source, SOURCE);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                classPath(Project.spark("4.1")),
                source.toString());
    if (code != 0) {
      throw new IllegalStateException("The stand-in does not compile.");
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    Path jar = folder.resolve("stand-in.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        Stream<Path> found = Files.walk(classes)) {
      List<Path> files = found.filter(Files::isRegularFile).sorted().toList();
      for (Path path : files) {
        out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
        Files.copy(path, out);
      }
    }
    return jar;
  }

  private static String classPath(Path spark) throws IOException {
    try (Stream<Path> jars = Files.list(spark.resolve("jars"))) {
      return jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
  }
}
