package minilote.trainer.math;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The engines in single precision that this machine has. */
public final class Engines {
  private Engines() {}

  /** The portable engine on the native BLAS, and the native engine where it is. */
  public static Stream<Engine> best() {
    return OneDnnLibrary.report().loads()
        ? Stream.of(PortableEngine.create(), NativeEngine.create())
        : Stream.of(PortableEngine.create());
  }

  /** Skips a test where the engine is not there. */
  public static void assume(EngineKind kind) {
    assumeTrue(
        kind != EngineKind.NATIVE || OneDnnLibrary.report().loads(),
        () -> OneDnnLibrary.report().describe());
  }

  /** One of each. */
  public static Stream<Engine> all() {
    List<Engine> engines = new ArrayList<>();
    engines.add(PortableEngine.create());
    engines.add(PortableEngine.on(JavaBLAS.getInstance()));
    if (OneDnnLibrary.report().loads()) {
      engines.add(NativeEngine.create());
    }
    return engines.stream();
  }
}
