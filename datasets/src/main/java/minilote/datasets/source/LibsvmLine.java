package minilote.datasets.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import minilote.datasets.UserError;

/**
 * One line of a LIBSVM file, taken apart: {@code label[,label…] index:value index:value … #
 * comment}, with indices from 1 that grow along the line. Reused from line to line.
 */
final class LibsvmLine {
  // Dense records are made of these lines: an index beyond this could never be one of theirs.
  private static final int MAX_INDEX = 1 << 26;

  private final List<String> labels = new ArrayList<>();
  private int labelColumn;
  private int[] indices = new int[64];
  private float[] values = new float[64];
  private int size;

  /**
   * Takes a line apart.
   *
   * @return false for a line that is blank or only a comment
   * @throws UserError naming line and column of what is wrong
   */
  boolean parse(String text, TextLines place) {
    labels.clear();
    size = 0;
    int comment = text.indexOf('#');
    int end = comment < 0 ? text.length() : comment;
    int at = skipBlanks(text, 0, end);
    if (at == end) {
      return false;
    }
    labelColumn = at;
    int wordEnd = wordEnd(text, at, end);
    // A line of no labels, which multi-label files have, begins with a blank or its first feature.
    if (at == 0 && text.substring(at, wordEnd).indexOf(':') < 0) {
      for (String label : text.substring(at, wordEnd).split(",", -1)) {
        FloatText.parse(label, () -> "the label in " + place.place(0));
        labels.add(label);
      }
      at = skipBlanks(text, wordEnd, end);
    } else if (text.substring(at, wordEnd).indexOf(':') < 0) {
      throw new UserError(
          "%s is \"%s\" where a feature needs index:value"
              .formatted(place.place(at), FloatText.shortened(text.substring(at, wordEnd))));
    }
    while (at < end) {
      wordEnd = wordEnd(text, at, end);
      feature(text, at, wordEnd, place);
      at = skipBlanks(text, wordEnd, end);
    }
    return true;
  }

  private void feature(String text, int at, int end, TextLines place) {
    int colon = text.indexOf(':', at);
    if (colon < 0 || colon >= end) {
      throw new UserError(
          "%s is \"%s\" where a feature needs index:value"
              .formatted(place.place(at), FloatText.shortened(text.substring(at, end))));
    }
    int index = index(text, at, colon);
    if (index < 0) {
      throw new UserError(
          "%s has the index \"%s\", it must be a whole number from 1 to %d"
              .formatted(
                  place.place(at), FloatText.shortened(text.substring(at, colon)), MAX_INDEX));
    }
    if (index == 0) {
      throw new UserError(place.place(at) + " has the index 0, but LIBSVM's indices begin with 1");
    }
    if (size > 0 && index <= indices[size - 1]) {
      throw new UserError(
          "%s has the index %d after %d, but the indices of a line must grow"
              .formatted(place.place(at), index, indices[size - 1]));
    }
    if (size == indices.length) {
      indices = Arrays.copyOf(indices, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    indices[size] = index;
    values[size] = FloatText.parse(text.substring(colon + 1, end), () -> place.place(colon + 1));
    size++;
  }

  /** The number that the digits from {@code at} on are; −1 when they are none, or too large. */
  private static int index(String text, int at, int end) {
    int index = 0;
    for (int i = at; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      index = 10 * index + digit;
      if (index > MAX_INDEX) {
        return -1;
      }
    }
    return at == end ? -1 : index;
  }

  private static int skipBlanks(String text, int at, int end) {
    int next = at;
    while (next < end && isBlank(text.charAt(next))) {
      next++;
    }
    return next;
  }

  private static int wordEnd(String text, int at, int end) {
    int next = at;
    while (next < end && !isBlank(text.charAt(next))) {
      next++;
    }
    return next;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** The labels as written; none on a line that begins with a blank or a feature. */
  List<String> labels() {
    return labels;
  }

  int labelColumn() {
    return labelColumn;
  }

  int size() {
    return size;
  }

  /** The index, from 1, of a line's i-th feature. */
  int index(int i) {
    return indices[i];
  }

  float value(int i) {
    return values[i];
  }

  int lastIndex() {
    return size == 0 ? 0 : indices[size - 1];
  }
}
