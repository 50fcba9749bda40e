package minilote.trainer.network;

/**
 * The fixed binary tree over the lanes of a batch along which their statistics are merged, so that
 * the bits depend on the batch and the number of lanes alone. Nodes are numbered as in a heap: the
 * root is 1, the children of {@code i} are {@code 2i} and {@code 2i + 1}, lane {@code l} is {@code
 * L + l}. A node without examples is the identity. Nothing is allocated after construction.
 *
 * <p>Moments are merged as by Chan, Golub and LeVeque, <i>Updating formulae and a pairwise
 * algorithm for computing sample variances</i>, 1979, equation 2.1: means and sums of squared
 * differences to them, which lose nothing where means are large.
 *
 * <p>Not synchronized.
 */
public final class StatisticsTree {
  public static final int ROOT = 1;

  private final int lanes;
  private final double[][] values; // by node, 2 × the most channels
  private final int[] rows; // by node, of the batch
  private final boolean[] leaves; // by node

  /**
   * A tree.
   *
   * @param lanes lanes {@code L}, a power of two
   * @param channels the most that there are statistics of
   */
  public StatisticsTree(int lanes, int channels) {
    this.lanes = lanes;
    this.values = new double[2 * lanes][2 * channels];
    this.rows = new int[2 * lanes];
    this.leaves = new boolean[2 * lanes];
    for (int lane = 0; lane < lanes; lane++) {
      leaves[leaf(lane)] = true;
    }
  }

  /** The node of a lane. */
  public int leaf(int lane) {
    return lanes + lane;
  }

  /** Says how many examples a lane has in the batches from now on; then {@link #count}. */
  public void setRows(int lane, int examples) {
    rows[leaf(lane)] = examples;
  }

  /** Counts the examples under all nodes. */
  public void count() {
    for (int node = lanes - 1; node > 0; node--) {
      rows[node] = rows[2 * node] + rows[2 * node + 1];
    }
  }

  /** Examples under a node. */
  public int rows(int node) {
    return rows[node];
  }

  /** What has been put or merged there, 2 × channels; of nodes without examples, anything. */
  public double[] values(int node) {
    return values[node];
  }

  /** By node, whether it is a lane: where all lanes under a node are there to be merged. */
  public boolean[] leaves() {
    return leaves;
  }

  /**
   * Makes the moments of a node of those below.
   *
   * @param there by node, whether its values are there
   * @param pixels of an example
   */
  public void mergeMoments(int node, boolean[] there, int pixels, int channels) {
    if (there[node]) {
      return;
    }
    int left = 2 * node;
    int right = left + 1;
    mergeMoments(left, there, pixels, channels);
    mergeMoments(right, there, pixels, channels);
    if (isOfOne(node, channels)) {
      return;
    }
    double n = (double) rows[left] * pixels;
    double m = (double) rows[right] * pixels;
    double[] a = values[left];
    double[] b = values[right];
    double[] merged = values[node];
    for (int c = 0; c < channels; c++) {
      double difference = b[c] - a[c];
      merged[c] = a[c] + difference * (m / (n + m));
      merged[channels + c] =
          a[channels + c] + b[channels + c] + difference * difference * (n * (m / (n + m)));
    }
  }

  /** Makes the sums of a node of those below. */
  public void addSums(int node, boolean[] there, int channels) {
    if (there[node]) {
      return;
    }
    addSums(2 * node, there, channels);
    addSums(2 * node + 1, there, channels);
    if (isOfOne(node, channels)) {
      return;
    }
    double[] a = values[2 * node];
    double[] b = values[2 * node + 1];
    double[] merged = values[node];
    for (int i = 0; i < 2 * channels; i++) {
      merged[i] = a[i] + b[i];
    }
  }

  /** Whether at most one child has examples, whose values are then the node's. */
  private boolean isOfOne(int node, int channels) {
    int left = 2 * node;
    if (rows[left] > 0 && rows[left + 1] > 0) {
      return false;
    }
    int only = rows[left] > 0 ? left : left + 1;
    System.arraycopy(values[only], 0, values[node], 0, 2 * channels);
    return true;
  }
}
