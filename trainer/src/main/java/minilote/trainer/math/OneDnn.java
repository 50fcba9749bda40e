package minilote.trainer.math;

/**
 * oneDNN's C interface, as far as it is used: each function by its name without {@code dnnl_}, in
 * Java's spelling. Objects of the library are addresses. All functions but those that only tell
 * something return a status, 0 where all went well; {@link #check} is for it.
 *
 * <p>{@link OneDnnLibrary} connects these methods with the library; before, they must not be
 * called.
 *
 * <p>Source: oneDNN's <i>C API</i> and the headers {@code dnnl.h} and {@code dnnl_types.h} of its
 * version 3.11, where the constants' values are.
 */
final class OneDnn {
  static final int CPU = 1;
  static final int F32 = 3;
  static final int IN_ORDER = 1;
  static final int SCRATCHPAD_USER = 1;

  // Kinds of propagation.
  static final int FORWARD_TRAINING = 64;
  static final int BACKWARD = 128;

  // Algorithms.
  static final int CONVOLUTION_DIRECT = 0x1;
  static final int RELU = 0x20;
  static final int RELU_BACK_BY_OUTPUT = 0x100;
  static final int MAX = 0x1ff;
  static final int AVERAGE_WITHOUT_PADDING = 0x3ff;
  static final int ADD = 0x1fff0;
  static final int MULTIPLY = 0x1fff1;

  // Flags of batch normalization.
  static final int GIVEN_STATISTICS = 0x1;
  static final int SCALE_AND_SHIFT = 0x2 | 0x4;

  // Queries for the description of a memory.
  static final int QUERY_WEIGHTS = 131;
  static final int QUERY_WEIGHTS_GRADIENT = 132;
  static final int QUERY_WORKSPACE = 135;
  static final int QUERY_SCRATCHPAD = 136;

  /** A layout that the library is to choose. */
  static final int ANY = 1;

  // Arguments of primitives.
  static final int ARG_SRC = 1;
  static final int ARG_SRC_1 = 2;
  static final int ARG_DST = 17;
  static final int ARG_WEIGHTS = 33;
  static final int ARG_BIAS = 41;
  static final int ARG_MEAN = 49;
  static final int ARG_VARIANCE = 50;
  static final int ARG_SCALE = 51;
  static final int ARG_SHIFT = 52;
  static final int ARG_WORKSPACE = 64;
  static final int ARG_SCRATCHPAD = 80;
  static final int ARG_SRC_DELTA = 129;
  static final int ARG_DST_DELTA = 145;
  static final int ARG_WEIGHTS_GRADIENT = 161;
  static final int ARG_BIAS_GRADIENT = 169;
  static final int ARG_SCALE_GRADIENT = 255;
  static final int ARG_SHIFT_GRADIENT = 256;

  private OneDnn() {}

  /** {@code C = alpha op(A) op(B) + beta C}, row-major; op is 'N' or 'T'. */
  static native int sgemm(
      byte transposeA,
      byte transposeB,
      long m,
      long n,
      long k,
      float alpha,
      long a,
      long lda,
      long b,
      long ldb,
      float beta,
      long c,
      long ldc);

  /** Three ints and more: the version. */
  static native long version();

  static native int getEffectiveCpuIsa();

  static native int engineCreate(long[] engine, int kind, long index);

  static native int engineDestroy(long engine);

  static native int streamCreate(long[] stream, long engine, int flags);

  static native int streamDestroy(long stream);

  static native int memoryDescCreateWithStrides(
      long[] description, int dimensions, long[] sizes, int type, long[] strides);

  static native int memoryDescCreateWithTag(
      long[] description, int dimensions, long[] sizes, int type, int tag);

  static native int memoryDescDestroy(long description);

  static native int memoryDescEqual(long a, long b);

  static native long memoryDescGetSize(long description);

  static native int memoryCreate(long[] memory, long description, long engine, long address);

  static native int memorySetDataHandle(long memory, long address);

  static native int memoryDestroy(long memory);

  static native int primitiveAttrCreate(long[] attributes);

  static native int primitiveAttrSetScratchpadMode(long attributes, int mode);

  static native int primitiveAttrSetPostOps(long attributes, long postOps);

  static native int primitiveAttrDestroy(long attributes);

  static native int postOpsCreate(long[] postOps);

  static native int postOpsAppendEltwise(long postOps, int algorithm, float alpha, float beta);

  static native int postOpsDestroy(long postOps);

  static native int convolutionForwardPrimitiveDescCreate(
      long[] description,
      long engine,
      int propagation,
      int algorithm,
      long src,
      long weights,
      long bias,
      long dst,
      long[] strides,
      long[] dilates,
      long[] before,
      long[] after,
      long attributes);

  static native int convolutionBackwardDataPrimitiveDescCreate(
      long[] description,
      long engine,
      int algorithm,
      long srcDelta,
      long weights,
      long dstDelta,
      long[] strides,
      long[] dilates,
      long[] before,
      long[] after,
      long forward,
      long attributes);

  static native int convolutionBackwardWeightsPrimitiveDescCreate(
      long[] description,
      long engine,
      int algorithm,
      long src,
      long weightsGradient,
      long biasGradient,
      long dstDelta,
      long[] strides,
      long[] dilates,
      long[] before,
      long[] after,
      long forward,
      long attributes);

  static native int poolingForwardPrimitiveDescCreate(
      long[] description,
      long engine,
      int propagation,
      int algorithm,
      long src,
      long dst,
      long[] strides,
      long[] kernel,
      long[] dilation,
      long[] before,
      long[] after,
      long attributes);

  static native int poolingBackwardPrimitiveDescCreate(
      long[] description,
      long engine,
      int algorithm,
      long srcDelta,
      long dstDelta,
      long[] strides,
      long[] kernel,
      long[] dilation,
      long[] before,
      long[] after,
      long forward,
      long attributes);

  static native int eltwiseForwardPrimitiveDescCreate(
      long[] description,
      long engine,
      int propagation,
      int algorithm,
      long src,
      long dst,
      float alpha,
      float beta,
      long attributes);

  static native int eltwiseBackwardPrimitiveDescCreate(
      long[] description,
      long engine,
      int algorithm,
      long srcDelta,
      long dstDelta,
      long data,
      float alpha,
      float beta,
      long forward,
      long attributes);

  static native int binaryPrimitiveDescCreate(
      long[] description, long engine, int algorithm, long a, long b, long result, long attributes);

  static native int batchNormalizationForwardPrimitiveDescCreate(
      long[] description,
      long engine,
      int propagation,
      long src,
      long dst,
      float epsilon,
      int flags,
      long attributes);

  static native int batchNormalizationBackwardPrimitiveDescCreate(
      long[] description,
      long engine,
      int propagation,
      long srcDelta,
      long dstDelta,
      long src,
      float epsilon,
      int flags,
      long forward,
      long attributes);

  static native int reorderPrimitiveDescCreate(
      long[] description, long from, long fromEngine, long to, long toEngine, long attributes);

  static native long primitiveDescQueryMd(long description, int what, int index);

  /** Goes on to the next of the library's implementations. */
  static native int primitiveDescNextImpl(long description);

  static native int primitiveDescDestroy(long description);

  static native int primitiveCreate(long[] primitive, long description);

  static native int primitiveExecute(long primitive, long stream, int count, long arguments);

  static native int primitiveDestroy(long primitive);

  /** Throws where a status is not 0. */
  static void check(int status, String what) {
    if (status != 0) {
      throw new IllegalStateException(
          "oneDNN: %s failed with status %d (%s)"
              .formatted(
                  what,
                  status,
                  switch (status) {
                    case 1 -> "out of memory";
                    case 2 -> "invalid arguments";
                    case 3 -> "unimplemented";
                    default -> "see dnnl_status_t";
                  }));
    }
  }
}
