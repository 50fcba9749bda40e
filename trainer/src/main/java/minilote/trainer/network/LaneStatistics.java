package minilote.trainer.network;

/**
 * How layers that normalize the whole batch get its statistics while each lane is computed by
 * itself: what a lane has found is put into its array, then all are merged along the fixed binary
 * tree over the lane numbers, those of other threads and processes among them. Everybody merges the
 * same in the same order, also who has no examples in the batch.
 */
public interface LaneStatistics {
  /** Examples of the whole batch. */
  int batch();

  /**
   * Where one of the caller's lanes puts what it has found, if it has examples.
   *
   * @param lane its number among the caller's lanes
   * @return at least 2 × channels
   */
  double[] of(int lane);

  /**
   * Merges the moments of all lanes, as {@link minilote.trainer.math.Engine#moments} tells them.
   *
   * @param pixels of an example
   * @return those of the batch, 2 × channels, until the next merge
   */
  double[] moments(int pixels, int channels);

  /**
   * Adds up what all lanes have put.
   *
   * @return the sums over the batch, 2 × channels, until the next merge
   */
  double[] sums(int channels);
}
