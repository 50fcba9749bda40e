package minilote.trainer.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a part's lanes where the examples are spread over JVMs: those that are held here are
 * used where they lie, others are asked of their owners, a piece of rows at a time, long before
 * they are needed. A piece is asked for when one has been used up, so that the memory of a task is
 * bounded by the window, whatever the size of the data; it serves again and again.
 *
 * <p>The window begins with few pieces, for the first row to be waited for as short a time as
 * possible, and grows with each one that is used.
 */
final class RowWindow implements Rows {
  /** Of all pieces of a task. */
  private static final int WINDOW_BYTES = 8 << 20;

  /** Of an answer, unless a row has more: larger ones would hold up sums and weights. */
  private static final int ANSWER_BYTES = 128 << 10;

  /** Of the window's pieces, unless a row is too large for it. */
  private static final int FEWEST_PIECES = 4;

  private static final int FIRST_PIECES = 2;
  private static final long SPIN_NANOS = 20_000;
  private static final long PARK_NANOS = 10_000_000;

  private final RowPlaces places;
  private final int recordBytes;
  private final int pieceRows;
  private final PieceFiller filler;
  private final PieceFiller.Asking asking;
  private final Patience patience;

  private final @Nullable Piece[] pieces; // by number, modulo how many there are
  private long filled; // numbers of pieces
  private long current = -1;
  private int ahead = FIRST_PIECES;

  private @Nullable Piece piece; // the current one
  private int next; // of its rows
  private int lookedAt;
  private byte[] data = new byte[0];
  private int offset;

  @SuppressWarnings("UnusedVariable") // Written, so that the compiler leaves the reading in.
  private int read;

  private final AtomicIntegerArray missing; // answers, by owner
  private volatile @Nullable Throwable failure;
  private volatile @Nullable Thread waiting;

  /** The rows at {@code positions} of an epoch of {@code order}. */
  RowWindow(
      EpochOrder order,
      PartPositions positions,
      RowPlaces places,
      int recordBytes,
      PieceFiller.Asking asking,
      Patience patience) {
    this(order, positions, places, recordBytes, asking, patience, WINDOW_BYTES, ANSWER_BYTES);
  }

  /** The same, or a test's, with another window and other answers. */
  RowWindow(
      EpochOrder order,
      PartPositions positions,
      RowPlaces places,
      int recordBytes,
      PieceFiller.Asking asking,
      Patience patience,
      int windowBytes,
      int answerBytes) {
    this.places = places;
    this.recordBytes = recordBytes;
    this.asking = asking;
    this.patience = patience;
    // With many owners, too, each is asked for more than a few rows at a time.
    long pieceBytes =
        Math.min(windowBytes / FEWEST_PIECES, (long) answerBytes * (1 + places.others()));
    int pieceRows = Math.max(1, (int) pieceBytes / recordBytes);
    int answerRows = Math.max(1, answerBytes / recordBytes);
    this.pieceRows = pieceRows;
    this.filler = new PieceFiller(order, positions, places, pieceRows, answerRows, this::ask);
    this.pieces = new Piece[Math.max(FIRST_PIECES, windowBytes / (pieceRows * recordBytes))];
    this.missing = new AtomicIntegerArray(places.others());
  }

  private void ask(int owner, long number, int first, long[] rows, int count) {
    missing.incrementAndGet(owner);
    asking.ask(owner, number, first, rows, count);
  }

  /** Asks for rows as far ahead as the window now goes. */
  void fill() {
    while (filled < Math.max(0, current) + ahead && filler.hasNext()) {
      filler.fill(piece(filled), filled);
      filled++;
    }
  }

  private Piece piece(long number) {
    int at = (int) (number % pieces.length);
    Piece known = pieces[at];
    if (known == null) {
      known = new Piece(pieceRows, recordBytes, places.copies());
      pieces[at] = known;
    }
    return known;
  }

  @Override
  public void advance() {
    Piece rows = piece;
    if (rows == null || next == rows.rows()) {
      rows = nextPiece();
    }
    if (next == lookedAt) {
      lookAhead(rows);
    }
    data = rows.data(next);
    offset = rows.offset(next++);
  }

  private Piece nextPiece() {
    current++;
    ahead = current == 0 ? ahead : Math.min(pieces.length, ahead + 1);
    fill();
    if (current == filled) {
      throw new NoSuchElementException("the part has fewer rows than its lanes need");
    }
    Piece rows = piece(current);
    await(rows);
    piece = rows;
    next = 0;
    lookedAt = 0;
    return rows;
  }

  private void lookAhead(Piece rows) {
    lookedAt = Math.min(rows.rows(), next + Lookahead.rows(recordBytes));
    int sum = 0;
    for (int row = next; row < lookedAt; row++) {
      sum += Lookahead.touch(rows.data(row), rows.offset(row), recordBytes);
    }
    read = sum;
  }

  @Override
  public byte[] data() {
    return data;
  }

  @Override
  public int offset() {
    return offset;
  }

  private void await(Piece rows) {
    long began = System.nanoTime();
    while (!rows.isComplete()) {
      requireNoFailure();
      long waited = System.nanoTime() - began;
      if (waited < SPIN_NANOS) {
        Thread.onSpinWait();
        continue;
      }
      waiting = Thread.currentThread();
      if (!rows.isComplete() && failure == null) {
        LockSupport.parkNanos(this, PARK_NANOS);
      }
      waiting = null;
      patience.check(waited, missing());
    }
  }

  private String missing() {
    for (int owner = 0; owner < places.others(); owner++) {
      if (missing.get(owner) > 0) {
        return "examples of the executor at " + places.address(owner);
      }
    }
    return "examples of other executors";
  }

  private void requireNoFailure() {
    Throwable reason = failure;
    if (reason != null) {
      throw new IllegalStateException(
          "examples of another executor cannot be had: " + reason.getMessage(), reason);
    }
  }

  // ---- on any thread

  /**
   * Takes over an answer.
   *
   * @param owner who gave it
   * @param number the piece that it belongs to
   * @param first the first of its rows among those of the piece that are copied
   */
  void arrived(int owner, long number, int first, ByteBuffer records) {
    Piece rows = Objects.requireNonNull(pieces[(int) (number % pieces.length)]);
    boolean complete = rows.arrived(number, first, records);
    missing.decrementAndGet(owner);
    if (complete) {
      LockSupport.unpark(waiting);
    }
  }

  /** Lets whoever waits, or will, fail for this reason; the first one counts. */
  void fail(IOException reason) {
    if (failure == null) {
      failure = reason;
    }
    LockSupport.unpark(waiting);
  }
}
