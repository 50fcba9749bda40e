package minilote.trainer.spark;

import java.util.Arrays;

/**
 * Puts pieces of a part's rows together, one after the other: finds each row by position, rank and
 * partition, and asks the JVMs that hold those which this one does not. Not thread-safe.
 */
final class PieceFiller {
  /** How other JVMs are asked for rows. */
  @FunctionalInterface
  interface Asking {
    /**
     * Asks for {@code rows[first … first + count − 1]}, each as {@link RowServer#row} names it: the
     * rows of a piece from its {@code first}th one that is copied on.
     */
    void ask(int owner, long piece, int first, long[] rows, int count);
  }

  private final EpochOrder order;
  private final PartPositions positions;
  private final RowPlaces places;
  private final int pieceRows;
  private final int answerRows;
  private final Asking asking;

  // Of the piece that is put together.
  private final long[] names; // of its rows
  private final int[] owners; // of its rows; this JVM as the last one
  private final int[] ends; // by owner, of its rows among those that are copied
  private final long[] asked; // rows, in the order in which they are copied: owner by owner

  /**
   * For the rows at {@code positions} of an epoch of {@code order}.
   *
   * @param pieceRows of a full piece
   * @param answerRows the most to ask for at a time
   */
  PieceFiller(
      EpochOrder order,
      PartPositions positions,
      RowPlaces places,
      int pieceRows,
      int answerRows,
      Asking asking) {
    this.order = order;
    this.positions = positions;
    this.places = places;
    this.pieceRows = pieceRows;
    this.answerRows = answerRows;
    this.asking = asking;
    this.names = new long[pieceRows];
    this.owners = new int[pieceRows];
    this.ends = new int[places.others() + 1];
    this.asked = new long[pieceRows];
  }

  /** Whether there are rows for one more piece. */
  boolean hasNext() {
    return positions.hasNext();
  }

  /** Makes {@code piece} the next one, which is complete when all that was asked for is there. */
  void fill(Piece piece, long number) {
    piece.begin(number);
    int rows = find(piece);
    int first = 0;
    for (int owner = 0; owner < ends.length; owner++) {
      int count = ends[owner];
      ends[owner] = first; // For now, its next place.
      first += count;
    }
    for (int row = 0; row < rows; row++) {
      if (owners[row] != RowPlaces.IN_PLACE) {
        int place = ends[owners[row]]++;
        asked[place] = names[row];
        piece.putCopied(row, place);
      }
    }
    copyOwn(piece);
    ask(piece, number);
  }

  /** Finds the rows, and counts by owner those that have to be copied. */
  private int find(Piece piece) {
    Arrays.fill(ends, 0);
    int row = 0;
    for (; row < pieceRows && positions.hasNext(); row++) {
      long rank = order.rank(positions.next());
      int partition = places.partition(rank);
      int index = places.index(rank, partition);
      names[row] = RowServer.row(partition, index);
      owners[row] = places.owner(partition);
      if (owners[row] == RowPlaces.IN_PLACE) {
        HeldPartition held = places.held(partition);
        piece.put(row, held.array(index), held.offset(index));
      } else {
        ends[owners[row]]++;
      }
    }
    return row;
  }

  /** Rows of this JVM that are in a file come behind those of others. */
  private void copyOwn(Piece piece) {
    int others = places.others();
    for (int place = others == 0 ? 0 : ends[others - 1]; place < ends[others]; place++) {
      HeldPartition held = places.held(RowServer.partition(asked[place]));
      piece.copy(held, RowServer.index(asked[place]), place);
    }
  }

  private void ask(Piece piece, long number) {
    int others = places.others();
    int questions = 0;
    for (int owner = 0, first = 0; owner < others; first = ends[owner++]) {
      questions += (ends[owner] - first + answerRows - 1) / answerRows;
    }
    piece.expect(questions);
    for (int owner = 0, first = 0; owner < others; first = ends[owner++]) {
      for (int from = first; from < ends[owner]; from += answerRows) {
        asking.ask(owner, number, from, asked, Math.min(answerRows, ends[owner] - from));
      }
    }
  }
}
