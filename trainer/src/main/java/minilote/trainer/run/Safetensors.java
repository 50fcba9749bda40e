package minilote.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Json;
import minilote.datasets.UserError;

/**
 * The safetensors format, for tensors of 32-bit floats: 8 bytes with the length of a header, the
 * header (JSON: for each tensor its type, shape and place; and texts under {@code __metadata__}),
 * then the tensors' numbers, little-endian, row-major, without gaps. Any tool of the field reads
 * it, and reading it runs no code.
 *
 * @param tensors by name, in the order of the file
 * @param metadata texts by name
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
  /** As the format's own library: a longer header is not one. */
  private static final long LONGEST_HEADER = 100_000_000;

  /** A tensor: its shape, and its numbers in row-major order. */
  public record Tensor(List<Integer> shape, float[] numbers) {
    public Tensor {
      shape = List.copyOf(shape);
      if (size(shape) != numbers.length) {
        throw new IllegalArgumentException(
            "a tensor of shape %s has %d numbers, not %d"
                .formatted(shape, size(shape), numbers.length));
      }
    }
  }

  private static long size(List<Integer> shape) {
    long size = 1;
    for (int side : shape) {
      size = Math.multiplyExact(size, (long) side);
    }
    return size;
  }

  /** The file's bytes. */
  public byte[] toBytes() {
    ObjectNode header = Json.object();
    if (!metadata.isEmpty()) {
      ObjectNode texts = header.putObject("__metadata__");
      metadata.forEach(texts::put);
    }
    long end = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      ObjectNode described = header.putObject(entry.getKey());
      described.put("dtype", "F32");
      ArrayNode shape = described.putArray("shape");
      entry.getValue().shape().forEach(shape::add);
      long begin = end;
      end += (long) Float.BYTES * entry.getValue().numbers().length;
      described.putArray("data_offsets").add(begin).add(end);
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    int padding = -text.length & 7; // The numbers begin at a multiple of 8.
    ByteBuffer file =
        ByteBuffer.allocate(Math.toIntExact(Long.BYTES + text.length + padding + end))
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length + padding).put(text);
    for (int i = 0; i < padding; i++) {
      file.put((byte) ' ');
    }
    for (Tensor tensor : tensors.values()) {
      file.asFloatBuffer().put(tensor.numbers());
      file.position(file.position() + Float.BYTES * tensor.numbers().length);
    }
    return file.array();
  }

  /**
   * Reads a file's bytes.
   *
   * @param name the file's, for messages
   * @throws UserError that says what is wrong with it, and at which offset
   */
  public static Safetensors fromBytes(byte[] bytes, String name) {
    if (bytes.length < Long.BYTES) {
      throw new UserError(
          "%s is no safetensors file: it has %d bytes, and the header's length alone takes 8"
              .formatted(name, bytes.length));
    }
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long headerBytes = file.getLong();
    if (headerBytes < 2 || headerBytes > LONGEST_HEADER || headerBytes > file.remaining()) {
      throw new UserError(
          "%s is no safetensors file, or is cut short: the first 8 bytes give a header of %d bytes, %d follow"
              .formatted(name, headerBytes, file.remaining()));
    }
    String text = new String(bytes, Long.BYTES, (int) headerBytes, StandardCharsets.UTF_8);
    file.position(Long.BYTES + (int) headerBytes);
    ByteBuffer numbers = file.slice().order(ByteOrder.LITTLE_ENDIAN);
    try {
      return fromHeader(Json.parse(text), numbers);
    } catch (UserError e) {
      throw new UserError("%s: header at offset 8: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static Safetensors fromHeader(ObjectNode header, ByteBuffer numbers) {
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long covered = 0;
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      String name = entry.getKey();
      if (name.equals("__metadata__")) {
        for (Map.Entry<String, JsonNode> text : entry.getValue().properties()) {
          metadata.put(text.getKey(), Json.text(entry.getValue(), text.getKey()));
        }
        continue;
      }
      try {
        Tensor tensor = tensor(entry.getValue(), numbers);
        covered += (long) Float.BYTES * tensor.numbers().length;
        tensors.put(name, tensor);
      } catch (UserError e) {
        throw new UserError("tensor \"%s\": %s".formatted(name, e.getMessage()), e);
      }
    }
    if (covered != numbers.capacity()) {
      throw new UserError(
          "the tensors take %d bytes, the file has %d for them"
              .formatted(covered, numbers.capacity()));
    }
    return new Safetensors(tensors, metadata);
  }

  private static Tensor tensor(JsonNode described, ByteBuffer numbers) {
    String type = Json.text(described, "dtype");
    if (!type.equals("F32")) {
      throw new UserError("its type is %s, only F32 is read".formatted(type));
    }
    List<Integer> shape = new ArrayList<>();
    long size = 1;
    for (JsonNode side : Json.list(described, "shape")) {
      if (!side.isInt() || side.intValue() < 0) {
        throw new UserError("its shape has a side of %s".formatted(side));
      }
      shape.add(side.intValue());
      size = Math.min(size * side.intValue(), Integer.MAX_VALUE);
    }
    List<JsonNode> offsets = Json.list(described, "data_offsets");
    if (offsets.size() != 2
        || !offsets.get(0).isIntegralNumber()
        || !offsets.get(1).isIntegralNumber()) {
      throw new UserError("its \"data_offsets\" must be two whole numbers");
    }
    long begin = offsets.get(0).longValue();
    long end = offsets.get(1).longValue();
    if (begin < 0 || end > numbers.capacity() || end - begin != size * Float.BYTES) {
      throw new UserError(
          "shape %s and offsets %d to %d do not fit each other and the %d bytes of the file"
              .formatted(shape, begin, end, numbers.capacity()));
    }
    float[] values = new float[(int) size];
    numbers
        .slice((int) begin, (int) (end - begin))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return new Tensor(shape, values);
  }
}
