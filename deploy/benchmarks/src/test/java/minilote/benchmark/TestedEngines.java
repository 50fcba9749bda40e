package minilote.benchmark;

import java.util.List;
import java.util.function.Supplier;
import minilote.trainer.math.Engine;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.PortableEngine;
import minilote.trainer.math.ReferenceEngine;

/** Minilote's engines, each of which is held against libtorch; a new one is added here. */
final class TestedEngines {
  private static final List<Supplier<Engine>> ALL =
      List.of(PortableEngine::create, EngineKind.AUTO::create, ReferenceEngine::new);

  private TestedEngines() {}

  /** One of each. */
  static List<Engine> make() {
    return ALL.stream().map(Supplier::get).toList();
  }
}
