package minilote.trainer.math;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one {@link NativeEngine} holds outside the heap: its memory and its objects of oneDNN. All
 * is freed together, when the engine is closed or at the latest when nobody can reach it any more.
 *
 * <p>One thread at a time.
 */
final class DnnContext implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final AtomicLong BYTES_IN_USE = new AtomicLong();
  private static final int MOST_DIMENSIONS = 12; // DNNL_MAX_NDIMS
  private static final int ALIGNMENT = 64; // a line of the cache, and the widest vector

  /** What is freed; it knows nothing of the context, so that nobody reaches that by it. */
  private static final class Held implements Runnable {
    private final List<Long> memory = new ArrayList<>();
    private final List<Long> primitives = new ArrayList<>();
    private final List<Long> memories = new ArrayList<>();
    private long bytes;
    private long engine;
    private long stream;
    private long attributes;
    private long attributesOfRelu;

    @Override
    public synchronized void run() {
      primitives.forEach(OneDnn::primitiveDestroy);
      memories.forEach(OneDnn::memoryDestroy);
      memory.forEach(Native::free);
      primitives.clear();
      memories.clear();
      memory.clear();
      if (stream != 0) {
        OneDnn.primitiveAttrDestroy(attributes);
        OneDnn.primitiveAttrDestroy(attributesOfRelu);
        OneDnn.streamDestroy(stream);
        OneDnn.engineDestroy(engine);
        stream = 0;
      }
      BYTES_IN_USE.addAndGet(-bytes);
      bytes = 0;
    }
  }

  private final Held held = new Held();
  private final Cleaner.Cleanable cleanable = CLEANER.register(this, held);
  private final long[] result = new long[1];
  private long scratchpad;
  private long scratchpadBytes;

  DnnContext() {
    OneDnn.check(OneDnn.engineCreate(result, OneDnn.CPU, 0), "making an engine");
    held.engine = result[0];
    OneDnn.check(OneDnn.streamCreate(result, held.engine, OneDnn.IN_ORDER), "making a stream");
    held.stream = result[0];
    held.attributes = makeAttributes();
    held.attributesOfRelu = makeAttributes();
    OneDnn.check(OneDnn.postOpsCreate(result), "making a list of what follows");
    long list = result[0];
    OneDnn.check(OneDnn.postOpsAppendEltwise(list, OneDnn.RELU, 0, 0), "appending a relu");
    OneDnn.check(
        OneDnn.primitiveAttrSetPostOps(held.attributesOfRelu, list), "saying what follows");
    OneDnn.check(OneDnn.postOpsDestroy(list), "destroying a list");
  }

  private long makeAttributes() {
    OneDnn.check(OneDnn.primitiveAttrCreate(result), "making attributes");
    long attributes = result[0];
    OneDnn.check(
        OneDnn.primitiveAttrSetScratchpadMode(attributes, OneDnn.SCRATCHPAD_USER),
        "choosing who holds scratch memory");
    return attributes;
  }

  /** Bytes that engines of this process hold outside the heap. */
  static long bytesInUse() {
    return BYTES_IN_USE.get();
  }

  long engine() {
    return held.engine;
  }

  long stream() {
    return held.stream;
  }

  /** Attributes of every primitive: scratch memory is ours. */
  long attributes() {
    return held.attributes;
  }

  /** Those of a primitive that a relu follows. */
  long attributesOfRelu() {
    return held.attributesOfRelu;
  }

  /** Zeros, aligned; they live as long as the context. */
  NativeNumbers allocate(int length) {
    long bytes = (long) length * Float.BYTES;
    long address = allocateBytes(bytes);
    new Pointer(address).setMemory(0, Math.max(bytes, 1), (byte) 0);
    return NativeNumbers.at(address, length);
  }

  private long allocateBytes(long bytes) {
    long size = bytes + 2 * ALIGNMENT; // one behind it, for kernels that read whole vectors
    long address = Native.malloc(size);
    if (address == 0) {
      throw new OutOfMemoryError(
          "%,d bytes outside Java's heap are not to be had: give the machine or the executor more memory (spark.executor.memoryOverhead), or take --engine portable"
              .formatted(size));
    }
    synchronized (held) {
      held.memory.add(address);
      held.bytes += size;
    }
    BYTES_IN_USE.addAndGet(size);
    return (address + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Scratch memory for the primitive that runs next. */
  long scratchpad() {
    return scratchpad;
  }

  private void needScratchpad(long bytes) {
    if (bytes > scratchpadBytes) {
      scratchpad = allocateBytes(bytes); // The one before is small beside it, and stays.
      scratchpadBytes = bytes;
    }
  }

  // ---- descriptions of memory, which the caller destroys

  /** Row-major floats. */
  long rowMajor(long... sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= sizes[i];
    }
    return strided(sizes, strides);
  }

  /** Images with the channels of a pixel side by side: sizes are rows, channels, H and W. */
  long channelsLast(long rows, long channels, long height, long width) {
    return strided(
        new long[] {rows, channels, height, width},
        new long[] {height * width * channels, 1, width * channels, channels});
  }

  long strided(long[] sizes, long[] strides) {
    OneDnn.check(
        OneDnn.memoryDescCreateWithStrides(
            result, sizes.length, padded(sizes), OneDnn.F32, padded(strides)),
        "describing memory");
    return result[0];
  }

  /** In whatever layout the library likes best. */
  long any(long... sizes) {
    OneDnn.check(
        OneDnn.memoryDescCreateWithTag(result, sizes.length, padded(sizes), OneDnn.F32, OneDnn.ANY),
        "describing memory");
    return result[0];
  }

  /** As long as the library's own lists of sizes. */
  private static long[] padded(long[] sizes) {
    return Arrays.copyOf(sizes, MOST_DIMENSIONS);
  }

  static void destroyDescriptions(long... descriptions) {
    for (long description : descriptions) {
      OneDnn.memoryDescDestroy(description);
    }
  }

  // ---- primitives

  /**
   * Makes the primitive of a description and destroys the description.
   *
   * @param arguments which it takes, in the order of the addresses of {@link DnnPrimitive#run}
   * @param descriptions of their memory
   */
  DnnPrimitive primitive(long description, int[] arguments, long[] descriptions) {
    long scratch = OneDnn.primitiveDescQueryMd(description, OneDnn.QUERY_SCRATCHPAD, 0);
    needScratchpad(OneDnn.memoryDescGetSize(scratch));
    long[] memories = new long[arguments.length + 1];
    for (int i = 0; i < arguments.length; i++) {
      memories[i] = memory(descriptions[i]);
    }
    memories[arguments.length] = memory(scratch);
    OneDnn.check(OneDnn.primitiveCreate(result, description), "making a primitive");
    long primitive = result[0];
    destroyPrimitiveDescription(description);
    long list = allocateBytes(16L * memories.length); // pairs of int and address
    Pointer pairs = new Pointer(list);
    for (int i = 0; i < memories.length; i++) {
      pairs.setLong(16L * i, i < arguments.length ? arguments[i] : OneDnn.ARG_SCRATCHPAD);
      pairs.setLong(16L * i + 8, memories[i]);
    }
    synchronized (held) {
      held.primitives.add(primitive);
    }
    return new DnnPrimitive(this, primitive, memories, list);
  }

  /** Of a primitive that is not made, or no longer needs it. */
  static void destroyPrimitiveDescription(long description) {
    OneDnn.check(OneDnn.primitiveDescDestroy(description), "destroying a description");
  }

  private long memory(long description) {
    OneDnn.check(
        OneDnn.memoryCreate(result, description, held.engine, 0), "making a memory object");
    synchronized (held) {
      held.memories.add(result[0]);
    }
    return result[0];
  }

  @Override
  public void close() {
    cleanable.clean();
  }
}
