package minilote.trainer.spark;

import java.util.function.IntConsumer;
import minilote.datasets.ValidationSplit;

/** How a task brings the examples of a block that count to its network, as many rows at a time. */
final class BlockRows {
  private final Selection selection;
  private final ValidationSplit validation;
  private final Learner learner;
  private final int[] offsets; // of the rows' records, in the block
  private byte[] block = {};

  BlockRows(Selection selection, Learner learner) {
    this.selection = selection;
    this.validation = selection.validation();
    this.learner = learner;
    this.offsets = new int[learner.blockRows()];
  }

  /**
   * Puts the rows of a block into the learner's network.
   *
   * @param records the block
   * @param number its number: its first id is so many times {@link Examples#BLOCK}
   * @param part told, whenever the network has all the rows that it takes or the last ones, how
   *     many
   * @return how many examples of the block count
   */
  int forEachPart(byte[] records, int number, IntConsumer part) {
    block = records;
    int recordBytes = learner.format().recordBytes();
    int count = 0;
    int rows = 0;
    long id = (long) number * Examples.BLOCK;
    for (int offset = 0; offset < block.length; offset += recordBytes, id++) {
      if (selection.counts(id, validation)) {
        offsets[rows] = offset;
        learner.stage(block, offset, rows++);
        count++;
      }
      boolean last = offset + recordBytes == block.length;
      if (rows == offsets.length || (last && rows > 0)) {
        part.accept(rows);
        rows = 0;
      }
    }
    return count;
  }

  /** The class of a row of the part that was told last. */
  int label(int row) {
    return learner.format().label(block, offsets[row]);
  }
}
