package minilote.driver.report;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis of things that are no numbers: the first one lies at 0, the next one at 1, each in the
 * middle of as much room as the others have.
 *
 * @param names what is written, at least one
 */
record NamedAxis(List<String> names) implements Axis {
  /** Characters that find room across a chart. */
  private static final int ROOM = 54;

  NamedAxis {
    names = List.copyOf(names);
  }

  @Override
  public double place(double value) {
    return (value + 0.5) / names.size();
  }

  @Override
  public List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      ticks.add((double) i);
    }
    return ticks;
  }

  @Override
  public String label(double tick) {
    String name = names.get((int) tick);
    int most = Math.max(2, ROOM / names.size());
    return name.codePointCount(0, name.length()) <= most
        ? name
        : name.substring(0, name.offsetByCodePoints(0, most - 1)) + "…";
  }
}
