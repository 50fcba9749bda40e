package minilote.trainer.network;

import java.util.List;
import minilote.trainer.math.Convolution;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;
import org.jspecify.annotations.Nullable;

/** A convolution at work: {@code s = w ∗ x + b}, {@code x' = θ(s)} for every image x. */
final class ConvLayer implements Layer {
  private final Engine engine;
  private final Convolution convolution;
  private final int first; // of its parameters, among the network's
  private final Numbers weight; // out × in × kh × kw
  private final @Nullable Numbers bias; // out
  private final List<Numbers> gradient;
  private final Units units; // maxRows × H' × W' × out

  ConvLayer(ConvDescription conv, Network.Place place, Workspace workspace) {
    this.engine = workspace.engine();
    this.convolution = conv.convolution(ImageShape.of(place.inputShape()));
    this.first = place.tensors().get(0).offset();
    List<Numbers> parameters = workspace.parameters(place);
    this.weight = parameters.get(0);
    this.bias = conv.bias() ? parameters.get(1) : null;
    this.gradient = workspace.gradient(place);
    this.units =
        new Units(
            engine,
            conv.activation(),
            convolution.window().windows(),
            convolution.out(),
            true,
            workspace.maxRows());
    engine.prepare(convolution, workspace.maxRows());
  }

  @Override
  public Units units() {
    return units;
  }

  @Override
  public void forward(Numbers input, int rows, Pass pass) {
    if (units.isReluInPlace()) {
      engine.convolveRelu(convolution, rows, input, weight, bias, units.output());
    } else {
      engine.convolve(convolution, rows, input, weight, bias, units.signal());
      units.forward(rows);
    }
  }

  @Override
  public void backward(
      Numbers input, Numbers delta, @Nullable Numbers inputDelta, int rows, Pass pass) {
    engine.convolutionGradient(
        convolution,
        rows,
        input,
        delta,
        pass.add(),
        gradient.get(0),
        bias == null ? null : gradient.get(1));
    pass.complete(first);
    if (inputDelta != null) {
      engine.convolutionBack(convolution, rows, delta, weight, inputDelta);
    }
  }
}
