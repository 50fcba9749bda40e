package minilote.trainer.math;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pooling of channels-last images by oneDNN. */
final class DnnPools {
  /** For one geometry, number of channels, and algorithm, by number of rows. */
  private static final class Plan {
    final Window window;
    final int channels;
    final int algorithm;
    @Nullable DnnPrimitive[] forward = {};
    @Nullable DnnPrimitive[] back = {};

    Plan(Window window, int channels, int algorithm) {
      this.window = window;
      this.channels = channels;
      this.algorithm = algorithm;
    }
  }

  private final DnnContext context;
  private final List<Plan> plans = new ArrayList<>();
  private final long[] result = new long[1];

  DnnPools(DnnContext context) {
    this.context = context;
  }

  /**
   * The largest number of each window and channel.
   *
   * @param places memory for the library's notes on where it is
   */
  void largest(Window window, int channels, int rows, long x, long y, NativeNumbers places) {
    forward(plan(window, channels, OneDnn.MAX), rows)
        .at(0, x)
        .at(1, y)
        .at(2, places.address())
        .run();
  }

  /** Derivatives by the numbers that were the largest; 0 by all others. */
  void largestBack(
      Window window, int channels, int rows, long delta, NativeNumbers places, long inputDelta) {
    back(plan(window, channels, OneDnn.MAX), rows)
        .at(0, inputDelta)
        .at(1, delta)
        .at(2, places.address())
        .run();
  }

  /** The mean of each window and channel, over what lies inside the image. */
  void mean(Window window, int channels, int rows, long x, long y) {
    forward(plan(window, channels, OneDnn.AVERAGE_WITHOUT_PADDING), rows).at(0, x).at(1, y).run();
  }

  /** Each number's share of the derivatives by the means that it is part of. */
  void meanBack(Window window, int channels, int rows, long delta, long inputDelta) {
    back(plan(window, channels, OneDnn.AVERAGE_WITHOUT_PADDING), rows)
        .at(0, inputDelta)
        .at(1, delta)
        .run();
  }

  private Plan plan(Window window, int channels, int algorithm) {
    for (int i = 0; i < plans.size(); i++) {
      Plan plan = plans.get(i);
      if (plan.channels == channels && plan.algorithm == algorithm && plan.window.equals(window)) {
        return plan;
      }
    }
    Plan plan = new Plan(window, channels, algorithm);
    plans.add(plan);
    return plan;
  }

  private DnnPrimitive forward(Plan plan, int rows) {
    plan.forward = DnnPointwise.longEnough(plan.forward, rows);
    DnnPrimitive known = plan.forward[rows];
    if (known == null) {
      try (Descriptions of = new Descriptions(plan, rows)) {
        long description = of.forward();
        long notes = OneDnn.primitiveDescQueryMd(description, OneDnn.QUERY_WORKSPACE, 0);
        int[] arguments = {OneDnn.ARG_SRC, OneDnn.ARG_DST, OneDnn.ARG_WORKSPACE};
        known =
            context.primitive(
                description,
                DnnPointwise.first(arguments, OneDnn.memoryDescGetSize(notes) == 0 ? 2 : 3),
                new long[] {of.x, of.y, notes});
        plan.forward[rows] = known;
      }
    }
    return known;
  }

  private DnnPrimitive back(Plan plan, int rows) {
    plan.back = DnnPointwise.longEnough(plan.back, rows);
    DnnPrimitive known = plan.back[rows];
    if (known == null) {
      try (Descriptions of = new Descriptions(plan, rows)) {
        long forward = of.forward();
        OneDnn.check(
            OneDnn.poolingBackwardPrimitiveDescCreate(
                result,
                context.engine(),
                plan.algorithm,
                of.x,
                of.y,
                of.strides,
                of.kernel,
                of.dilation,
                of.before,
                of.after,
                forward,
                context.attributes()),
            "describing the way back through a pool");
        long description = result[0];
        long notes = OneDnn.primitiveDescQueryMd(description, OneDnn.QUERY_WORKSPACE, 0);
        int[] arguments = {OneDnn.ARG_SRC_DELTA, OneDnn.ARG_DST_DELTA, OneDnn.ARG_WORKSPACE};
        known =
            context.primitive(
                description,
                DnnPointwise.first(arguments, OneDnn.memoryDescGetSize(notes) == 0 ? 2 : 3),
                new long[] {of.x, of.y, notes});
        DnnContext.destroyPrimitiveDescription(forward);
        plan.back[rows] = known;
      }
    }
    return known;
  }

  /** Descriptions of what a pool works on. */
  private final class Descriptions implements AutoCloseable {
    private final Plan plan;
    final long x;
    final long y;
    final long[] strides;
    final long[] kernel;
    final long[] dilation = new long[2];
    final long[] before;
    final long[] after;

    Descriptions(Plan plan, int rows) {
      Axis vertical = plan.window.vertical();
      Axis horizontal = plan.window.horizontal();
      this.plan = plan;
      x = context.channelsLast(rows, plan.channels, vertical.length(), horizontal.length());
      y = context.channelsLast(rows, plan.channels, vertical.windows(), horizontal.windows());
      strides = new long[] {vertical.stride(), horizontal.stride()};
      kernel = new long[] {vertical.kernel(), horizontal.kernel()};
      before = new long[] {vertical.before(), horizontal.before()};
      after = new long[] {vertical.after(), horizontal.after()};
    }

    long forward() {
      OneDnn.check(
          OneDnn.poolingForwardPrimitiveDescCreate(
              result,
              context.engine(),
              OneDnn.FORWARD_TRAINING,
              plan.algorithm,
              x,
              y,
              strides,
              kernel,
              dilation,
              before,
              after,
              context.attributes()),
          "describing a pool");
      return result[0];
    }

    @Override
    public void close() {
      DnnContext.destroyDescriptions(x, y);
    }
  }
}
