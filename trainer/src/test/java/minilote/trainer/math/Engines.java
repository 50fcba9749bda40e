package minilote.trainer.math;

import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The engines in single precision that this machine has. */
public final class Engines {
  private Engines() {}

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
