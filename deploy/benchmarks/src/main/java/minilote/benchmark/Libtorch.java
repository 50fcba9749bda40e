package minilote.benchmark;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minilote.datasets.Normalization;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Network;
import minilote.trainer.network.ParameterTensor;
import minilote.trainer.spark.EpochOrder;

/**
 * The same training in libtorch, in the fastest of the straightforward ways that DJL has:
 *
 * <ul>
 *   <li>An epoch's examples lie normalized and in their order in native memory before its steps
 *       begin, which is not counted; a step views its rows.
 *   <li>A dense layer is {@code linear}, one fused call on weights as libtorch lays them out, a
 *       convolution {@code convolution}, with its bias; the loss is {@code −Σ target · log_softmax
 *       / n}.
 *   <li>Each step differentiates by fresh leaves over the weights' memory: autograd then hands its
 *       gradients over instead of adding them to others, which would first have to be cleared.
 *   <li>The learning rate is what goes into the backward pass, so that the update is one
 *       subtraction in place.
 * </ul>
 */
final class Libtorch implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  private final Work work;
  private final TrainingExamples examples;
  private final Normalization normalization;
  private final LibtorchNetwork network;
  private final int outputs;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final List<PtNDArray> weights = new ArrayList<>(); // of each layer: out × in, then out
  private final PtNDArray learningRate;
  private final FloatBuffer inputBuffer;
  private final FloatBuffer targetBuffer;
  private final PtNDArray inputs; // examples × d^(0)
  private final PtNDArray targets; // examples × d^(L), one-hot

  private Libtorch(Work work) {
    this.work = work;
    this.examples = TrainingExamples.read(work.data());
    this.normalization = TrainingExamples.normalization(work.data());
    Network described = work.network().network();
    this.network = new LibtorchNetwork(described);
    this.outputs = described.outputs();
    float[] first = described.initialize(Initialization.AUTO, work.seed());
    for (ParameterTensor tensor : described.tensors()) {
      weights.add(LibtorchNetwork.tensor(manager, tensor, first));
    }
    this.learningRate = (PtNDArray) manager.create((float) work.network().learningRate());
    ByteBuffer inputBytes = floats(described.inputs());
    ByteBuffer targetBytes = floats(outputs);
    this.inputBuffer = inputBytes.asFloatBuffer();
    this.targetBuffer = targetBytes.asFloatBuffer();
    this.inputs = over(inputBytes, described.inputs());
    this.targets = over(targetBytes, outputs);
  }

  private ByteBuffer floats(int columns) {
    long bytes = (long) Float.BYTES * columns * examples.count();
    return ByteBuffer.allocateDirect(Math.toIntExact(bytes + ALIGNMENT))
        .alignedSlice((int) ALIGNMENT)
        .limit((int) bytes)
        .slice()
        .order(ByteOrder.nativeOrder());
  }

  /** A tensor that is that memory. */
  private PtNDArray over(ByteBuffer bytes, int columns) {
    return (PtNDArray)
        manager.create(bytes, new Shape(examples.count(), columns), DataType.FLOAT32);
  }

  private void fill(EpochOrder order) {
    int features = examples.format().features();
    float[] input = new float[features];
    float[] target = new float[outputs];
    for (int position = 0; position < examples.count(); position++) {
      examples.stage(normalization, order.rank(position), input, target, 0);
      inputBuffer.put(position * features, input);
      targetBuffer.put(position * outputs, target);
    }
  }

  /** Does the work in this process. */
  static Outcome run(Work work) {
    // Read when the engine starts.
    System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(work.threads()));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    try (Libtorch libtorch = new Libtorch(work)) {
      JavaProcess.log("libtorch " + Engine.getEngine("PyTorch").getVersion());
      return libtorch.run();
    }
  }

  private Outcome run() {
    StepCourse course = new StepCourse(work, examples.count());
    fill(course.order());
    JniUtils.setGradMode(true);
    while (course.goesOn()) {
      int n = course.order().batchSize(course.stepOfEpoch());
      double loss = step(course.stepOfEpoch() * work.batch(), n);
      if (course.stepped(loss, n)) {
        long since = System.nanoTime();
        fill(course.order());
        course.leaveOut(since);
      }
    }
    return course.outcome("");
  }

  /** One step on rows {@code from … from + n − 1} of the epoch; its loss where it is asked for. */
  private double step(long from, int n) {
    try (NDManager scope = manager.newSubManager()) {
      List<PtNDArray> leaves = new ArrayList<>();
      for (PtNDArray weight : weights) {
        PtNDArray leaf = JniUtils.detachGradient(weight);
        leaf.attach(scope);
        leaf.setRequiresGradient(true);
        leaves.add(leaf);
      }
      PtNDArray signals = network.signals(rows(inputs, from, n, scope), leaves);
      PtNDArray logarithms = JniUtils.logSoftmax(signals, 1, DataType.FLOAT32);
      PtNDArray loss = logarithms.mul(rows(targets, from, n, scope)).sum().mul(-1f / n);
      JniUtils.backward(loss, learningRate, false, false);
      for (int i = 0; i < leaves.size(); i++) {
        weights.get(i).subi(leaves.get(i).getGradient());
      }
      return work.steps() > 0 ? loss.getFloat() : 0;
    }
  }

  private static PtNDArray rows(PtNDArray all, long from, int n, NDManager scope) {
    PtNDArray rows = JniUtils.slice(all, 0, from, from + n, 1);
    rows.attach(scope);
    return rows;
  }

  /**
   * What its process needs of its environment: memory that the allocator keeps, without which
   * libtorch spends its time in page faults; nothing downloaded.
   *
   * @param cache where DJL unpacks the library from its jar
   */
  static Map<String, String> environment(Path cache) {
    return Map.of(
        "MALLOC_ARENA_MAX", "1",
        "MALLOC_MMAP_MAX_", "0",
        "MALLOC_TRIM_THRESHOLD_", "17179869184",
        "MALLOC_TOP_PAD_", "268435456",
        "DJL_CACHE_DIR", cache.toString(),
        "ENGINE_CACHE_DIR", cache.toString(),
        "DJL_OFFLINE", "true",
        "OPT_OUT_TRACKING", "true");
  }

  @Override
  public void close() {
    manager.close();
  }

  public static void main(String[] args) {
    JavaProcess.answer(run(Work.fromJson(args[0])));
  }
}
