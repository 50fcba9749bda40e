package minilote.trainer.math;

import java.util.Arrays;

/**
 * Pooling of channels-last images in {@code float[]}, forward beside backward, a line of the output
 * at a time: {@code W' × channels} numbers in scratch memory, for the reason that {@link
 * FloatActivations} gives.
 */
final class FloatPools {
  private final FloatRuns runs = new FloatRuns();

  // Lines, W' × channels.
  private float[] part = {}; // what lies at one place of each window
  private float[] value = {};
  private float[] place = {};

  /** Allocates what pools of that geometry need. */
  void prepare(Window window, int channels) {
    int length = Math.multiplyExact(window.horizontal().windows(), channels);
    if (part.length < length) {
      part = new float[length];
      value = new float[length];
      place = new float[length];
    }
  }

  /**
   * The largest number of each window and channel.
   *
   * @param places where in the window the first of the largest is
   */
  void largest(
      Window window, int channels, int rows, FloatNumbers x, FloatNumbers y, FloatNumbers places) {
    prepare(window, channels);
    Axis vertical = window.vertical();
    Axis horizontal = window.horizontal();
    int length = horizontal.windows() * channels;
    int lines = rows * vertical.windows();
    for (int line = 0; line < lines; line++) {
      int image = x.offset() + line / vertical.windows() * window.pixels() * channels;
      int outY = line % vertical.windows();
      Arrays.fill(value, 0, length, Float.NEGATIVE_INFINITY);
      FloatRuns.clear(place, 0, length);
      for (int ky = vertical.firstInside(outY); ky < vertical.endInside(outY); ky++) {
        int from = image + (vertical.start(outY) + ky) * horizontal.length() * channels;
        for (int kx = 0; kx < horizontal.kernel(); kx++) {
          gather(horizontal, channels, kx, x.array(), from);
          larger(
              part,
              ky * horizontal.kernel() + kx,
              value,
              place,
              horizontal.firstWindow(kx) * channels,
              horizontal.endWindow(kx) * channels);
        }
      }
      System.arraycopy(value, 0, y.array(), y.offset() + line * length, length);
      System.arraycopy(place, 0, places.array(), places.offset() + line * length, length);
    }
  }

  /** Without a branch, which would be mispredicted half the time. */
  private static void larger(float[] x, float k, float[] most, float[] place, int from, int to) {
    for (int i = from; i < to; i++) {
      float isLarger = FloatActivations.step(x[i] - most[i]);
      most[i] = Math.max(most[i], x[i]);
      place[i] += isLarger * (k - place[i]);
    }
  }

  /** Derivatives by the numbers that were the largest; 0 by all others. */
  void largestBack(
      Window window,
      int channels,
      int rows,
      FloatNumbers delta,
      FloatNumbers places,
      FloatNumbers inputDelta) {
    prepare(window, channels);
    Axis vertical = window.vertical();
    Axis horizontal = window.horizontal();
    int length = horizontal.windows() * channels;
    int lines = rows * vertical.windows();
    FloatRuns.clear(inputDelta.array(), inputDelta.offset(), rows * window.pixels() * channels);
    for (int line = 0; line < lines; line++) {
      int image = inputDelta.offset() + line / vertical.windows() * window.pixels() * channels;
      int outY = line % vertical.windows();
      System.arraycopy(delta.array(), delta.offset() + line * length, value, 0, length);
      System.arraycopy(places.array(), places.offset() + line * length, place, 0, length);
      for (int ky = vertical.firstInside(outY); ky < vertical.endInside(outY); ky++) {
        int to = image + (vertical.start(outY) + ky) * horizontal.length() * channels;
        for (int kx = 0; kx < horizontal.kernel(); kx++) {
          only(value, ky * horizontal.kernel() + kx, place, part, length);
          scatter(window, channels, kx, inputDelta.array(), to);
        }
      }
    }
  }

  /** What belongs to place k, and 0 for what belongs to another. */
  private static void only(float[] delta, float k, float[] place, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = delta[i] * (1 - Math.min(Math.abs(place[i] - k), 1));
    }
  }

  /** The mean of each window and channel, over what lies inside the image. */
  void mean(Window window, int channels, int rows, FloatNumbers x, FloatNumbers y) {
    prepare(window, channels);
    Axis vertical = window.vertical();
    Axis horizontal = window.horizontal();
    int length = horizontal.windows() * channels;
    int lines = rows * vertical.windows();
    for (int line = 0; line < lines; line++) {
      int image = x.offset() + line / vertical.windows() * window.pixels() * channels;
      int outY = line % vertical.windows();
      FloatRuns.clear(value, 0, length);
      for (int ky = vertical.firstInside(outY); ky < vertical.endInside(outY); ky++) {
        int from = image + (vertical.start(outY) + ky) * horizontal.length() * channels;
        for (int kx = 0; kx < horizontal.kernel(); kx++) {
          gather(horizontal, channels, kx, x.array(), from);
          add(
              part,
              value,
              horizontal.firstWindow(kx) * channels,
              horizontal.endWindow(kx) * channels);
        }
      }
      divide(window, channels, outY);
      System.arraycopy(value, 0, y.array(), y.offset() + line * length, length);
    }
  }

  /** Each number's share of the derivatives by the means that it is part of. */
  void meanBack(
      Window window, int channels, int rows, FloatNumbers delta, FloatNumbers inputDelta) {
    prepare(window, channels);
    Axis vertical = window.vertical();
    Axis horizontal = window.horizontal();
    int length = horizontal.windows() * channels;
    int lines = rows * vertical.windows();
    FloatRuns.clear(inputDelta.array(), inputDelta.offset(), rows * window.pixels() * channels);
    for (int line = 0; line < lines; line++) {
      int image = inputDelta.offset() + line / vertical.windows() * window.pixels() * channels;
      int outY = line % vertical.windows();
      System.arraycopy(delta.array(), delta.offset() + line * length, value, 0, length);
      divide(window, channels, outY);
      System.arraycopy(value, 0, part, 0, length);
      for (int ky = vertical.firstInside(outY); ky < vertical.endInside(outY); ky++) {
        int to = image + (vertical.start(outY) + ky) * horizontal.length() * channels;
        for (int kx = 0; kx < horizontal.kernel(); kx++) {
          scatter(window, channels, kx, inputDelta.array(), to);
        }
      }
    }
  }

  private static void add(float[] x, float[] sum, int from, int to) {
    for (int i = from; i < to; i++) {
      sum[i] += x[i];
    }
  }

  /** The line of sums by how many numbers of each window lie inside the image. */
  private void divide(Window window, int channels, int outY) {
    int height = window.vertical().endInside(outY) - window.vertical().firstInside(outY);
    for (int outX = 0; outX < window.horizontal().windows(); outX++) {
      int width = window.horizontal().endInside(outX) - window.horizontal().firstInside(outX);
      divide(value, height * width, outX * channels, (outX + 1) * channels);
    }
  }

  private static void divide(float[] x, float count, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] /= count;
    }
  }

  // ---- lines

  /** From a line of the image, what lies at column kx of each window, where that is inside. */
  private void gather(Axis horizontal, int channels, int kx, float[] x, int line) {
    int first = horizontal.firstWindow(kx);
    int end = horizontal.endWindow(kx);
    if (first == end) {
      return;
    }
    int from = line + (horizontal.start(first) + kx) * channels;
    if (horizontal.stride() == 1) {
      System.arraycopy(x, from, part, first * channels, (end - first) * channels);
      return;
    }
    for (int window = first; window < end; window++) {
      System.arraycopy(x, from, part, window * channels, channels);
      from += horizontal.stride() * channels;
    }
  }

  /** The reverse of {@link #gather}: adds, unless no other window has been or will be there. */
  private void scatter(Window window, int channels, int kx, float[] inputDelta, int line) {
    Axis horizontal = window.horizontal();
    int first = horizontal.firstWindow(kx);
    int end = horizontal.endWindow(kx);
    if (first == end) {
      return;
    }
    int to = line + (horizontal.start(first) + kx) * channels;
    if (horizontal.stride() == 1) {
      runs.add(part, first * channels, inputDelta, to, (end - first) * channels);
      return;
    }
    for (int outX = first; outX < end; outX++) {
      if (window.apart()) {
        System.arraycopy(part, outX * channels, inputDelta, to, channels);
      } else {
        runs.add(part, outX * channels, inputDelta, to, channels);
      }
      to += horizontal.stride() * channels;
    }
  }
}
