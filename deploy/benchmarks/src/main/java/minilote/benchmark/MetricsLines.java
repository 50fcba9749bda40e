package minilote.benchmark;

import java.util.List;
import minilote.trainer.run.Metrics;

/** What the lines of a run's {@code metrics.jsonl} tell of its speed and of its steps. */
final class MetricsLines {
  private MetricsLines() {}

  /**
   * Examples a second over the epochs that began after the warm-up; over the last one where all
   * began before its end.
   *
   * @param lines one an epoch
   */
  static Outcome rate(List<Metrics> lines, double warmUpSeconds) {
    int first = 1;
    while (first < lines.size() - 1 && lines.get(first - 1).seconds() < warmUpSeconds) {
      first++;
    }
    double seconds = 0;
    for (int i = first; i < lines.size(); i++) {
      seconds += examples(lines, i) / lines.get(i).examplesPerSecond();
    }
    Metrics before = lines.get(first - 1);
    Metrics last = lines.get(lines.size() - 1);
    double examples = last.examples() - before.examples();
    return new Outcome(
        examples / seconds, examples / (last.seconds() - before.seconds()), 0, new double[0], "");
  }

  private static double examples(List<Metrics> lines, int i) {
    return lines.get(i).examples() - lines.get(i - 1).examples();
  }

  /** A rough rate from a run with a line a step. */
  static double rateOfSecondHalf(List<Metrics> lines) {
    Metrics middle = lines.get(lines.size() / 2);
    Metrics last = lines.get(lines.size() - 1);
    return (last.examples() - middle.examples()) / (last.seconds() - middle.seconds());
  }

  /**
   * The mean loss of each step's batch, from lines that hold the mean over their epoch so far.
   *
   * @param lines one a step
   */
  static double[] lossesOfSteps(List<Metrics> lines, int batch) {
    double[] losses = new double[lines.size()];
    double sum = 0;
    long before = 0;
    long examples = 0; // of the epoch so far
    for (int i = 0; i < losses.length; i++) {
      Metrics line = lines.get(i);
      if (i > 0 && lines.get(i - 1).epochEnd()) {
        sum = 0;
        examples = 0;
      }
      long count = line.examples() - before;
      if (count < 1 || count > batch) {
        throw new IllegalStateException(
            "line %d of the metrics is of %d examples and not of a batch of %d"
                .formatted(i + 1, count, batch));
      }
      examples += count;
      losses[i] = (line.trainLoss() * examples - sum) / count;
      sum = line.trainLoss() * examples;
      before = line.examples();
    }
    return losses;
  }
}
