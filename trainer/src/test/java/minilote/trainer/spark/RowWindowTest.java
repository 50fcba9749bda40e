package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowWindowTest {
  private static final int WINDOW_ROWS = 80;
  private static final int ANSWER_ROWS = 3;

  @TempDir Path temporary;

  private SpreadFixture fixture;
  private RowWindow window;

  /** Questions that are not answered yet, and how many rows they are for. */
  private final List<Runnable> questions = new ArrayList<>();

  private long rowsAsked;
  private int largest;

  @BeforeEach
  void prepare() throws Exception {
    fixture = new SpreadFixture(temporary);
  }

  /** The window of a part, all of whose rows are asked of {@link #questions}. */
  private RowWindow window(List<String> addresses, int part, long from, double seconds) {
    window =
        new RowWindow(
            fixture.shape.order(),
            fixture.positions(part, from, fixture.shape.order().steps()),
            new RowPlaces(fixture.split, fixture.firstRanks, addresses, "here"),
            fixture.recordBytes,
            this::ask,
            SpreadFixture.patience(seconds),
            WINDOW_ROWS * fixture.recordBytes,
            ANSWER_ROWS * fixture.recordBytes);
    return window;
  }

  private void ask(int owner, long piece, int first, long[] rows, int count) {
    ByteBuffer answer = ByteBuffer.allocate(count * fixture.recordBytes);
    for (int i = 0; i < count; i++) {
      long row = rows[first + i];
      answer.put(
          fixture.record(fixture.firstRanks[RowServer.partition(row)] + RowServer.index(row)));
    }
    rowsAsked += count;
    largest = Math.max(largest, count);
    questions.add(() -> window.arrived(owner, piece, first, answer.flip()));
  }

  private void answer(Random random) {
    Collections.shuffle(questions, random);
    questions.forEach(Runnable::run);
    questions.clear();
  }

  @Test
  void advance_whoeverHoldsTheRowsAndAnswersFirst_leadsToThemInOrder() {
    fixture.hold(0, true).hold(2, false);
    List<List<String>> placements =
        List.of(
            List.of("here", "a", "here", "b"),
            List.of("a", "b", "c", "d"),
            List.of("a", "a", "here", "a"));
    Random random = new Random(3);
    for (List<String> addresses : placements) {
      for (int part = 0; part < SpreadFixture.PARTS; part++) {
        for (long from : new long[] {0, 17, fixture.shape.order().steps() - 1}) {
          RowWindow rows = window(addresses, part, from, 60);
          rows.fill();
          for (byte[] expected : fixture.expected(part, from, fixture.shape.order().steps())) {
            answer(random);
            rows.advance();
            assertArrayEquals(expected, SpreadFixture.record(rows, fixture.recordBytes));
          }
          assertThrows(NoSuchElementException.class, rows::advance, "no row besides");
        }
      }
    }
  }

  /** What a task keeps of rows that are asked for does not grow with the epoch. */
  @Test
  void advance_overAnEpoch_looksAheadWithinItsMemory() {
    RowWindow rows = window(List.of("a", "b", "a", "b"), 1, 0, 60);
    rows.fill();
    long most = 0;
    Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    int used = 0;
    for (byte[] expected : fixture.expected(1, 0, fixture.shape.order().steps())) {
      answer(new Random(used));
      rows.advance();
      arrays.add(rows.data());
      assertEquals(expected[0], rows.data()[rows.offset()]);
      most = Math.max(most, rowsAsked - used);
      used++;
    }
    assertEquals(used, rowsAsked);
    assertTrue(used > 10 * WINDOW_ROWS, used + " rows");
    assertTrue(most <= WINDOW_ROWS, most + " rows at once");
    assertTrue(most > WINDOW_ROWS - 2 * 3 * ANSWER_ROWS, most + " rows at once");
    long bytes = arrays.stream().mapToLong(array -> array.length).sum();
    assertTrue(bytes <= (long) WINDOW_ROWS * fixture.recordBytes, bytes + " bytes");
    assertEquals(ANSWER_ROWS, largest);
  }

  /** The first step needs the first rows: not all of the window has to come before them. */
  @Test
  void fill_atFirst_asksForFewRows() {
    window(List.of("a", "b", "a", "b"), 1, 0, 60).fill();
    assertTrue(rowsAsked <= WINDOW_ROWS / 2, rowsAsked + " rows");
  }

  @Test
  void advance_ownerSilent_namesItWhenTheTimeIsOver() {
    fixture.hold(0, true);
    RowWindow rows = window(List.of("here", "a:1", "a:1", "a:1"), 0, 0, 0.05);
    rows.fill();
    IllegalStateException failure = assertThrows(IllegalStateException.class, rows::advance);
    String said = failure.getMessage();
    assertTrue(said.contains("the executor at a:1"), said);
    assertTrue(said.contains("--exchange-timeout"), said);
  }

  @Test
  void advance_oneOwnerGone_saysSo() {
    RowWindow rows = window(List.of("a:1", "b:1", "a:1", "a:1"), 0, 0, 60);
    rows.fill();
    rows.fail(new IOException("the one at b:1 is gone"));
    rows.fail(new IOException("the one at a:1 is gone"));
    IllegalStateException failure = assertThrows(IllegalStateException.class, rows::advance);
    assertEquals(
        "examples of another executor cannot be had: the one at b:1 is gone", failure.getMessage());
  }

  @Test
  void arrived_rowsThatNobodyAskedFor_isRefused() {
    RowWindow rows = window(List.of("a", "b", "a", "b"), 0, 0, 60);
    rows.fill();
    ByteBuffer row = ByteBuffer.allocate(fixture.recordBytes);
    assertThrows(IllegalStateException.class, () -> rows.arrived(0, 1_000_000, 0, row));
  }

  @Test
  void places_partitionNotHeldHere_isRefused() {
    IllegalStateException failure =
        assertThrows(
            IllegalStateException.class, () -> window(List.of("a", "here", "a", "a"), 0, 0, 60));
    assertEquals("partition 1 of the examples is no longer held here", failure.getMessage());
  }
}
