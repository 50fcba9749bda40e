package minilote.trainer.math;

import dev.ludovic.netlib.blas.BLAS;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program of {@link NativeBlasProcessTest}: which BLAS a fresh JVM gets. */
final class BlasProbe {

  private BlasProbe() {}

  /**
   * Prints the report as JSON, then the paths of the BLAS libraries in the process.
   *
   * @param words what to do; before: {@code netlib-first}, {@code two-loaders}; and after: {@code
   *     breeze-after}, {@code other-threads}
   */
  @SuppressWarnings("SystemOut")
  public static void main(String[] words) throws IOException, ReflectiveOperationException {
    List<String> wishes = List.of(words);
    if (wishes.contains("netlib-first")) {
      System.out.println("first " + BLAS.getInstance().getClass().getSimpleName());
    }
    if (wishes.contains("two-loaders")) {
      try (Copy copy = new Copy()) {
        Class<?> other = copy.loadClass(NativeBlas.class.getName());
        Object report = other.getMethod("report").invoke(null);
        System.out.println("copy " + (other != NativeBlas.class) + " " + report);
      }
    }
    System.out.println("report " + NativeBlas.report().toJson());
    System.out.println("product " + largeProductIsExact());
    if (wishes.contains("breeze-after")) {
      System.out.println("breeze " + BLAS.getInstance().getClass().getSimpleName());
    }
    if (wishes.contains("other-threads")) {
      Path other = Path.of(System.getProperty(NativeBlas.NETLIB_PATH));
      System.out.println("other " + OpenBlas.load(other.getParent()).threads());
    }
    for (String library : mapped("blas")) {
      System.out.println("mapped " + library);
    }
  }

  /** Small integers, whose sums any order of addition gives exactly. */
  private static boolean largeProductIsExact() {
    int n = 300;
    float[] a = new float[n * n];
    float[] b = new float[n * n];
    for (int i = 0; i < n * n; i++) {
      a[i] = i % 7 - 3;
      b[i] = i % 5 - 2;
    }
    float[] c = new float[n * n];
    NativeBlas.blas().sgemm("N", "N", n, n, n, 1, a, 0, n, b, 0, n, 0, c, 0, n);
    for (int row = 0; row < n; row++) {
      for (int column = 0; column < n; column++) {
        float sum = 0;
        for (int k = 0; k < n; k++) {
          sum += a[row + k * n] * b[k + column * n];
        }
        if (sum != c[row + column * n]) {
          return false;
        }
      }
    }
    return true;
  }

  private static List<String> mapped(String part) throws IOException {
    Path maps = Path.of("/proc/self/maps");
    if (!Files.exists(maps)) {
      return List.of();
    }
    return Files.readAllLines(maps).stream()
        .filter(line -> line.contains("r-x") && line.contains(part))
        .map(line -> line.substring(line.indexOf('/')))
        .distinct()
        .toList();
  }

  /** The product and JNA once more, over the netlib of the class path, as an executor has it. */
  private static final class Copy extends URLClassLoader {
    Copy() throws MalformedURLException {
      super(urls(), BlasProbe.class.getClassLoader());
    }

    private static URL[] urls() throws MalformedURLException {
      List<URL> urls = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        urls.add(new File(entry).toURI().toURL());
      }
      return urls.toArray(new URL[0]);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("minilote.") && !name.startsWith("com.sun.jna.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }
}
