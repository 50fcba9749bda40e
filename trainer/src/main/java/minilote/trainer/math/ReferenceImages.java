package minilote.trainer.math;

import org.jspecify.annotations.Nullable;

/**
 * Convolution and pooling as {@link Engine} defines them: a loop for every index, in double
 * precision.
 */
final class ReferenceImages {
  /** What is done with a number under a window. */
  @FunctionalInterface
  private interface Visit {
    /**
     * Told of a place q of a window p that lies inside the image.
     *
     * @param window p, counted line by line over all images
     * @param place q, counted line by line of the window
     * @param pixel p + q, counted line by line over all images
     */
    void at(int window, int place, int pixel);
  }

  private ReferenceImages() {}

  private static void visit(Window window, int rows, Visit visit) {
    Axis vertical = window.vertical();
    Axis horizontal = window.horizontal();
    for (int line = 0; line < rows * vertical.windows(); line++) {
      int row = line / vertical.windows();
      int top = line % vertical.windows() * vertical.stride() - vertical.before();
      for (int outX = 0; outX < horizontal.windows(); outX++) {
        int left = outX * horizontal.stride() - horizontal.before();
        for (int ky = 0; ky < vertical.kernel(); ky++) {
          for (int kx = 0; kx < horizontal.kernel(); kx++) {
            int y = top + ky;
            int x = left + kx;
            if (y >= 0 && y < vertical.length() && x >= 0 && x < horizontal.length()) {
              visit.at(
                  line * horizontal.windows() + outX,
                  ky * horizontal.kernel() + kx,
                  (row * vertical.length() + y) * horizontal.length() + x);
            }
          }
        }
      }
    }
  }

  private static void clear(DoubleNumbers numbers, int length) {
    for (int i = 0; i < length; i++) {
      numbers.set(i, 0);
    }
  }

  static void convolve(
      Convolution convolution,
      int rows,
      DoubleNumbers x,
      DoubleNumbers w,
      @Nullable DoubleNumbers b,
      DoubleNumbers s) {
    int in = convolution.in();
    int out = convolution.out();
    int places = convolution.window().kernelPixels();
    for (int i = 0; i < rows * convolution.outputs(); i++) {
      s.set(i, b == null ? 0 : b.get(i % out));
    }
    visit(
        convolution.window(),
        rows,
        (p, q, pixel) -> {
          for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
              s.add(p * out + o, w.get((o * in + i) * places + q) * x.get(pixel * in + i));
            }
          }
        });
  }

  static void convolutionGradient(
      Convolution convolution,
      int rows,
      DoubleNumbers x,
      DoubleNumbers delta,
      boolean add,
      DoubleNumbers w,
      @Nullable DoubleNumbers b) {
    int in = convolution.in();
    int out = convolution.out();
    int places = convolution.window().kernelPixels();
    if (!add) {
      clear(w, convolution.weights());
    }
    visit(
        convolution.window(),
        rows,
        (p, q, pixel) -> {
          for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
              w.add((o * in + i) * places + q, delta.get(p * out + o) * x.get(pixel * in + i));
            }
          }
        });
    if (b != null) {
      if (!add) {
        clear(b, out);
      }
      for (int i = 0; i < rows * convolution.outputs(); i++) {
        b.add(i % out, delta.get(i));
      }
    }
  }

  static void convolutionBack(
      Convolution convolution,
      int rows,
      DoubleNumbers delta,
      DoubleNumbers w,
      DoubleNumbers inputDelta) {
    int in = convolution.in();
    int out = convolution.out();
    int places = convolution.window().kernelPixels();
    clear(inputDelta, rows * convolution.inputs());
    visit(
        convolution.window(),
        rows,
        (p, q, pixel) -> {
          for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
              inputDelta.add(
                  pixel * in + i, w.get((o * in + i) * places + q) * delta.get(p * out + o));
            }
          }
        });
  }

  static void maxPool(
      Window window,
      int channels,
      int rows,
      DoubleNumbers x,
      DoubleNumbers y,
      DoubleNumbers places) {
    for (int i = 0; i < rows * window.windows() * channels; i++) {
      y.set(i, Double.NEGATIVE_INFINITY);
      places.set(i, 0);
    }
    visit(
        window,
        rows,
        (p, q, pixel) -> {
          for (int c = 0; c < channels; c++) {
            int at = p * channels + c;
            double value = x.get(pixel * channels + c);
            if (value > y.get(at)) {
              y.set(at, value);
              places.set(at, q);
            }
          }
        });
  }

  static void maxPoolBack(
      Window window,
      int channels,
      int rows,
      DoubleNumbers delta,
      DoubleNumbers places,
      DoubleNumbers inputDelta) {
    clear(inputDelta, rows * window.pixels() * channels);
    visit(
        window,
        rows,
        (p, q, pixel) -> {
          for (int c = 0; c < channels; c++) {
            int at = p * channels + c;
            if (places.get(at) == q) {
              inputDelta.add(pixel * channels + c, delta.get(at));
            }
          }
        });
  }

  static void averagePool(Window window, int channels, int rows, DoubleNumbers x, DoubleNumbers y) {
    int[] counts = counts(window);
    clear(y, rows * window.windows() * channels);
    visit(
        window,
        rows,
        (p, q, pixel) -> {
          for (int c = 0; c < channels; c++) {
            y.add(p * channels + c, x.get(pixel * channels + c) / counts[p % counts.length]);
          }
        });
  }

  static void averagePoolBack(
      Window window, int channels, int rows, DoubleNumbers delta, DoubleNumbers inputDelta) {
    int[] counts = counts(window);
    clear(inputDelta, rows * window.pixels() * channels);
    visit(
        window,
        rows,
        (p, q, pixel) -> {
          for (int c = 0; c < channels; c++) {
            inputDelta.add(
                pixel * channels + c, delta.get(p * channels + c) / counts[p % counts.length]);
          }
        });
  }

  /** How many places of each window lie inside the image. */
  private static int[] counts(Window window) {
    int[] counts = new int[window.windows()];
    visit(window, 1, (p, q, pixel) -> counts[p]++);
    return counts;
  }
}
