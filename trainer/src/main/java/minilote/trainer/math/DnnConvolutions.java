package minilote.trainer.math;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions of channels-last images by oneDNN's direct algorithm. Kernels are brought from out ×
 * in × kh × kw into the order that the library prefers for a geometry, and their gradients back;
 * images are left as they lie.
 */
final class DnnConvolutions {
  /** For one geometry and number of rows. */
  private record Forward(DnnPrimitive convolve, @Nullable DnnPrimitive pack, int packed) {}

  private record Back(DnnPrimitive back, @Nullable DnnPrimitive pack, int packed) {}

  private record Gradient(DnnPrimitive gradient, @Nullable DnnPrimitive unpack, int packed) {}

  /**
   * By number of rows; forward by what follows as well, since layers of one geometry may differ in
   * that.
   */
  private static final class Plan {
    final Convolution convolution;
    final @Nullable Forward[][] forward = {{}, {}, {}, {}}; // see kind
    @Nullable Back[] back = {};
    final @Nullable Gradient[][] gradient = {{}, {}}; // without and with biases

    Plan(Convolution convolution) {
      this.convolution = convolution;
    }
  }

  private final DnnContext context;
  private final Map<Convolution, Plan> plans = new HashMap<>();
  private final DnnOperand weights;
  private final DnnOperand bias;
  private final DnnOperand packed;
  private final long[] result = new long[1];
  private float[] sum = {}; // of a gradient that is added to another
  private final FloatRuns runs = new FloatRuns();

  DnnConvolutions(DnnContext context) {
    this.context = context;
    this.weights = new DnnOperand(context);
    this.bias = new DnnOperand(context);
    this.packed = new DnnOperand(context);
  }

  private Plan plan(Convolution convolution) {
    Plan plan = plans.get(convolution);
    if (plan == null) {
      plan = new Plan(convolution);
      plans.put(convolution, plan);
    }
    return plan;
  }

  /** {@code s = w ∗ x + b}, or {@code max(s, 0)} of it. */
  void convolve(
      Convolution convolution,
      boolean relu,
      int rows,
      long x,
      Numbers w,
      @Nullable Numbers b,
      long s) {
    Forward forward = forward(plan(convolution), rows, b != null, relu);
    long from = weights.read(w, 0, convolution.weights());
    forward.convolve.at(0, x).at(1, pack(forward.pack, from, forward.packed)).at(2, s);
    if (b != null) {
      forward.convolve.at(3, bias.read(b, 0, convolution.out()));
    }
    forward.convolve.run();
  }

  private long pack(@Nullable DnnPrimitive pack, long from, int length) {
    if (pack == null) {
      return from;
    }
    long to = packed.buffer(length).address();
    pack.at(0, from).at(1, to).run();
    return to;
  }

  /** Derivatives by the input, from those by the output. */
  void back(Convolution convolution, int rows, long delta, Numbers w, long inputDelta) {
    Back back = back(plan(convolution), rows);
    long from = weights.read(w, 0, convolution.weights());
    back.back.at(0, inputDelta).at(1, pack(back.pack, from, back.packed)).at(2, delta).run();
  }

  /** {@code G = Σ x δ} over windows, or added to what is there. */
  void gradient(
      Convolution convolution,
      int rows,
      long x,
      long delta,
      boolean add,
      Numbers w,
      @Nullable Numbers b) {
    Gradient gradient = gradient(plan(convolution), rows, b != null);
    boolean direct = !add && w instanceof NativeNumbers;
    NativeNumbers sums = weights.buffer(convolution.weights());
    long to = direct ? ((NativeNumbers) w).address() : sums.address();
    long packedTo = gradient.unpack == null ? to : packed.buffer(gradient.packed).address();
    gradient.gradient.at(0, x).at(1, packedTo).at(2, delta);
    NativeNumbers biasSums = bias.buffer(convolution.out());
    if (b != null) {
      gradient.gradient.at(3, biasSums.address());
    }
    gradient.gradient.run();
    if (gradient.unpack != null) {
      gradient.unpack.at(0, packedTo).at(1, to).run();
    }
    if (!direct) {
      deliver(sums, convolution.weights(), add, w);
    }
    if (b != null) {
      deliver(biasSums, convolution.out(), add, b);
    }
  }

  private void deliver(NativeNumbers from, int count, boolean add, Numbers to) {
    if (!add && to instanceof FloatNumbers on) {
      from.read(0, on.array(), on.offset(), count);
      return;
    }
    if (sum.length < 2 * count) {
      sum = new float[2 * count];
    }
    from.read(0, sum, 0, count);
    if (to instanceof FloatNumbers on) {
      runs.add(sum, 0, on.array(), on.offset(), count);
    } else {
      NativeNumbers off = NativeEngine.mine(to);
      if (add) {
        off.read(0, sum, count, count);
        runs.add(sum, count, sum, 0, count);
      }
      off.write(0, sum, 0, count);
    }
  }

  // ---- primitives

  /** Descriptions of what a convolution works on. */
  private final class Descriptions implements AutoCloseable {
    final Convolution convolution;
    final long x;
    final long anyWeights;
    final long plainWeights;
    final long b;
    final long s;
    final long[] strides;
    final long[] dilates = new long[2];
    final long[] before;
    final long[] after;

    Descriptions(Convolution convolution, int rows) {
      this.convolution = convolution;
      Axis vertical = convolution.window().vertical();
      Axis horizontal = convolution.window().horizontal();
      long[] kernel = {convolution.out(), convolution.in(), vertical.kernel(), horizontal.kernel()};
      x = context.channelsLast(rows, convolution.in(), vertical.length(), horizontal.length());
      s = context.channelsLast(rows, convolution.out(), vertical.windows(), horizontal.windows());
      anyWeights = context.any(kernel);
      plainWeights = context.rowMajor(kernel);
      b = context.rowMajor(convolution.out());
      strides = new long[] {vertical.stride(), horizontal.stride()};
      before = new long[] {vertical.before(), horizontal.before()};
      after = new long[] {vertical.after(), horizontal.after()};
    }

    /**
     * Whether version 3.11's first choice for AVX-512 gives wrong sums: it does for a single
     * channel under a single column of windows where only columns have a stride (all 111 of 20,000
     * random geometries that were wrong are of this kind).
     */
    private static boolean wrongByBlocks(Convolution convolution) {
      Axis horizontal = convolution.window().horizontal();
      return convolution.in() == 1 && horizontal.windows() == 1 && horizontal.stride() > 1;
    }

    /** The description of a forward pass, which those of the way back ask for. */
    long forward(boolean withBias, boolean relu) {
      OneDnn.check(
          OneDnn.convolutionForwardPrimitiveDescCreate(
              result,
              context.engine(),
              OneDnn.FORWARD_TRAINING,
              OneDnn.CONVOLUTION_DIRECT,
              x,
              anyWeights,
              withBias ? b : 0,
              s,
              strides,
              dilates,
              before,
              after,
              relu ? context.attributesOfRelu() : context.attributes()),
          "describing a convolution");
      if (wrongByBlocks(convolution)) {
        OneDnn.check(OneDnn.primitiveDescNextImpl(result[0]), "going on to the next convolution");
      }
      return result[0];
    }

    /** What brings kernels from one order into another; null where they are the same. */
    @Nullable DnnPrimitive reorder(long from, long to) {
      return OneDnn.memoryDescEqual(from, to) != 0 ? null : DnnPointwise.reorder(context, from, to);
    }

    @Override
    public void close() {
      DnnContext.destroyDescriptions(x, anyWeights, plainWeights, b, s);
    }
  }

  private static int numbers(long description) {
    return Math.toIntExact((OneDnn.memoryDescGetSize(description) + 3) / Float.BYTES);
  }

  private static int kind(boolean withBias, boolean relu) {
    return (withBias ? 1 : 0) + (relu ? 2 : 0);
  }

  private Forward forward(Plan plan, int rows, boolean withBias, boolean relu) {
    int kind = kind(withBias, relu);
    plan.forward[kind] = DnnPointwise.longEnough(plan.forward[kind], rows);
    Forward known = plan.forward[kind][rows];
    if (known == null) {
      try (Descriptions of = new Descriptions(plan.convolution, rows)) {
        long description = of.forward(withBias, relu);
        long w = OneDnn.primitiveDescQueryMd(description, OneDnn.QUERY_WEIGHTS, 0);
        int length = numbers(w);
        DnnPrimitive pack = of.reorder(of.plainWeights, w);
        int[] arguments = {OneDnn.ARG_SRC, OneDnn.ARG_WEIGHTS, OneDnn.ARG_DST, OneDnn.ARG_BIAS};
        long[] memory = {of.x, w, of.s, of.b};
        known =
            new Forward(
                context.primitive(
                    description, DnnPointwise.first(arguments, withBias ? 4 : 3), memory),
                pack,
                length);
        plan.forward[kind][rows] = known;
      }
    }
    return known;
  }

  private Back back(Plan plan, int rows) {
    plan.back = DnnPointwise.longEnough(plan.back, rows);
    Back known = plan.back[rows];
    if (known == null) {
      try (Descriptions of = new Descriptions(plan.convolution, rows)) {
        long forward = of.forward(false, false);
        OneDnn.check(
            OneDnn.convolutionBackwardDataPrimitiveDescCreate(
                result,
                context.engine(),
                OneDnn.CONVOLUTION_DIRECT,
                of.x,
                of.anyWeights,
                of.s,
                of.strides,
                of.dilates,
                of.before,
                of.after,
                forward,
                context.attributes()),
            "describing the way back through a convolution");
        long description = result[0];
        long w = OneDnn.primitiveDescQueryMd(description, OneDnn.QUERY_WEIGHTS, 0);
        int length = numbers(w);
        DnnPrimitive pack = of.reorder(of.plainWeights, w);
        int[] arguments = {OneDnn.ARG_SRC_DELTA, OneDnn.ARG_WEIGHTS, OneDnn.ARG_DST_DELTA};
        known =
            new Back(
                context.primitive(description, arguments, new long[] {of.x, w, of.s}),
                pack,
                length);
        DnnContext.destroyPrimitiveDescription(forward);
        plan.back[rows] = known;
      }
    }
    return known;
  }

  private Gradient gradient(Plan plan, int rows, boolean withBias) {
    int kind = kind(withBias, false);
    plan.gradient[kind] = DnnPointwise.longEnough(plan.gradient[kind], rows);
    Gradient known = plan.gradient[kind][rows];
    if (known == null) {
      try (Descriptions of = new Descriptions(plan.convolution, rows)) {
        long forward = of.forward(withBias, false);
        OneDnn.check(
            OneDnn.convolutionBackwardWeightsPrimitiveDescCreate(
                result,
                context.engine(),
                OneDnn.CONVOLUTION_DIRECT,
                of.x,
                of.anyWeights,
                withBias ? of.b : 0,
                of.s,
                of.strides,
                of.dilates,
                of.before,
                of.after,
                forward,
                context.attributes()),
            "describing the gradient of a convolution");
        long description = result[0];
        long w = OneDnn.primitiveDescQueryMd(description, OneDnn.QUERY_WEIGHTS_GRADIENT, 0);
        int length = numbers(w);
        DnnPrimitive unpack = of.reorder(w, of.plainWeights);
        int[] arguments = {
          OneDnn.ARG_SRC,
          OneDnn.ARG_WEIGHTS_GRADIENT,
          OneDnn.ARG_DST_DELTA,
          OneDnn.ARG_BIAS_GRADIENT
        };
        long[] memory = {of.x, w, of.s, of.b};
        known =
            new Gradient(
                context.primitive(
                    description, DnnPointwise.first(arguments, withBias ? 4 : 3), memory),
                unpack,
                length);
        DnnContext.destroyPrimitiveDescription(forward);
        plan.gradient[kind][rows] = known;
      }
    }
    return known;
  }
}
