package minilote.driver.lesson;

import java.util.stream.DoubleStream;
import minilote.trainer.math.Engine;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.Numbers;
import minilote.trainer.math.ReferenceEngine;
import minilote.trainer.network.Activation;

/**
 * An activation on a row of signals, by the trainer's engines: by their common definition, in
 * double precision, or as it is computed in training.
 */
record AppliedActivation(Activation activation) {
  /** θ(s). */
  double[] values(double... s) {
    try (ReferenceEngine engine = new ReferenceEngine()) {
      return list(engine, output(engine, numbers(engine, s), s.length), s.length);
    }
  }

  /** θ'(s), of one whose outputs depend on a signal each. */
  double[] derivatives(double... s) {
    return backward(s, DoubleStream.generate(() -> 1).limit(s.length).toArray());
  }

  /** The derivatives by the signals, where those by the outputs are {@code delta}. */
  double[] backward(double[] s, double[] delta) {
    try (ReferenceEngine engine = new ReferenceEngine()) {
      Numbers signal = numbers(engine, s);
      Numbers output = output(engine, signal, s.length);
      Numbers back = numbers(engine, delta);
      engine.multiplyByDerivative(
          activation.function(), activation.alpha(), 1, s.length, signal, output, back);
      return list(engine, back, s.length);
    }
  }

  /** θ(s) in single precision, by the engine that needs nothing but Java. */
  float[] valuesInTraining(double... s) {
    try (Engine engine = EngineKind.PORTABLE.create()) {
      float[] signals = new float[s.length];
      for (int i = 0; i < s.length; i++) {
        signals[i] = (float) s[i];
      }
      Numbers signal = engine.allocate(s.length);
      engine.load(signal, signals);
      return engine.values(output(engine, signal, s.length)).clone();
    }
  }

  private Numbers output(Engine engine, Numbers signal, int units) {
    Numbers output = engine.allocate(units);
    engine.activate(activation.function(), activation.alpha(), 1, units, signal, output);
    return output;
  }

  private static Numbers numbers(ReferenceEngine engine, double[] values) {
    Numbers numbers = engine.allocate(values.length);
    for (int i = 0; i < values.length; i++) {
      engine.set(numbers, i, values[i]);
    }
    return numbers;
  }

  private static double[] list(ReferenceEngine engine, Numbers numbers, int count) {
    double[] list = new double[count];
    for (int i = 0; i < count; i++) {
      list[i] = engine.get(numbers, i);
    }
    return list;
  }
}
