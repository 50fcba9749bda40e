package minilote.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;

/**
 * How one record lies in a shard: the target first, then the features, all little-endian, every
 * record of the same length.
 *
 * @param featureType what one feature is
 * @param shape (C, H, W) of an image, channels first, or (n) of a vector
 * @param targetKind what the target is
 * @param targets the number of classes (2..65,536), or of labels or numbers (from 1)
 */
public record RecordFormat(
    FeatureType featureType, List<Integer> shape, TargetKind targetKind, int targets) {
  /** What one record may take; a bound that no sensible example meets, and far from overflow. */
  static final int MAX_RECORD_BYTES = 1 << 28;

  static final int MAX_CLASSES = 1 << 16;

  private static final int CLASS_BYTES = 2;

  /**
   * @throws UserError when a size is out of its range
   */
  public RecordFormat {
    shape = List.copyOf(shape);
    if (shape.size() != 1 && shape.size() != 3) {
      throw new UserError(
          "a record's shape must be (channels, height, width) or (features), not " + shape);
    }
    long features = 1;
    for (int size : shape) {
      if (size < 1) {
        throw new UserError("a record's shape must have sizes of at least 1, not " + shape);
      }
      features = Math.min(features * size, Integer.MAX_VALUE); // no overflow: the bound is below
    }
    int least = targetKind == TargetKind.CLASS ? 2 : 1;
    int most = targetKind == TargetKind.CLASS ? MAX_CLASSES : MAX_RECORD_BYTES;
    if (targets < least || targets > most) {
      throw new UserError(
          "a record needs %s %s, not %d"
              .formatted(
                  targetKind == TargetKind.CLASS ? "2 to 65536" : "at least 1",
                  targetKind == TargetKind.CLASS ? "classes" : targetKind.word(),
                  targets));
    }
    long bytes = bytesOf(targetKind, targets) + features * featureType.size();
    if (bytes > MAX_RECORD_BYTES) {
      throw new UserError(
          "a record of shape %s would take more than %d bytes".formatted(shape, MAX_RECORD_BYTES));
    }
  }

  /** The format of a colour or grey image of bytes with one class. */
  public static RecordFormat image(int channels, int height, int width, int classes) {
    return new RecordFormat(
        FeatureType.BYTES, List.of(channels, height, width), TargetKind.CLASS, classes);
  }

  private static long bytesOf(TargetKind kind, int targets) {
    return switch (kind) {
      case CLASS -> CLASS_BYTES;
      case LABELS -> targets;
      case NUMBERS -> (long) Float.BYTES * targets;
    };
  }

  /** Bytes of the target, with which a record begins. */
  public int targetBytes() {
    return (int) bytesOf(targetKind, targets);
  }

  /** Features of one record: the product of the shape. */
  public int features() {
    int features = 1;
    for (int size : shape) {
      features *= size;
    }
    return features;
  }

  public int featureBytes() {
    return features() * featureType.size();
  }

  public int recordBytes() {
    return targetBytes() + featureBytes();
  }

  public boolean isImage() {
    return shape.size() == 3;
  }

  /** What has statistics of its own: the channels of an image, each feature of a vector. */
  public int channels() {
    return shape.get(0);
  }

  /** The class of the record that begins at {@code recordOffset}. */
  public int label(byte[] data, int recordOffset) {
    if (targetKind != TargetKind.CLASS) {
      throw new IllegalStateException("a target of " + targetKind.word() + " has no class");
    }
    return LittleEndian.getShort(data, recordOffset);
  }

  /** Writes a class where {@link #label} reads it. */
  void setLabel(byte[] data, int recordOffset, int label) {
    LittleEndian.putShort(data, recordOffset, label);
  }

  /**
   * Writes a record's target as the numbers that a network with so many outputs should give.
   *
   * @param to receives {@code outputs} floats from {@code toOffset} on: a class as one-hot, or as
   *     the number 0 or 1 where there are two classes and one output; labels and numbers as they
   *     are
   * @throws UserError when a network with so many outputs cannot answer this target
   */
  public void target(byte[] data, int recordOffset, float[] to, int toOffset, int outputs) {
    checkOutputs(outputs);
    switch (targetKind) {
      case CLASS -> {
        int label = label(data, recordOffset);
        if (outputs == 1) {
          to[toOffset] = label;
        } else {
          Arrays.fill(to, toOffset, toOffset + outputs, 0f);
          to[toOffset + label] = 1f;
        }
      }
      case LABELS -> {
        for (int i = 0; i < targets; i++) {
          to[toOffset + i] = data[recordOffset + i];
        }
      }
      case NUMBERS -> {
        for (int i = 0; i < targets; i++) {
          to[toOffset + i] = LittleEndian.getFloat(data, recordOffset + Float.BYTES * i);
        }
      }
    }
  }

  /**
   * Checks that a network with so many outputs can answer the target.
   *
   * @throws UserError when it cannot, with the units that its last layer needs
   */
  public void checkOutputs(int outputs) {
    boolean oneForTwoClasses = targetKind == TargetKind.CLASS && targets == 2 && outputs == 1;
    if (outputs != targets && !oneForTwoClasses) {
      String what = targetKind == TargetKind.CLASS ? "classes" : targetKind.word();
      throw new UserError(
          "the network has %d outputs, the data set has %d %s: the last layer needs %s%d units"
              .formatted(
                  outputs,
                  targets,
                  what,
                  targetKind == TargetKind.CLASS && targets == 2 ? "1 or " : "",
                  targets));
    }
  }

  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("features", featureType.word());
    ArrayNode sizes = json.putArray("shape");
    shape.forEach(sizes::add);
    json.put("target", targetKind.word());
    json.put("targets", targets);
    return json;
  }

  /**
   * The format that such an object describes.
   *
   * @throws UserError when a member is missing or wrong
   */
  public static RecordFormat fromJson(JsonNode json) {
    FeatureType featureType = Json.word(json, "features", FeatureType.class);
    TargetKind targetKind = Json.word(json, "target", TargetKind.class);
    List<Integer> shape =
        Json.list(json, "shape").stream()
            .map(
                size -> {
                  if (!size.isIntegralNumber() || !size.canConvertToInt()) {
                    throw new UserError("\"shape\" must be a list of whole numbers, not " + size);
                  }
                  return size.intValue();
                })
            .toList();
    int targets = (int) Json.integer(json, "targets", 1, Integer.MAX_VALUE);
    return new RecordFormat(featureType, shape, targetKind, targets);
  }
}
