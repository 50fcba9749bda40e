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
     * @param window p: the row's windows are counted line by line
     * @param place q, counted line by line of the window
     * @param pixel p + q, counted line by line of the image
     */
    void at(int window, int place, int pixel);
  }

  private ReferenceImages() {}

  private static void visit(Window window, Visit visit) {
    Axis vertical = window.vertical();
    Axis horizontal = window.horizontal();
    for (int outY = 0; outY < vertical.windows(); outY++) {
      for (int outX = 0; outX < horizontal.windows(); outX++) {
        for (int ky = 0; ky < vertical.kernel(); ky++) {
          for (int kx = 0; kx < horizontal.kernel(); kx++) {
            int y = outY * vertical.stride() - vertical.before() + ky;
            int x = outX * horizontal.stride() - horizontal.before() + kx;
            if (y >= 0 && y < vertical.length() && x >= 0 && x < horizontal.length()) {
              visit.at(
                  outY * horizontal.windows() + outX,
                  ky * horizontal.kernel() + kx,
                  y * horizontal.length() + x);
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
    for (int row = 0; row < rows; row++) {
      int xRow = row * convolution.inputs();
      int sRow = row * convolution.outputs();
      visit(
          convolution.window(),
          (p, q, pixel) -> {
            for (int o = 0; o < out; o++) {
              for (int i = 0; i < in; i++) {
                s.add(
                    sRow + p * out + o,
                    w.get((o * in + i) * places + q) * x.get(xRow + pixel * in + i));
              }
            }
          });
    }
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
    for (int row = 0; row < rows; row++) {
      int xRow = row * convolution.inputs();
      int sRow = row * convolution.outputs();
      visit(
          convolution.window(),
          (p, q, pixel) -> {
            for (int o = 0; o < out; o++) {
              for (int i = 0; i < in; i++) {
                w.add(
                    (o * in + i) * places + q,
                    delta.get(sRow + p * out + o) * x.get(xRow + pixel * in + i));
              }
            }
          });
    }
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
    for (int row = 0; row < rows; row++) {
      int xRow = row * convolution.inputs();
      int sRow = row * convolution.outputs();
      visit(
          convolution.window(),
          (p, q, pixel) -> {
            for (int o = 0; o < out; o++) {
              for (int i = 0; i < in; i++) {
                inputDelta.add(
                    xRow + pixel * in + i,
                    w.get((o * in + i) * places + q) * delta.get(sRow + p * out + o));
              }
            }
          });
    }
  }

  static void maxPool(
      Window window,
      int channels,
      int rows,
      DoubleNumbers x,
      DoubleNumbers y,
      DoubleNumbers places) {
    int inputs = window.pixels() * channels;
    int outputs = window.windows() * channels;
    for (int i = 0; i < rows * outputs; i++) {
      y.set(i, Double.NEGATIVE_INFINITY);
      places.set(i, 0);
    }
    for (int row = 0; row < rows; row++) {
      int xRow = row * inputs;
      int yRow = row * outputs;
      visit(
          window,
          (p, q, pixel) -> {
            for (int c = 0; c < channels; c++) {
              int at = yRow + p * channels + c;
              double value = x.get(xRow + pixel * channels + c);
              if (value > y.get(at)) {
                y.set(at, value);
                places.set(at, q);
              }
            }
          });
    }
  }

  static void maxPoolBack(
      Window window,
      int channels,
      int rows,
      DoubleNumbers delta,
      DoubleNumbers places,
      DoubleNumbers inputDelta) {
    int inputs = window.pixels() * channels;
    int outputs = window.windows() * channels;
    clear(inputDelta, rows * inputs);
    for (int row = 0; row < rows; row++) {
      int xRow = row * inputs;
      int yRow = row * outputs;
      visit(
          window,
          (p, q, pixel) -> {
            for (int c = 0; c < channels; c++) {
              int at = yRow + p * channels + c;
              if (places.get(at) == q) {
                inputDelta.add(xRow + pixel * channels + c, delta.get(at));
              }
            }
          });
    }
  }

  static void averagePool(Window window, int channels, int rows, DoubleNumbers x, DoubleNumbers y) {
    int inputs = window.pixels() * channels;
    int outputs = window.windows() * channels;
    int[] counts = counts(window);
    clear(y, rows * outputs);
    for (int row = 0; row < rows; row++) {
      int xRow = row * inputs;
      int yRow = row * outputs;
      visit(
          window,
          (p, q, pixel) -> {
            for (int c = 0; c < channels; c++) {
              y.add(yRow + p * channels + c, x.get(xRow + pixel * channels + c) / counts[p]);
            }
          });
    }
  }

  static void averagePoolBack(
      Window window, int channels, int rows, DoubleNumbers delta, DoubleNumbers inputDelta) {
    int inputs = window.pixels() * channels;
    int outputs = window.windows() * channels;
    int[] counts = counts(window);
    clear(inputDelta, rows * inputs);
    for (int row = 0; row < rows; row++) {
      int xRow = row * inputs;
      int yRow = row * outputs;
      visit(
          window,
          (p, q, pixel) -> {
            for (int c = 0; c < channels; c++) {
              inputDelta.add(
                  xRow + pixel * channels + c, delta.get(yRow + p * channels + c) / counts[p]);
            }
          });
    }
  }

  /** How many places of each window lie inside the image. */
  private static int[] counts(Window window) {
    int[] counts = new int[window.windows()];
    visit(window, (p, q, pixel) -> counts[p]++);
    return counts;
  }
}
