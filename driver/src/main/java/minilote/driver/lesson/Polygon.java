package minilote.driver.lesson;

import java.util.List;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;

/**
 * A regular polygon around the origin as a network of threshold units with fixed weights: one for
 * each side, which says whether a point lies on the inner side of its line, and an AND of them.
 *
 * @param sides how many
 * @param distance of each side from the origin
 */
record Polygon(int sides, double distance) {
  /** Turns every polygon, so that none has sides along the axes of a grid. */
  private static final double TURN = 0.25;

  /** The direction of a side's normal. */
  double angle(int side) {
    return 2 * StrictMath.PI * (side + TURN) / sides;
  }

  /** The network that answers 1 within it and 0 beyond. */
  FittedNetwork network() {
    Network network =
        Network.of(
            NetworkDescription.parse("dense %d heaviside, dense 1 heaviside".formatted(sides)),
            List.of(2));
    float[] w = new float[network.parameterCount()];
    for (int side = 0; side < sides; side++) {
      w[side] = (float) -StrictMath.cos(angle(side));
      w[sides + side] = (float) -StrictMath.sin(angle(side));
      w[2 * sides + side] = (float) distance;
      w[3 * sides + side] = 1;
    }
    w[4 * sides] = 0.5f - sides; // all of them, not one fewer
    return new FittedNetwork(network, w);
  }

  /** The one whose sides touch the unit circle. */
  static Polygon around(int sides) {
    return new Polygon(sides, 1);
  }

  /**
   * The one that differs least from the unit disc: half of each side lies within the disc, so that
   * moving it a little takes away as much as it adds.
   */
  static Polygon nearest(int sides) {
    double half = StrictMath.tan(StrictMath.PI / sides) / 2;
    return new Polygon(sides, 1 / StrictMath.sqrt(1 + half * half));
  }

  /** How much of the disc's area the one around it has too much. */
  static double excessAround(int sides) {
    return sides * StrictMath.tan(StrictMath.PI / sides) / StrictMath.PI - 1;
  }
}
