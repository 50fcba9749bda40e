package minilote.trainer.measure;

/**
 * The times at which a path meets the walls of a box, the earliest first: a heap, since seldom are
 * all of them asked for.
 */
final class Breakpoints {
  private final double[] times; // by variable
  private final int[] heap; // variables; the parent of place i is (i − 1) / 2
  private int size;

  /**
   * @param times by variable; those that are not above 0, or infinite, do not count
   */
  Breakpoints(double[] times) {
    this.times = times;
    this.heap = new int[times.length];
    for (int i = 0; i < times.length; i++) {
      if (times[i] > 0 && times[i] < Double.POSITIVE_INFINITY) {
        heap[size++] = i;
      }
    }
    for (int place = size / 2 - 1; place >= 0; place--) {
      sink(place);
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Of the earliest. */
  double time() {
    return times[heap[0]];
  }

  /** Takes the earliest away: its variable. */
  int next() {
    int earliest = heap[0];
    heap[0] = heap[--size];
    sink(0);
    return earliest;
  }

  private void sink(int from) {
    int place = from;
    while (2 * place + 1 < size) {
      int child = 2 * place + 1;
      if (child + 1 < size && times[heap[child + 1]] < times[heap[child]]) {
        child++;
      }
      if (times[heap[place]] <= times[heap[child]]) {
        return;
      }
      int moved = heap[place];
      heap[place] = heap[child];
      heap[child] = moved;
      place = child;
    }
  }
}
