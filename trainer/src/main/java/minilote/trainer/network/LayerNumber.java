package minilote.trainer.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a layer stands: {@code 3}, or within layer 3 {@code 3.1} or {@code 3.shortcut.1}. Counted
 * from 1.
 *
 * @param text as messages and the names of tensors have it
 * @param keys the same as numbers, by which random numbers are drawn
 */
public record LayerNumber(String text, List<Long> keys) {
  public LayerNumber {
    keys = List.copyOf(keys);
  }

  /** Of a layer of the network. */
  public static LayerNumber of(int number) {
    return new LayerNumber(Integer.toString(number), List.of((long) number));
  }

  /**
   * Of a layer within this one.
   *
   * @param part the number of the list of layers that it is in, from 0
   * @param name of the list; empty where it needs none
   * @param number in the list, from 1
   */
  LayerNumber within(int part, String name, int number) {
    List<Long> inner = new ArrayList<>(keys);
    inner.add((long) part);
    inner.add((long) number);
    return new LayerNumber(text + (name.isEmpty() ? "." : "." + name + ".") + number, inner);
  }

  /** The keys, and behind them others. */
  long[] keysWith(long... behind) {
    long[] all = new long[keys.size() + behind.length];
    for (int i = 0; i < keys.size(); i++) {
      all[i] = keys.get(i);
    }
    System.arraycopy(behind, 0, all, keys.size(), behind.length);
    return all;
  }

  @Override
  public String toString() {
    return text;
  }
}
