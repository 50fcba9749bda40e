package minilote.trainer.math;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An instance of netlib's JNI class that is certain to call one given library.
 *
 * <p>netlib chooses its library when its class loads, once a JVM: whoever touches it first (MLlib,
 * Breeze, another copy of this class in another class loader) decides for everyone, and nothing
 * tells afterwards what was chosen. A program that has used MLlib on a machine without a BLAS would
 * so run at a tenth of its speed. Therefore netlib's two classes that hold the JNI functions are
 * defined again here, with netlib's own interfaces as parents, and load their JNI library anew: it
 * either opens the file it is told to, or fails.
 *
 * <p>Breeze calls the instance that it shares with MLlib. The property stays set, so that this one
 * opens the same library if it has not been loaded before.
 */
final class PrivateNetlib extends ClassLoader {

  private static final String PACKAGE = "dev.ludovic.netlib.blas.";

  private PrivateNetlib() {
    super(NativeBLAS.class.getClassLoader());
  }

  /**
   * A BLAS on the library in {@code file}.
   *
   * @throws IOException if netlib's JNI library refuses, as where it cannot be unpacked
   */
  static BLAS load(Path file) throws IOException, ReflectiveOperationException {
    String before = System.getProperty(NativeBlas.NETLIB_PATH);
    System.setProperty(NativeBlas.NETLIB_PATH, file.toString());
    try {
      Class<?> jni = Class.forName(PACKAGE + "JNIBLAS", true, new PrivateNetlib());
      Method instance = jni.getMethod("getInstance");
      instance.setAccessible(true); // The class is public to its package alone.
      return (BLAS) instance.invoke(null);
    } catch (LinkageError e) {
      throw new IOException("netlib's JNI library does not load: " + e.getMessage(), e);
    } finally {
      if (before != null) {
        // Somebody's own choice for MLlib.
        System.setProperty(NativeBlas.NETLIB_PATH, before);
      }
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.equals(PACKAGE + "JNIBLAS") && !name.equals(PACKAGE + "AbstractBLAS")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (@Nullable InputStream in =
        getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] code = in.readAllBytes();
      return defineClass(name, code, 0, code.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
