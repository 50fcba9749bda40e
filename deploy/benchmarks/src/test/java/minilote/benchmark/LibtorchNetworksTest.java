package minilote.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import minilote.benchmark.Torch.Margin;
import minilote.trainer.math.Engine;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.network.ParameterTensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole networks on Minilote's engines and the same in libtorch's functions: the same loss and the
 * same gradient by all parameters. A layer is held against libtorch by a case here.
 */
class LibtorchNetworksTest {
  private static final int ROWS = 6;
  private static final double LOSS_TOLERANCE = 1e-5;
  private static final Shape ONE = new Shape(1, 1);
  private static final Shape TWO = new Shape(2, 2);
  private static final Shape THREE = new Shape(3, 3);
  private static final Margin NONE = new Margin(0, 0, 0, 0);
  private static final Margin PIXEL = new Margin(1, 1, 1, 1);
  private static final Margin TWO_PIXELS = new Margin(2, 2, 2, 2);

  /** A network in libtorch's functions. */
  @FunctionalInterface
  private interface Function {
    /**
     * The signals of the last layer, before its softmax.
     *
     * @param x rows × the shape of an example
     * @param w the parameters in their order, dense weights out × in
     */
    PtNDArray signals(Torch torch, PtNDArray x, Iterator<PtNDArray> w);
  }

  /** The two that are compared. */
  private record Case(String words, List<Integer> input, Function function) {
    @Override
    public String toString() {
      return words;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "dense 7 sigmoid, dense 6 tanh, dense 4 softmax",
            List.of(9),
            (torch, x, w) -> dense(JniUtils.tanh(dense(JniUtils.sigmoid(dense(x, w)), w)), w)),
        new Case(
            "conv 4 3x3 relu, conv 4 3x3 relu, max-pool 2x2, conv 6 3x3 relu, conv 6 3x3 relu,"
                + " max-pool 2x2, dense 8 relu, dense 5 softmax",
            List.of(3, 8, 8),
            LibtorchNetworksTest::smallC1),
        new Case(
            "conv 6 5x5 tanh, average-pool 2x2, conv 16 5x5 padding valid tanh, average-pool 2x2,"
                + " dense 120 tanh, dense 84 tanh, dense 10 softmax",
            List.of(1, 28, 28),
            LibtorchNetworksTest::leNet5),
        new Case(
            "conv 5 3x3 stride 2 padding 1 bias none tanh, max-pool 3x3 stride 2 padding 1, conv 4 1x1"
                + " sigmoid, average-pool 3x3 stride 1 padding 1, global-average-pool, dense 3 softmax",
            List.of(2, 11, 9),
            LibtorchNetworksTest::stridesAndPadding),
        new Case(
            "conv 4 3x3 stride 2 relu, max-pool 3x3 stride 2 padding same, flatten, dense 3 softmax",
            List.of(2, 8, 8),
            LibtorchNetworksTest::marginBehind),
        new Case(
            "dense 8, batchnorm relu, dense 7, batchnorm tanh, dense 4 softmax",
            List.of(9),
            (torch, x, w) -> {
              PtNDArray y = JniUtils.relu(torch.normalized(dense(x, w), w));
              return dense(JniUtils.tanh(torch.normalized(dense(y, w), w)), w);
            }),
        new Case(
            "conv 4 3x3 bias none, batchnorm relu,"
                + " residual(conv 4 3x3 bias none, batchnorm relu, conv 4 3x3 bias none, batchnorm)"
                + " relu, residual(conv 6 3x3 stride 2 bias none, batchnorm relu, conv 6 3x3 bias none,"
                + " batchnorm | conv 6 1x1 stride 2 bias none, batchnorm) relu, global-average-pool,"
                + " dense 3 softmax",
            List.of(3, 8, 8),
            LibtorchNetworksTest::smallResNet));
  }

  private static PtNDArray dense(PtNDArray x, Iterator<PtNDArray> w) {
    return JniUtils.linear(x, w.next(), w.next());
  }

  private static PtNDArray flat(PtNDArray images) {
    return JniUtils.flatten(images, 1, 3);
  }

  private static PtNDArray conv(Torch torch, PtNDArray x, Iterator<PtNDArray> w, Margin margin) {
    return torch.convolution(x, w.next(), w.next(), ONE, margin);
  }

  private static PtNDArray smallC1(Torch torch, PtNDArray x, Iterator<PtNDArray> w) {
    PtNDArray y = x;
    for (int pair = 0; pair < 2; pair++) {
      y = JniUtils.relu(conv(torch, y, w, PIXEL));
      y = JniUtils.relu(conv(torch, y, w, PIXEL));
      y = torch.maxPool(y, TWO, TWO, NONE);
    }
    return dense(JniUtils.relu(dense(flat(y), w)), w);
  }

  private static PtNDArray leNet5(Torch torch, PtNDArray x, Iterator<PtNDArray> w) {
    PtNDArray y = JniUtils.tanh(conv(torch, x, w, TWO_PIXELS));
    y = torch.averagePool(y, TWO, TWO, NONE);
    y = JniUtils.tanh(conv(torch, y, w, NONE));
    y = torch.averagePool(y, TWO, TWO, NONE);
    y = JniUtils.tanh(dense(flat(y), w));
    return dense(JniUtils.tanh(dense(y, w)), w);
  }

  private static PtNDArray stridesAndPadding(Torch torch, PtNDArray x, Iterator<PtNDArray> w) {
    PtNDArray y = JniUtils.tanh(torch.convolution(x, w.next(), torch.zeros(5), TWO, PIXEL));
    y = torch.maxPool(y, THREE, TWO, PIXEL);
    y = JniUtils.sigmoid(conv(torch, y, w, NONE));
    y = torch.averagePool(y, THREE, ONE, PIXEL);
    return dense(flat(JniUtils.adaptiveAvgPool(y, ONE)), w);
  }

  private static PtNDArray marginBehind(Torch torch, PtNDArray x, Iterator<PtNDArray> w) {
    Margin behind = new Margin(0, 1, 0, 1);
    PtNDArray y = JniUtils.relu(torch.convolution(x, w.next(), w.next(), TWO, behind));
    return dense(flat(torch.maxPool(y, THREE, TWO, behind)), w);
  }

  /** Behind an even number of pixels lies one for every other window of 3 × 3, before them none. */
  private static PtNDArray smallResNet(Torch torch, PtNDArray x, Iterator<PtNDArray> w) {
    Margin behind = new Margin(0, 1, 0, 1);
    PtNDArray first = JniUtils.relu(normalizedConv(torch, x, w, 4, ONE, PIXEL));
    PtNDArray y = JniUtils.relu(normalizedConv(torch, first, w, 4, ONE, PIXEL));
    y = normalizedConv(torch, y, w, 4, ONE, PIXEL);
    PtNDArray second = JniUtils.relu(y.add(first));
    y = JniUtils.relu(normalizedConv(torch, second, w, 6, TWO, behind));
    y = normalizedConv(torch, y, w, 6, ONE, PIXEL);
    PtNDArray around = normalizedConv(torch, second, w, 6, TWO, NONE);
    PtNDArray third = JniUtils.relu(y.add(around));
    return dense(flat(JniUtils.adaptiveAvgPool(third, ONE)), w);
  }

  private static PtNDArray normalizedConv(
      Torch torch, PtNDArray x, Iterator<PtNDArray> w, int channels, Shape stride, Margin margin) {
    return torch.normalized(
        torch.convolution(x, w.next(), torch.zeros(channels), stride, margin), w);
  }

  /** Scales and shifts as they would be after some learning, not all 1 and 0. */
  private static void setScales(Network network, Random random, float[] parameters) {
    for (ParameterTensor tensor : network.tensors()) {
      float middle = tensor.name().endsWith(".gamma") ? 1 : 0;
      if (middle == 1 || tensor.name().endsWith(".beta")) {
        for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
          parameters[i] = middle + 0.3f * (float) random.nextGaussian();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradient_ofANetwork_isLibtorchs(Case compared) {
    Network network = Network.of(NetworkDescription.parse(compared.words()), compared.input());
    Random random = new Random(compared.words().length());
    float[] parameters =
        network.initialize(new Initialization(Initialization.Weights.AUTO, true), 3);
    setScales(network, random, parameters);
    float[] x = gaussian(random, ROWS * network.inputs());
    float[] y = new float[ROWS * network.outputs()];
    for (int row = 0; row < ROWS; row++) {
      y[row * network.outputs() + random.nextInt(network.outputs())] = 1;
    }
    try (Torch torch = new Torch()) {
      List<PtNDArray> leaves = new ArrayList<>();
      for (ParameterTensor tensor : learned(network)) {
        leaves.add(torch.leaf(tensor, parameters));
      }
      PtNDArray signals =
          compared
              .function()
              .signals(torch, torch.tensor(x, shape(compared.input())), leaves.iterator());
      PtNDArray logarithms = JniUtils.logSoftmax(signals, 1, DataType.FLOAT32);
      PtNDArray loss = logarithms.mul(torch.tensor(y, ROWS, network.outputs())).sum().neg();
      Torch.backward(loss, torch.tensor(new float[] {1}));

      for (Engine engine : TestedEngines.make()) {
        compare(network, engine, parameters, x, y, loss.getFloat(), leaves);
      }
    }
  }

  /** All tensors but those that are measured: running means and variances. */
  private static List<ParameterTensor> learned(Network network) {
    return network.tensors().stream()
        .filter(tensor -> !tensor.name().contains(".running_"))
        .toList();
  }

  private static double largest(List<ParameterTensor> tensors, float[] gradient) {
    double largest = 0;
    for (ParameterTensor tensor : tensors) {
      int end = tensor.offset() + tensor.length();
      largest =
          Math.max(largest, Torch.largest(Arrays.copyOfRange(gradient, tensor.offset(), end)));
    }
    return largest;
  }

  private static void compare(
      Network network,
      Engine engine,
      float[] parameters,
      float[] x,
      float[] y,
      float loss,
      List<PtNDArray> leaves) {
    String name = engine.getClass().getSimpleName() + ", ";
    try (BackPropagation ours =
        new BackPropagation(network, Loss.CATEGORICAL_CROSS_ENTROPY, engine, ROWS)) {
      ours.setParameters(parameters.clone());
      ours.clear();
      System.arraycopy(x, 0, ours.inputs(), 0, x.length);
      System.arraycopy(y, 0, ours.targets(), 0, y.length);
      ours.errorAndGradient(ROWS);
      assertEquals(loss, ours.loss(), LOSS_TOLERANCE * loss, name + "loss");
      float[] gradient = ours.gradient();
      // Where a mean is taken away, that by a bias before it is 0 but for rounding.
      double least = largest(learned(network), gradient) / 10;
      List<ParameterTensor> tensors = learned(network);
      for (int i = 0; i < leaves.size(); i++) {
        ParameterTensor tensor = tensors.get(i);
        float[] mine = new float[tensor.length()];
        System.arraycopy(gradient, tensor.offset(), mine, 0, mine.length);
        Torch.assertSame(
            Torch.gradientOf(tensor, leaves.get(i)), mine, least, name + tensor.name());
      }
    }
  }

  private static long[] shape(List<Integer> input) {
    return Stream.concat(Stream.of(ROWS), input.stream()).mapToLong(Integer::longValue).toArray();
  }

  private static float[] gaussian(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
