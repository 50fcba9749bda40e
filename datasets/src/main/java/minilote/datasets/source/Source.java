package minilote.datasets.source;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.RecordFormat;

/** A data set before it is prepared. */
public interface Source {
  /** What the source holds; known before its records are read. */
  Description description();

  /**
   * Opens a split from its beginning; may be called again.
   *
   * @param split one of the description's splits
   */
  Records open(String split) throws IOException;

  /** Records of one split, one after the other. */
  interface Records extends Closeable {
    /**
     * Writes the next record from the beginning of {@code record} on.
     *
     * @param record at least {@code format.recordBytes()} bytes
     * @return whether there was one
     * @throws minilote.datasets.UserError naming file and place when the record is wrong
     */
    boolean read(byte[] record) throws IOException;
  }

  /**
   * What a source holds.
   *
   * @param name of the data set
   * @param format of its records
   * @param classNames of its targets; may be empty
   * @param examples of each split, the training split first
   * @param origin where the examples come from
   * @param licence what is known of their licence; may be empty
   */
  record Description(
      String name,
      RecordFormat format,
      List<String> classNames,
      Map<String, Long> examples,
      String origin,
      String licence) {
    public Description {
      classNames = List.copyOf(classNames);
      examples = Collections.unmodifiableMap(new LinkedHashMap<>(examples));
    }
  }
}
