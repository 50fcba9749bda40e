package minilote.datasets.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Numbers classes from 0: in numerical order when every one is a number ("-1", "+1" become 0, 1; so
 * 0..k−1 stay what they are), otherwise in the order of their texts.
 */
final class ClassTable {
  private final TreeMap<String, Integer> byText = new TreeMap<>();
  private final TreeMap<Double, Integer> byNumber = new TreeMap<>();
  private boolean numeric = true;

  /** Takes note of a class, before {@link #number()}. */
  void add(String text) {
    if (byText.put(text, -1) == null && numeric) {
      if (FloatText.isNumber(text)) {
        byNumber.put(valueOf(text), -1);
      } else {
        numeric = false;
        byNumber.clear();
      }
    }
  }

  /** Whether every class is a number. */
  boolean numeric() {
    return numeric;
  }

  /** A class that is a number, but no whole one; null where there is none, or a class is a text. */
  @Nullable String fraction() {
    return numeric
        ? byNumber.keySet().stream()
            .filter(value -> value != Math.rint(value))
            .findFirst()
            .map(String::valueOf)
            .orElse(null)
        : null;
  }

  int size() {
    return numeric ? byNumber.size() : byText.size();
  }

  /** Fixes the numbers of all classes noted so far. */
  void number() {
    number(byText);
    number(byNumber);
  }

  private static <K> void number(Map<K, Integer> classes) {
    int next = 0;
    for (Map.Entry<K, Integer> entry : classes.entrySet()) {
      entry.setValue(next++);
    }
  }

  /** The number of a class; null when it was not noted. */
  @Nullable Integer indexOf(String text) {
    if (!numeric) {
      return byText.get(text);
    }
    return FloatText.isNumber(text) ? byNumber.get(valueOf(text)) : null;
  }

  List<String> names() {
    if (!numeric) {
      return List.copyOf(byText.keySet());
    }
    List<String> names = new ArrayList<>();
    for (double value : byNumber.keySet()) {
      boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
      names.add(whole ? Long.toString((long) value) : Double.toString(value));
    }
    return names;
  }

  private static double valueOf(String text) {
    return Double.parseDouble(text) + 0.0; // −0 is 0
  }
}
