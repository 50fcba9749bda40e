package minilote.datasets.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.FeatureType;
import minilote.datasets.LittleEndian;
import minilote.datasets.RecordFormat;
import minilote.datasets.TargetKind;

/** Reads whole splits for comparison. */
final class Read {
  private Read() {}

  static List<byte[]> all(Source source, String split) throws IOException {
    List<byte[]> records = new ArrayList<>();
    int bytes = source.description().format().recordBytes();
    try (Source.Records in = source.open(split)) {
      byte[] record = new byte[bytes];
      while (in.read(record)) {
        records.add(record.clone());
      }
    }
    return records;
  }

  static List<Integer> labels(Source source, String split) throws IOException {
    RecordFormat format = source.description().format();
    return all(source, split).stream().map(record -> format.label(record, 0)).toList();
  }

  /** Each record as text: the target, a bar, the features. */
  static List<String> texts(Source source, String split) throws IOException {
    RecordFormat format = source.description().format();
    return all(source, split).stream().map(record -> text(format, record)).toList();
  }

  private static String text(RecordFormat format, byte[] record) {
    List<String> target = new ArrayList<>();
    if (format.targetKind() == TargetKind.CLASS) {
      target.add(Integer.toString(format.label(record, 0)));
    } else {
      float[] values = new float[format.targets()];
      format.target(record, 0, values, 0, values.length);
      for (float value : values) {
        target.add(number(value));
      }
    }
    List<String> features = new ArrayList<>();
    for (int i = 0; i < format.features(); i++) {
      features.add(
          format.featureType() == FeatureType.BYTES
              ? Integer.toString(record[format.targetBytes() + i] & 0xff)
              : number(LittleEndian.getFloat(record, format.targetBytes() + Float.BYTES * i)));
    }
    return String.join(" ", target) + " | " + String.join(" ", features);
  }

  private static String number(float value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? Integer.toString((int) value)
        : Float.toString(value);
  }
}
