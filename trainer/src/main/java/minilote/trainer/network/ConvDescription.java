package minilote.trainer.network;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import minilote.datasets.UserError;
import minilote.trainer.math.ActivationFunction;
import minilote.trainer.math.Convolution;

/**
 * A convolution of an image, {@code conv 32 3x3 relu}: each channel of the output is a window's
 * product with one kernel over all channels of the input, at every place of the window. (As
 * everywhere in the field, kernels are not turned: it is a cross-correlation.)
 *
 * @param channels of the output, at least 1
 * @param kernel the window's size
 * @param stride from one window to the next
 * @param padding zeros around the image
 * @param bias whether each channel has one
 * @param activation θ; a softmax is over the channels of a pixel
 */
public record ConvDescription(
    int channels, Size kernel, Size stride, Padding padding, boolean bias, Activation activation)
    implements LayerDescription {
  static final String KIND = "conv";

  private static final String FORM =
      "'conv CHANNELS HEIGHTxWIDTH ACTIVATION', as in 'conv 32 3x3 relu', with 'stride 2', 'padding"
          + " same', 'padding valid', 'padding 1' or 'bias none' before the activation";

  private static final List<String> OPTIONS =
      List.of(WindowWords.STRIDE, WindowWords.PADDING, WindowWords.BIAS);

  private static final Set<String> MEMBERS =
      Set.of("kind", "channels", "kernel", "stride", "padding", "bias", "activation");

  private static final Size ONE = new Size(1, 1);

  public ConvDescription {
    if (channels < 1) {
      throw new UserError("a convolution has at least 1 channel, not " + channels);
    }
    kernel.requirePositive("a window of");
    stride.requirePositive(WindowWords.STRIDE);
    padding.check(kernel);
    if (channels == 1 && activation.function() == ActivationFunction.SOFTMAX) {
      throw new UserError("a softmax over 1 channel is always 1: use sigmoid");
    }
  }

  /** Reads the words after {@code conv}. */
  static ConvDescription parse(LayerWords words) {
    LayerWords.Word channels = words.next("its number of channels", FORM);
    int count = channels.wholeNumber("number of channels", FORM);
    LayerWords.Word window = words.next("the size of its window", FORM);
    Size kernel = Size.parse(window, "size of a window");
    window.at(() -> kernel.requirePositive("a window of"));
    WindowWords rest = WindowWords.parse(words, OPTIONS, FORM);
    return channels.at(
        () ->
            new ConvDescription(
                count,
                kernel,
                rest.stride(ONE),
                rest.padding(Padding.SAME),
                rest.bias(),
                rest.activation()));
  }

  /** Reads {@link #toJson()}. */
  static ConvDescription parse(LayerJson json) {
    json.requireMembers(MEMBERS);
    return new ConvDescription(
        json.positive("channels"),
        json.size("kernel"),
        json.has("stride") ? json.size("stride") : ONE,
        json.has("padding") ? Padding.parse(json, "padding") : Padding.SAME,
        !json.has("bias") || json.truth("bias"),
        json.activation());
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String toWords() {
    StringBuilder words = new StringBuilder(KIND);
    words.append(' ').append(channels).append(' ').append(kernel.word());
    if (!stride.equals(ONE)) {
      words.append(" stride ").append(stride.shortWord());
    }
    if (!padding.equals(Padding.SAME)) {
      words.append(" padding ").append(padding.word());
    }
    if (!bias) {
      words.append(" bias none");
    }
    return words.append(LayerDescription.ending(activation)).toString();
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kind", KIND).put("channels", channels);
    LayerJson.put(json, "kernel", kernel);
    LayerJson.put(json, "stride", stride);
    padding.put(json, "padding");
    return json.put("bias", bias).put("activation", activation.word());
  }

  @Override
  public boolean worksOnImages() {
    return true;
  }

  /** Its geometry on an image. */
  Convolution convolution(ImageShape image) {
    return new Convolution(image.channels(), channels, padding.window(image, kernel, stride));
  }

  @Override
  public List<Integer> outputShape(List<Integer> inputShape) {
    Convolution convolution = convolution(ImageShape.of(inputShape));
    return List.of(
        channels,
        convolution.window().vertical().windows(),
        convolution.window().horizontal().windows());
  }

  @Override
  public long parameterCount(List<Integer> inputShape) {
    return LayerDescription.product(
        channels, (long) inputShape.get(0) * kernel.height() * kernel.width() + (bias ? 1 : 0));
  }

  @Override
  public long multiplications(List<Integer> inputShape) {
    Convolution convolution = convolution(ImageShape.of(inputShape));
    return (long) convolution.weights() * convolution.window().windows();
  }

  @Override
  public List<ParameterTensor> tensors(LayerNumber number, List<Integer> inputShape, int offset) {
    int in = inputShape.get(0);
    int pixels = kernel.height() * kernel.width();
    int weights = channels * in * pixels;
    List<ParameterTensor> tensors = new ArrayList<>();
    tensors.add(
        new ParameterTensor(
            number,
            ParameterTensor.Role.WEIGHT,
            List.of(channels, in, kernel.height(), kernel.width()),
            offset,
            weights,
            in * pixels,
            channels * pixels));
    if (bias) {
      tensors.add(
          new ParameterTensor(
              number,
              ParameterTensor.Role.BIAS,
              List.of(channels),
              offset + weights,
              channels,
              in * pixels,
              channels * pixels));
    }
    return tensors;
  }
}
