package minilote.driver.lesson;

import minilote.trainer.measure.Objective;

/** The loss of a small training's network as a function of its weights, which it moves. */
record SmallObjective(SmallTraining training) implements Objective {
  /** Where the weights are. */
  double[] weights() {
    float[] floats = training.parameters();
    double[] weights = new double[floats.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = floats[i];
    }
    return weights;
  }

  /** Brings the weights there. */
  void move(double[] to) {
    float[] weights = training.parameters();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) to[i];
    }
    training.backPropagation().setParameters(weights);
  }

  @Override
  public int dimension() {
    return training.parameters().length;
  }

  @Override
  public double loss(double[] weights) {
    move(weights);
    return training.loss();
  }

  @Override
  public double lossAndGradient(double[] weights, double[] gradient) {
    move(weights);
    float[] floats = training.gradient();
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = floats[i];
    }
    return training.loss();
  }
}
