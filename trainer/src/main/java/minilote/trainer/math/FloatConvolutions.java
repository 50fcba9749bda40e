package minilote.trainer.math;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions of channels-last images in {@code float[]}, as products of matrices: what lies under
 * each window is laid out as a row (a patch, kh × kw × in), and the patches are multiplied by the
 * kernels. Chellapilla, Puri and Simard, <i>High Performance Convolutional Neural Networks for
 * Document Processing</i>, 2006, section 2.
 *
 * <p>Patches of all windows would be kh · kw times the input. So they are laid out for some lines
 * of the output at a time, how many depends on the geometry alone, and memory does not grow with
 * the rows. Where windows lie side by side, derivatives by the input are a convolution too, of
 * those by the output with the kernels turned by half; elsewhere they are added up patch by patch.
 * Kernels of one pixel that visit each pixel need no patches: the images are the matrix.
 */
final class FloatConvolutions {
  /** Numbers of the patches that are laid out at once: they should stay in a core's cache. */
  private static final int PATCHES = 1 << 17;

  /** What is computed once for a geometry. */
  private static final class Plan {
    final Convolution convolution;
    final int patch; // kh × kw × in
    final int outWidth;
    final int lines; // of the output whose patches are laid out at once
    final @Nullable Plan back;

    Plan(Convolution convolution, boolean andBack) {
      Window window = convolution.window();
      this.convolution = convolution;
      this.patch = convolution.patch();
      this.outWidth = window.horizontal().windows();
      this.lines = Math.max(1, PATCHES / Math.multiplyExact(outWidth, patch));
      this.back = andBack && window.dense() ? new Plan(convolution.back(), false) : null;
    }

    int patches() {
      return Math.multiplyExact(lines * outWidth, patch);
    }

    int lines(int rows) {
      return rows * convolution.window().vertical().windows();
    }
  }

  private final FloatProducts products;
  private final FloatRuns runs = new FloatRuns();
  private final Map<Convolution, Plan> plans = new HashMap<>();
  private float[] patches = {}; // positions × kh × kw × in
  private float[] packed = {}; // out × kh × kw × in; on the way back in × kh × kw × out
  private float[] line = {}; // W' × out
  private float[] total = {}; // out

  FloatConvolutions(FloatProducts products) {
    this.products = products;
  }

  /** Allocates what convolutions of that geometry need. */
  void prepare(Convolution convolution) {
    Plan plan = new Plan(convolution, true);
    if (!convolution.window().pointwise()) {
      patches = atLeast(plan.patches(), patches);
      packed = atLeast(convolution.weights(), packed);
    }
    if (plan.back != null) {
      patches = atLeast(plan.back.patches(), patches);
    }
    line = atLeast(plan.outWidth * convolution.out(), line);
    total = atLeast(convolution.out(), total);
    plans.put(convolution, plan);
  }

  private static float[] atLeast(int length, float[] array) {
    return array.length < length ? new float[length] : array;
  }

  private Plan plan(Convolution convolution) {
    Plan plan = plans.get(convolution);
    if (plan == null) {
      prepare(convolution);
      return plan(convolution);
    }
    return plan;
  }

  /** {@code s = w ∗ x + b}. */
  void convolve(
      Convolution convolution,
      int rows,
      FloatNumbers x,
      FloatNumbers w,
      @Nullable FloatNumbers b,
      FloatNumbers s) {
    Plan plan = plan(convolution);
    if (convolution.window().pointwise()) {
      int positions = rows * convolution.window().pixels();
      spread(b, positions, convolution.out(), s.array(), s.offset());
      products.multiplyByTransposed(
          positions,
          convolution.in(),
          convolution.out(),
          x.array(),
          x.offset(),
          w.array(),
          w.offset(),
          b == null ? 0 : 1,
          s.array(),
          s.offset());
    } else {
      FloatKernels.pack(convolution, w.array(), w.offset(), packed);
      convolveByPacked(plan, rows, x, b, s);
    }
  }

  private void convolveByPacked(
      Plan plan, int rows, FloatNumbers x, @Nullable FloatNumbers b, FloatNumbers s) {
    int out = plan.convolution.out();
    int all = plan.lines(rows);
    for (int first = 0; first < all; first += plan.lines) {
      int count = Math.min(plan.lines, all - first);
      int positions = count * plan.outWidth;
      int to = s.offset() + first * plan.outWidth * out;
      layOut(plan, x.array(), x.offset(), first, count);
      spread(b, positions, out, s.array(), to);
      products.multiplyByTransposed(
          positions, plan.patch, out, patches, 0, packed, 0, b == null ? 0 : 1, s.array(), to);
    }
  }

  /** A copy of b at each position, by ever longer copies of copies. */
  private static void spread(
      @Nullable FloatNumbers b, int positions, int out, float[] s, int offset) {
    if (b == null || positions == 0) {
      return;
    }
    System.arraycopy(b.array(), b.offset(), s, offset, out);
    int length = positions * out;
    for (int done = out; done < length; done *= 2) {
      System.arraycopy(s, offset, s, offset + done, Math.min(done, length - done));
    }
  }

  /**
   * {@code G = Σ x δ} over windows, or added to what is there.
   *
   * @param weight out × in × kh × kw
   * @param bias out; or null
   */
  void gradient(
      Convolution convolution,
      int rows,
      FloatNumbers x,
      FloatNumbers delta,
      boolean add,
      FloatNumbers weight,
      @Nullable FloatNumbers bias) {
    Plan plan = plan(convolution);
    int in = convolution.in();
    int out = convolution.out();
    if (bias != null) {
      addUp(plan, rows, delta, add, bias);
    }
    if (convolution.window().pointwise()) {
      products.transposedProduct(
          rows * convolution.window().pixels(),
          out,
          out,
          in,
          delta.array(),
          delta.offset(),
          x.array(),
          x.offset(),
          add ? 1 : 0,
          weight.array(),
          weight.offset());
      return;
    }
    int all = plan.lines(rows);
    if (all == 0) {
      FloatRuns.clear(packed, 0, convolution.weights());
    }
    for (int first = 0; first < all; first += plan.lines) {
      int count = Math.min(plan.lines, all - first);
      layOut(plan, x.array(), x.offset(), first, count);
      products.transposedProduct(
          count * plan.outWidth,
          out,
          out,
          plan.patch,
          delta.array(),
          delta.offset() + first * plan.outWidth * out,
          patches,
          0,
          first == 0 ? 0 : 1,
          packed,
          0);
    }
    FloatKernels.unpack(convolution, packed, add, weight.array(), weight.offset());
  }

  /**
   * Sums of δ over windows: line by line of an image, then along the line, then over images. So
   * each number is added to others of its size.
   */
  private void addUp(Plan plan, int rows, FloatNumbers delta, boolean add, FloatNumbers bias) {
    int out = plan.convolution.out();
    int length = plan.outWidth * out;
    int height = plan.convolution.window().vertical().windows();
    FloatRuns.clear(total, 0, out);
    int at = delta.offset();
    for (int row = 0; row < rows; row++) {
      FloatRuns.clear(line, 0, length);
      for (int y = 0; y < height; y++) {
        runs.add(delta.array(), at, line, 0, length);
        at += length;
      }
      for (int x = 1; x < plan.outWidth; x++) {
        runs.add(line, x * out, line, 0, out);
      }
      runs.add(line, 0, total, 0, out);
    }
    if (!add) {
      FloatRuns.clear(bias.array(), bias.offset(), out);
    }
    runs.add(total, 0, bias.array(), bias.offset(), out);
  }

  /** Derivatives by the input, from those by the output. */
  void back(
      Convolution convolution,
      int rows,
      FloatNumbers delta,
      FloatNumbers w,
      FloatNumbers inputDelta) {
    Plan plan = plan(convolution);
    if (convolution.window().pointwise()) {
      products.multiply(
          rows * convolution.window().pixels(),
          convolution.out(),
          convolution.in(),
          delta.array(),
          delta.offset(),
          w.array(),
          w.offset(),
          0,
          inputDelta.array(),
          inputDelta.offset());
    } else if (plan.back != null) {
      FloatKernels.packTurned(convolution, w.array(), w.offset(), packed);
      convolveByPacked(plan.back, rows, delta, null, inputDelta);
    } else {
      FloatKernels.pack(convolution, w.array(), w.offset(), packed);
      backByPatches(plan, rows, delta, inputDelta);
    }
  }

  private void backByPatches(Plan plan, int rows, FloatNumbers delta, FloatNumbers inputDelta) {
    int out = plan.convolution.out();
    int all = plan.lines(rows);
    FloatRuns.clear(inputDelta.array(), inputDelta.offset(), rows * plan.convolution.inputs());
    for (int first = 0; first < all; first += plan.lines) {
      int count = Math.min(plan.lines, all - first);
      products.multiply(
          count * plan.outWidth,
          out,
          plan.patch,
          delta.array(),
          delta.offset() + first * plan.outWidth * out,
          packed,
          0,
          0,
          patches,
          0);
      addBack(plan, inputDelta.array(), inputDelta.offset(), first, count);
    }
  }

  // ---- patches

  /** Lays out the patches of lines {@code first} to {@code first + count − 1}, over all rows. */
  private void layOut(Plan plan, float[] x, int offset, int first, int count) {
    Axis vertical = plan.convolution.window().vertical();
    Axis horizontal = plan.convolution.window().horizontal();
    int in = plan.convolution.in();
    int run = horizontal.kernel() * in;
    int to = 0;
    for (int outLine = first; outLine < first + count; outLine++) {
      int image = offset + outLine / vertical.windows() * plan.convolution.inputs();
      int top = vertical.start(outLine % vertical.windows());
      for (int ky = 0; ky < vertical.kernel(); ky++) {
        int y = top + ky;
        if (y >= 0 && y < vertical.length()) {
          int from = image + y * horizontal.length() * in;
          layOutLine(horizontal, in, plan.patch, x, from, to + ky * run);
        } else {
          for (int window = 0; window < plan.outWidth; window++) {
            FloatRuns.clear(patches, to + window * plan.patch + ky * run, run);
          }
        }
      }
      to += plan.outWidth * plan.patch;
    }
  }

  /** A line of the image, into the patches of all windows on it. */
  private void layOutLine(Axis horizontal, int in, int patch, float[] x, int from, int first) {
    int run = horizontal.kernel() * in;
    int inside = horizontal.length() - horizontal.kernel();
    int to = first;
    for (int window = 0; window < horizontal.windows(); window++) {
      int start = horizontal.start(window);
      if (start >= 0 && start <= inside) {
        System.arraycopy(x, from + start * in, patches, to, run);
      } else {
        int begin = horizontal.firstInside(window) * in;
        int end = horizontal.endInside(window) * in;
        FloatRuns.clear(patches, to, begin);
        System.arraycopy(x, from + start * in + begin, patches, to + begin, end - begin);
        FloatRuns.clear(patches, to + end, run - end);
      }
      to += patch;
    }
  }

  /** The reverse of {@link #layOut}: adds each number of the patches where it came from. */
  private void addBack(Plan plan, float[] inputDelta, int offset, int first, int count) {
    Axis vertical = plan.convolution.window().vertical();
    Axis horizontal = plan.convolution.window().horizontal();
    int in = plan.convolution.in();
    int run = horizontal.kernel() * in;
    int from = 0;
    for (int outLine = first; outLine < first + count; outLine++) {
      int image = offset + outLine / vertical.windows() * plan.convolution.inputs();
      int outY = outLine % vertical.windows();
      for (int ky = vertical.firstInside(outY); ky < vertical.endInside(outY); ky++) {
        int to = image + (vertical.start(outY) + ky) * horizontal.length() * in;
        for (int window = 0; window < plan.outWidth; window++) {
          int begin = horizontal.firstInside(window) * in;
          int end = horizontal.endInside(window) * in;
          runs.add(
              patches,
              from + window * plan.patch + ky * run + begin,
              inputDelta,
              to + horizontal.start(window) * in + begin,
              end - begin);
        }
      }
      from += plan.outWidth * plan.patch;
    }
  }
}
