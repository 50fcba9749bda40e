package minilote.trainer.spark;

import java.io.Serializable;
import java.util.Objects;
import minilote.datasets.Augmentation;
import minilote.datasets.Json;
import minilote.datasets.Normalization;
import minilote.datasets.RecordFormat;
import minilote.datasets.TargetKind;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import org.jspecify.annotations.Nullable;

/**
 * What a task needs in order to learn: network, loss, records, their normalization and
 * augmentation, as text, since that is what crosses Spark. Each thread that runs tasks builds its
 * {@link Learner} once from it and keeps it.
 */
final class LearnerSpec implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String network;
  private final String loss;
  private final String format;
  private final String normalization;
  private final String augmentation;
  private final EngineKind engine;
  private final int lane;
  private final TargetKind targetKind;

  /** Of images as they are. */
  LearnerSpec(
      Network network,
      Loss loss,
      RecordFormat format,
      Normalization normalization,
      EngineKind engine) {
    this(network, loss, format, normalization, Augmentation.NONE, 0, engine);
  }

  /**
   * @param lane the most examples of a lane; 0 where there are no lanes to learn from
   */
  LearnerSpec(
      Network network,
      Loss loss,
      RecordFormat format,
      Normalization normalization,
      Augmentation augmentation,
      int lane,
      EngineKind engine) {
    this.lane = lane;
    this.network = network.toJson().toString();
    this.loss = loss.name();
    this.format = format.toJson().toString();
    this.normalization = normalization.toJson().toString();
    this.augmentation = augmentation.toWords();
    this.engine = engine;
    this.targetKind = format.targetKind();
  }

  TargetKind targetKind() {
    return targetKind;
  }

  /** This thread's learner for this specification; the task closes it. */
  KeptLearner take() {
    return KeptLearner.take(this);
  }

  Learner make() {
    return new Learner(
        Network.fromJson(Json.parse(network)),
        Loss.valueOf(loss),
        RecordFormat.fromJson(Json.parse(format)),
        Normalization.fromJson(Json.parse(normalization)),
        Augmentation.parse(augmentation),
        lane,
        engine.create());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LearnerSpec that
        && network.equals(that.network)
        && loss.equals(that.loss)
        && format.equals(that.format)
        && normalization.equals(that.normalization)
        && augmentation.equals(that.augmentation)
        && lane == that.lane
        && engine == that.engine;
  }

  @Override
  public int hashCode() {
    return Objects.hash(network, loss, format, normalization, augmentation, lane, engine);
  }
}
