package minilote.driver.lesson;

import java.util.List;
import minilote.driver.report.Plane;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.ForwardPropagation;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;

/**
 * What a network with these parameters answers, layer by layer.
 *
 * @param w all parameters
 */
@SuppressWarnings("ArrayRecordComponent") // Networks with parameters are not compared.
record Answers(Network network, float[] w) {

  /** Of a network of so many inputs, in words. */
  static Answers of(String words, int inputs, float... w) {
    return new Answers(Network.of(NetworkDescription.parse(words), List.of(inputs)), w);
  }

  /** x^(L), examples × d^(L). */
  float[][] to(float[][] x) {
    return to(x, network.layers());
  }

  /** x^(ℓ), examples × d^(ℓ). */
  float[][] to(float[][] x, int layer) {
    int in = network.inputs();
    int out = network.units(layer);
    float[][] answers = new float[x.length][out];
    try (ForwardPropagation forward =
        new ForwardPropagation(network, EngineKind.PORTABLE.create(), x.length)) {
      forward.setParameters(w);
      for (int i = 0; i < x.length; i++) {
        System.arraycopy(x[i], 0, forward.inputs(), i * in, in);
      }
      forward.forward(x.length);
      float[] outputs = forward.outputs(layer);
      for (int i = 0; i < x.length; i++) {
        System.arraycopy(outputs, i * out, answers[i], 0, out);
      }
    }
    return answers;
  }

  /** The middles of cells of a plane, row by row from below. */
  static float[][] middles(Plane.Range across, Plane.Range up, int cells) {
    float[][] x = new float[cells * cells][2];
    for (int i = 0; i < x.length; i++) {
      x[i][0] = (float) across.middle(i % cells, cells);
      x[i][1] = (float) up.middle(i / cells, cells);
    }
    return x;
  }

  /** What a unit of a layer, from 0, says at the middles of cells, a row of cells an array. */
  double[][] over(Plane.Range across, Plane.Range up, int cells, int layer, int unit) {
    float[][] answers = to(middles(across, up, cells), layer);
    double[][] rows = new double[cells][cells];
    for (int i = 0; i < answers.length; i++) {
      rows[i / cells][i % cells] = answers[i][unit];
    }
    return rows;
  }

  /** The last layer's one output, from 0 to 1, as shades of the colour of class 1. */
  Plane.Ground shades(Plane.Range across, Plane.Range up, int cells) {
    return new Plane.Ground(List.of(over(across, up, cells, network.layers(), 0)), false, 1);
  }

  /** Where the last layer's one output is at least that much: class 1, else 0. */
  Plane.Ground regions(Plane.Range across, Plane.Range up, int cells, double least) {
    double[][] rows = over(across, up, cells, network.layers(), 0);
    for (double[] row : rows) {
      for (int j = 0; j < row.length; j++) {
        row[j] = row[j] >= least ? 1 : 0;
      }
    }
    return new Plane.Ground(List.of(rows), true);
  }
}
