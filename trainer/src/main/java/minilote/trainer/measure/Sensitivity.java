package minilote.trainer.measure;

/**
 * How much the error feels the signals of a layer, δ^(ℓ) = ∂e/∂s^(ℓ), over a set of examples.
 *
 * @param layer ℓ, from 1
 * @param ofMean ‖mean over the examples of δ^(ℓ)‖: the layer's speed of learning in M. Nielsen,
 *     <i>Neural Networks and Deep Learning</i>, chapter 5, which is the norm of the gradient by its
 *     biases
 * @param mean mean over the examples of ‖δ^(ℓ)‖
 */
public record Sensitivity(int layer, double ofMean, double mean) {}
