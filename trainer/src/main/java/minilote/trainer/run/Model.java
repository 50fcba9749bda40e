package minilote.trainer.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Json;
import minilote.datasets.Normalization;
import minilote.datasets.RecordFormat;
import minilote.datasets.Sha256;
import minilote.datasets.UserError;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.ParameterTensor;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A trained network and what is needed to use it: how records become inputs, and what the outputs
 * are called. Kept as {@code model.safetensors}.
 *
 * @param network the network
 * @param loss what it was trained to make small
 * @param format the records it was trained on
 * @param normalization how a record's features become inputs
 * @param classNames names of classes or labels; empty where there are none
 * @param parameters all weights and biases, as {@link Network#tensors()} lays them out
 */
public record Model(
    Network network,
    Loss loss,
    RecordFormat format,
    Normalization normalization,
    List<String> classNames,
    float[] parameters) {
  /** The file's name in a run's folder. */
  public static final String FILE = "model.safetensors";

  private static final long LARGEST = Integer.MAX_VALUE - 64L;

  public Model {
    classNames = List.copyOf(classNames);
    if (parameters.length != network.parameterCount()) {
      throw new IllegalArgumentException(
          "the network has %d parameters, not %d"
              .formatted(network.parameterCount(), parameters.length));
    }
  }

  /** SHA-256 over the parameters as 32-bit floats, little-endian, in the order of the tensors. */
  public static String weightsSha256(float[] parameters) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, parameters.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(parameters);
    return Sha256.of(bytes.array());
  }

  /** Writes the model as a safetensors file. */
  public void write(Path file, Configuration configuration) throws IOException {
    Files.write(file, toBytes(), configuration);
  }

  /** The bytes of its safetensors file. */
  public byte[] toBytes() {
    ObjectNode names = Json.object();
    classNames.forEach(names.putArray("class_names")::add);
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "minilote 1");
    metadata.put("network", network.toJson().toString());
    metadata.put("loss", loss.word());
    metadata.put("record", format.toJson().toString());
    metadata.put("normalization", normalization.toJson().toString());
    metadata.put("classes", names.toString());
    return new Safetensors(tensors(network, parameters), metadata).toBytes();
  }

  /** The named tensors of a flat array of parameters. */
  static Map<String, Safetensors.Tensor> tensors(Network network, float[] parameters) {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    for (ParameterTensor tensor : network.tensors()) {
      tensors.put(
          tensor.name(),
          new Safetensors.Tensor(
              tensor.shape(),
              Arrays.copyOfRange(parameters, tensor.offset(), tensor.offset() + tensor.length())));
    }
    return tensors;
  }

  /**
   * The flat array of named tensors.
   *
   * @param where the file they come from, for messages
   * @throws UserError naming the tensor that is missing or of another shape
   */
  static float[] parameters(
      Network network, Map<String, Safetensors.Tensor> tensors, String where) {
    float[] parameters = new float[network.parameterCount()];
    for (ParameterTensor tensor : network.tensors()) {
      Safetensors.Tensor found = tensors.get(tensor.name());
      if (found == null) {
        throw new UserError("%s has no tensor \"%s\"".formatted(where, tensor.name()));
      }
      if (!found.shape().equals(tensor.shape())) {
        throw new UserError(
            "%s: tensor \"%s\" has shape %s, the network needs %s"
                .formatted(where, tensor.name(), found.shape(), tensor.shape()));
      }
      System.arraycopy(found.numbers(), 0, parameters, tensor.offset(), tensor.length());
    }
    return parameters;
  }

  /**
   * Reads a model.
   *
   * @param path a safetensors file, or a run's folder, whose model it is then
   * @throws UserError naming the file and what is wrong with it
   */
  public static Model read(Path path, Configuration configuration) throws IOException {
    Path file = path;
    try {
      if (Files.fileSystem(path, configuration).getFileStatus(path).isDirectory()) {
        file = new Path(path, FILE);
      }
      return fromBytes(Files.read(file, LARGEST, configuration), file.toString());
    } catch (FileNotFoundException e) {
      throw new UserError(
          "%s is not there: a model is a file %s or the folder of a run that has ended"
              .formatted(file, FILE),
          e);
    }
  }

  /**
   * The inverse of {@link #toBytes()}.
   *
   * @param name the file's, for messages
   * @throws UserError naming the file and what is wrong with it
   */
  public static Model fromBytes(byte[] bytes, String name) {
    Safetensors file = Safetensors.fromBytes(bytes, name);
    try {
      Network network = Network.fromJson(Json.parse(metadata(file, "network")));
      return new Model(
          network,
          Loss.parse(metadata(file, "loss")),
          RecordFormat.fromJson(Json.parse(metadata(file, "record"))),
          Normalization.fromJson(Json.parse(metadata(file, "normalization"))),
          Json.texts(Json.parse(metadata(file, "classes")), "class_names"),
          parameters(network, file.tensors(), name));
    } catch (UserError e) {
      throw e.getMessage() != null && e.getMessage().startsWith(name)
          ? e
          : new UserError("%s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static String metadata(Safetensors file, String key) {
    String text = file.metadata().get(key);
    if (text == null) {
      throw new UserError(
          "\"%s\" is missing from the header's metadata: only models that Minilote wrote can be read"
              .formatted(key));
    }
    return text;
  }

  /** The weights that are trained, without running statistics, for measures in double precision. */
  public double[] trainedWeights() {
    double[] weights = new double[network.trainedCount()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = parameters[i];
    }
    return weights;
  }
}
