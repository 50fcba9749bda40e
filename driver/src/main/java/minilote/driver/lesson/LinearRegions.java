package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import minilote.driver.report.Plane;

/**
 * The pieces of a plane on each of which a network of relu layers is linear, as seen on a grid:
 * where the same units are at work.
 *
 * @param cells of the grid, from below; the region's number in each, from 0 on
 * @param count how many regions some cell's middle lies in
 */
@SuppressWarnings("ArrayRecordComponent") // Pictures are not compared.
record LinearRegions(int[][] cells, int count) {
  private static final int COLOURS = 8;

  /** Of all layers but the last one, which is linear. */
  static LinearRegions of(Answers network, Plane.Range across, Plane.Range up, int cells) {
    BitSet[] patterns = new BitSet[cells * cells];
    for (int i = 0; i < patterns.length; i++) {
      patterns[i] = new BitSet();
    }
    int first = 0;
    for (int layer = 1; layer < network.network().layers(); layer++) {
      int units = network.network().units(layer);
      float[][] outputs = network.to(Answers.middles(across, up, cells), layer);
      for (int i = 0; i < patterns.length; i++) {
        for (int unit = 0; unit < units; unit++) {
          patterns[i].set(first + unit, outputs[i][unit] > 0);
        }
      }
      first += units;
    }
    Map<BitSet, Integer> numbers = new HashMap<>();
    int[][] regions = new int[cells][cells];
    for (int i = 0; i < patterns.length; i++) {
      Integer known = numbers.putIfAbsent(patterns[i], numbers.size());
      regions[i / cells][i % cells] = known == null ? numbers.size() - 1 : known;
    }
    return new LinearRegions(regions, numbers.size());
  }

  /** Colours by which neighbours are told apart. */
  Plane.Ground ground() {
    List<Set<Integer>> neighbours = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      neighbours.add(new TreeSet<>());
    }
    for (int i = 0; i < cells.length; i++) {
      for (int j = 0; j < cells.length; j++) {
        if (i > 0) {
          join(neighbours, cells[i][j], cells[i - 1][j]);
        }
        if (j > 0) {
          join(neighbours, cells[i][j], cells[i][j - 1]);
        }
      }
    }
    int[] colours = new int[count];
    for (int region = 0; region < count; region++) {
      BitSet taken = new BitSet();
      for (int neighbour : neighbours.get(region)) {
        if (neighbour < region) {
          taken.set(colours[neighbour]);
        }
      }
      // Not always the first ones, of which most of the picture would be.
      int colour = region % COLOURS;
      for (int tried = 0; tried < COLOURS && taken.get(colour); tried++) {
        colour = (colour + 1) % COLOURS;
      }
      colours[region] = colour;
    }
    List<double[]> rows = new ArrayList<>();
    for (int[] row : cells) {
      double[] shades = new double[row.length];
      for (int j = 0; j < row.length; j++) {
        shades[j] = colours[row[j]];
      }
      rows.add(shades);
    }
    return new Plane.Ground(rows, true);
  }

  private static void join(List<Set<Integer>> neighbours, int one, int other) {
    if (one != other) {
      neighbours.get(one).add(other);
      neighbours.get(other).add(one);
    }
  }
}
