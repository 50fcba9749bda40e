package minilote.trainer.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import minilote.datasets.UserError;
import minilote.trainer.network.Network;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Weights of another run with which one begins: those that the other ended with, or those of one of
 * its checkpoints.
 *
 * @param parameters all numbers, as {@link Network#tensors()} lays them out
 * @param epoch epochs that the other run had finished, where they are a checkpoint's; or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record InitialWeights(float[] parameters, @Nullable Integer epoch) {
  private static final String SHA256 = "init_sha256";
  private static final String EPOCH = "init_epoch";

  /**
   * Reads them.
   *
   * @param from a model, a run's folder, or the folder of a checkpoint
   * @param network that begins with them
   * @throws UserError where there are none, or they are another network's
   */
  static InitialWeights read(Path from, Network network, Configuration configuration)
      throws IOException {
    if (RunFolder.isCheckpoint(from)) {
      return Checkpoint.weights(from, network, configuration);
    }
    Model model = Model.read(from, configuration);
    if (!model.network().tensors().equals(network.tensors())) {
      throw new UserError(
          "--init %s: its network is \"%s\", which has other weights than \"%s\""
              .formatted(
                  from, model.network().description().toWords(), network.description().toWords()));
    }
    return new InitialWeights(model.parameters(), null);
  }

  /** Adds to {@code run.json} what identifies them. */
  static void put(ObjectNode json, @Nullable InitialWeights weights) {
    json.put(SHA256, weights == null ? null : Model.weightsSha256(weights.parameters));
    if (weights != null && weights.epoch != null) {
      json.put(EPOCH, weights.epoch);
    }
  }

  /**
   * Makes sure that they are those that a run began with.
   *
   * @param from where they were read
   * @param resolved what {@link #put} has written of those
   * @param run the run's folder
   * @throws UserError where they are others
   */
  void require(String from, ObjectNode resolved, Path run) {
    if (!Model.weightsSha256(parameters).equals(resolved.path(SHA256).asText())) {
      throw new UserError("%s is not the model that the run in %s began with".formatted(from, run));
    }
  }
}
