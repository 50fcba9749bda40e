package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import minilote.datasets.ProgressListener;

/**
 * Networks of several widths, of each as many as there are seeds.
 *
 * @param widths how many hidden units
 * @param networks a list for each width, with one for each seed
 */
record FittedWidths(List<Integer> widths, List<List<FittedNetwork>> networks) {
  /** Lets a network learn. */
  @FunctionalInterface
  interface Learner {
    FittedNetwork learn(int width, int seed);
  }

  /** Lets all of them learn, side by side. */
  static FittedWidths of(
      List<Integer> widths, int seeds, String phase, ProgressListener progress, Learner learner) {
    int all = widths.size() * seeds;
    AtomicInteger done = new AtomicInteger();
    progress.progress(phase, 0, all);
    IntFunction<FittedNetwork> one =
        i -> {
          FittedNetwork network = learner.learn(widths.get(i / seeds), i % seeds);
          synchronized (done) {
            progress.progress(phase, done.incrementAndGet(), all);
          }
          return network;
        };
    List<FittedNetwork> fitted = IntStream.range(0, all).parallel().mapToObj(one).toList();
    List<List<FittedNetwork>> networks = new ArrayList<>();
    for (int i = 0; i < widths.size(); i++) {
      networks.add(List.copyOf(fitted.subList(i * seeds, (i + 1) * seeds)));
    }
    return new FittedWidths(List.copyOf(widths), networks);
  }

  /** A figure of each network, sorted within each width. */
  Figures figures(ToDoubleFunction<FittedNetwork> figure) {
    return new Figures(
        networks.stream().map(of -> of.stream().mapToDouble(figure).sorted().toArray()).toList());
  }

  /** Of a width, the network whose figure is the median. */
  FittedNetwork median(int width, ToDoubleFunction<FittedNetwork> figure) {
    List<FittedNetwork> sorted = sorted(width, figure);
    return sorted.get(sorted.size() / 2);
  }

  /** Of a width, the network whose figure is least. */
  FittedNetwork best(int width, ToDoubleFunction<FittedNetwork> figure) {
    return sorted(width, figure).get(0);
  }

  private List<FittedNetwork> sorted(int width, ToDoubleFunction<FittedNetwork> figure) {
    List<FittedNetwork> of = networks.get(widths.indexOf(width));
    double[] figures = of.stream().mapToDouble(figure).toArray(); // each once: they take time
    return IntStream.range(0, figures.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> figures[i]))
        .map(of::get)
        .toList();
  }

  double[] across() {
    return widths.stream().mapToDouble(Integer::doubleValue).toArray();
  }

  /**
   * A figure of all networks.
   *
   * @param sorted a list for each width
   */
  record Figures(List<double[]> sorted) {
    double[] medians() {
      return sorted.stream().mapToDouble(of -> of[of.length / 2]).toArray();
    }

    double[] least() {
      return sorted.stream().mapToDouble(of -> of[0]).toArray();
    }

    double[] greatest() {
      return sorted.stream().mapToDouble(of -> of[of.length - 1]).toArray();
    }

    /** Whether each median is below the one before. */
    boolean falls() {
      double[] medians = medians();
      return IntStream.range(1, medians.length).allMatch(i -> medians[i] < medians[i - 1]);
    }

    /** At which width the median is least. */
    int best() {
      double[] medians = medians();
      double least = Arrays.stream(medians).min().orElseThrow();
      return IntStream.range(0, medians.length)
          .filter(i -> medians[i] == least)
          .findFirst()
          .orElseThrow();
    }
  }
}
