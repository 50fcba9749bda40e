package minilote.driver.lesson;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import minilote.datasets.Dataset;
import minilote.datasets.Normalization;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;

/**
 * How fast the layers of a deep network learn, with the networks, weights and examples of Nielsen,
 * <i>Neural Networks and Deep Learning</i>, chapter 5: before training over many seeds, and while
 * it is trained; with ReLU and ELU beside sigmoid.
 */
final class VanishingGradient implements Lesson {
  private static final int EXAMPLES = 1000;
  private static final int UNITS = 30;
  private static final int SEEDS = 20;
  private static final int STEPS = 500;
  private static final double RATE = 0.1;

  /** λ as Nielsen means it: weights shrink by ηλ/n in a step. */
  private static final double DECAY = 5;

  private static final int DEEPEST = 4;
  private static final int POINTS = 250;

  /** What has not come below this share of the loss of a constant answer has learned little. */
  private static final double NEAR_CONSTANT = 0.95;

  private static final double LEAST_RATIO = 3.8;
  private static final double MOST_RATIO = 6.6;
  private static final Initialization INITIALIZATION = Initialization.parse("normal+biases");

  /** As published, of 2, 3 and 4 hidden layers. */
  private static final List<String> NIELSEN =
      List.of("", "0.07, 0.31", "0.012, 0.060, 0.283", "0.003, 0.017, 0.070, 0.285");

  private final int steps;

  VanishingGradient() {
    this(STEPS);
  }

  /** With another number of steps, for a test. */
  VanishingGradient(int steps) {
    this.steps = steps;
  }

  /** A network that is looked at: so many hidden layers of such units. */
  record Depth(String activation, int hidden) {
    /** By which findings know it. */
    String name() {
      return activation + "-" + hidden;
    }

    Network network(int inputs, int outputs) {
      return Network.of(
          NetworkDescription.parse(
              "dense %d %s, ".formatted(UNITS, activation).repeat(hidden)
                  + "dense %d sigmoid".formatted(outputs)),
          List.of(inputs));
    }
  }

  /** Of one network: over seeds before training, and along the training with the first seed. */
  private record Looked(Depth depth, List<LayerSpeeds.Seen> seeds, List<LayerSpeeds.Seen> course) {
    boolean alwaysGrows() {
      return growing() == seeds.size();
    }

    long growing() {
      return seeds.stream().filter(LayerSpeeds.Seen::grows).count();
    }

    double medianSpeed(int layer) {
      return median(seeds.stream().mapToDouble(seen -> seen.speed()[layer]).toArray());
    }

    /** Of neighbours among hidden layers, the later over the earlier, in each seed. */
    double[] ratios() {
      return seeds.stream()
          .flatMapToDouble(
              seen ->
                  IntStream.range(1, depth.hidden())
                      .mapToDouble(l -> seen.speed()[l] / seen.speed()[l - 1]))
          .toArray();
    }
  }

  private static final List<Depth> DEPTHS =
      List.of(
          new Depth("sigmoid", 1),
          new Depth("sigmoid", 2),
          new Depth("sigmoid", 3),
          new Depth("sigmoid", DEEPEST),
          new Depth("relu", DEEPEST),
          new Depth("elu", DEEPEST));

  @Override
  public String name() {
    return "vanishing-gradient";
  }

  @Override
  public Set<LessonOption> options() {
    return Set.of(LessonOption.DATA);
  }

  @Override
  public Findings work(Classroom room, LessonText text) throws IOException {
    LessonData.Found found = room.data().first("mnist", "fashion-mnist");
    Dataset dataset = found.dataset();
    Pictures.requireTraining(found);
    int rows = (int) Math.min(EXAMPLES, dataset.split(Dataset.TRAIN).examples());
    Examples examples = examples(room, found, rows);
    List<Looked> looked = look(room, examples, text);
    Findings findings = new Findings();
    findings
        .word("data", dataset.name())
        .flag("mnist", dataset.name().equals("mnist"))
        .count("examples", rows)
        .count("seeds", SEEDS)
        .count("steps", steps)
        .number("rate", RATE, String.valueOf(RATE))
        .number("decay", DECAY, String.valueOf(Math.round(DECAY)));
    before(looked, findings, text);
    after(looked, findings, text);
    double constant = examples.lossOfConstant();
    double deepest = findings.number("loss-sigmoid-" + DEEPEST);
    findings
        .number("constant-loss", constant, String.format(Locale.ROOT, "%.3f", constant))
        .flag("stuck", deepest > NEAR_CONSTANT * constant);
    return findings;
  }

  /**
   * What all networks see.
   *
   * @param x rows × inputs
   * @param y rows × outputs
   */
  @SuppressWarnings("ArrayRecordComponent") // Not compared.
  private record Examples(float[] x, float[] y, int inputs, int outputs, int rows) {
    /** The mean loss of a network that answers everything with the shares of the classes. */
    double lossOfConstant() {
      double sum = 0;
      for (int k = 0; k < outputs; k++) {
        double share = 0;
        for (int row = 0; row < rows; row++) {
          share += y[row * outputs + k] / rows;
        }
        sum += share > 0 ? entropy(share) + entropy(1 - share) : 0;
      }
      return sum;
    }

    private static double entropy(double share) {
      return share > 0 ? -share * Math.log(share) : 0;
    }
  }

  private static Examples examples(Classroom room, LessonData.Found found, int rows)
      throws IOException {
    int inputs = found.dataset().format().features();
    int outputs = found.dataset().format().targets();
    Normalization bytesOver255 = Normalization.of(Normalization.NONE, found.dataset());
    try (RowReader reader = new RowReader(found, bytesOver255, rows, room.hadoop());
        BackPropagation filled =
            new BackPropagation(
                DEPTHS.get(0).network(inputs, outputs),
                Loss.BINARY_CROSS_ENTROPY,
                EngineKind.PORTABLE.create(),
                rows)) {
      reader.next(filled, outputs, rows);
      return new Examples(
          Arrays.copyOf(filled.inputs(), rows * inputs),
          Arrays.copyOf(filled.targets(), rows * outputs),
          inputs,
          outputs,
          rows);
    }
  }

  private List<Looked> look(Classroom room, Examples examples, LessonText text) {
    AtomicLong done = new AtomicLong();
    long all = (long) DEPTHS.size() * steps;
    Runnable stepDone =
        () -> room.progress().progress(text.word("steps"), done.incrementAndGet(), all);
    // Side by side: each network has an engine of its own, and its bits do not depend on others.
    return DEPTHS.parallelStream()
        .map(depth -> look(depth, examples, room.seed(), stepDone))
        .toList();
  }

  private Looked look(Depth depth, Examples examples, long seed, Runnable stepDone) {
    Network network = depth.network(examples.inputs(), examples.outputs());
    List<LayerSpeeds.Seen> seeds = new ArrayList<>();
    try (LayerSpeeds speeds =
        new LayerSpeeds(
            network, Loss.BINARY_CROSS_ENTROPY, examples.x(), examples.y(), examples.rows())) {
      for (int i = 0; i < SEEDS; i++) {
        seeds.add(speeds.at(network.initialize(INITIALIZATION, seed + i)));
      }
      return new Looked(
          depth,
          seeds,
          speeds.train(
              network.initialize(INITIALIZATION, seed),
              OptimizerSettings.of(UpdateRule.SGD).withWeightDecay(DECAY / examples.rows()),
              RATE,
              steps,
              stepDone));
    }
  }

  // ---- before training

  private static void before(List<Looked> looked, Findings findings, LessonText text) {
    LessonTable table =
        LessonTable.of(
            text.word("hidden"),
            text.word("speeds"),
            text.word("published"),
            text.word("ratio"),
            text.word("growing"));
    LessonTable others =
        LessonTable.of(
            text.word("network"), text.word("speeds"), text.word("ratio"), text.word("growing"));
    List<Series> series = new ArrayList<>();
    List<Series> depths = new ArrayList<>();
    boolean always = true;
    double[] ratios = {};
    for (Looked of : looked) {
      Depth depth = of.depth();
      boolean deep = depth.hidden() > 1;
      double[] own = of.ratios();
      String ratio = deep ? String.format(Locale.ROOT, "%.1f", median(own)) : "";
      String growing = deep ? "%d/%d".formatted(of.growing(), SEEDS) : "";
      String speeds =
          IntStream.range(0, depth.hidden())
              .mapToObj(l -> String.format(Locale.ROOT, "%.3f", of.medianSpeed(l)))
              .collect(Collectors.joining(", "));
      for (int l = 0; l < depth.hidden(); l++) {
        findings.number("speed-%s-%d".formatted(depth.name(), l + 1), of.medianSpeed(l));
      }
      if (deep) {
        findings.number("ratio-" + depth.name(), median(own), ratio);
      }
      if (depth.activation().equals("sigmoid")) {
        table =
            table.with(
                String.valueOf(depth.hidden()),
                speeds,
                NIELSEN.get(depth.hidden() - 1),
                ratio,
                growing);
        depths.add(overLayers(of, String.valueOf(depth.hidden()), depths.size()));
        if (deep) {
          always &= of.alwaysGrows();
          ratios = DoubleStream.concat(DoubleStream.of(ratios), DoubleStream.of(own)).toArray();
        }
      }
      if (depth.hidden() == DEEPEST) {
        others = others.with(depth.activation(), speeds, ratio, growing);
        series.add(overLayers(of, depth.activation(), series.size()));
      }
    }
    double ratio = median(ratios);
    findings
        .table("before", table)
        .table("others", others)
        .flag("always", always)
        .number("ratio", ratio, String.format(Locale.ROOT, "%.2f", ratio))
        .flag("in-band", ratio >= LEAST_RATIO && ratio <= MOST_RATIO)
        .drawing("before-depths", overLayers(text.word("depths-title"), depths, text))
        .drawing("before-units", overLayers(text.word("units-title"), series, text));
  }

  private static Chart overLayers(String title, List<Series> series, LessonText text) {
    return new Chart(title, text.word("layer"), Scale.COUNTING, Scale.LOG, "", series);
  }

  /** The median over the seeds, with all of them as an area. */
  private static Series overLayers(Looked of, String name, int index) {
    int hidden = of.depth().hidden();
    double[] low = new double[hidden];
    double[] high = new double[hidden];
    for (int l = 0; l < hidden; l++) {
      int layer = l;
      low[l] = of.seeds().stream().mapToDouble(s -> s.speed()[layer]).min().orElseThrow();
      high[l] = of.seeds().stream().mapToDouble(s -> s.speed()[layer]).max().orElseThrow();
    }
    return Series.line(
            name,
            Styles.of(index),
            Mark.of(index),
            IntStream.rangeClosed(1, hidden).asDoubleStream().toArray(),
            IntStream.range(0, hidden).mapToDouble(of::medianSpeed).toArray())
        .withBand(low, high);
  }

  // ---- while it is trained

  private void after(List<Looked> looked, Findings findings, LessonText text) {
    LessonTable table =
        LessonTable.of(
            text.word("network"),
            text.word("hidden"),
            text.word("loss-before"),
            text.word("loss-after"),
            text.word("behind-before"),
            text.word("behind-after"));
    for (Looked of : looked) {
      Depth depth = of.depth();
      List<LayerSpeeds.Seen> course = of.course();
      LayerSpeeds.Seen first = course.get(0);
      LayerSpeeds.Seen last = course.get(course.size() - 1);
      table =
          table.with(
              depth.activation(),
              String.valueOf(depth.hidden()),
              String.format(Locale.ROOT, "%.3f", first.loss()),
              String.format(Locale.ROOT, "%.3f", last.loss()),
              behind(first),
              behind(last));
      findings.number("loss-" + depth.name(), last.loss());
      for (int l = 0; l < depth.hidden(); l++) {
        findings.number("end-%s-%d".formatted(depth.name(), l + 1), last.speed()[l]);
        findings.number("end-gradient-%s-%d".formatted(depth.name(), l + 1), last.gradient()[l]);
      }
      findings.drawing("speeds-" + depth.name(), course(of, false, text.word("speed-title"), text));
      if (depth.hidden() == DEEPEST && depth.activation().equals("sigmoid")) {
        findings.drawing(
            "gradients-" + depth.name(), course(of, true, text.word("gradient-title"), text));
        long behind =
            course.stream().filter(seen -> seen.speed()[0] < seen.speed()[DEEPEST - 1]).count();
        findings.share("slow-share", (double) behind / course.size());
      }
    }
    findings.table("after", table);
  }

  /** How many times as fast as the first hidden layer the last one is. */
  private static String behind(LayerSpeeds.Seen seen) {
    int last = seen.speed().length - 2;
    return last == 0
        ? ""
        : String.format(Locale.ROOT, "%.1f", seen.speed()[last] / seen.speed()[0]);
  }

  private static Chart course(Looked of, boolean gradients, String title, LessonText text) {
    int stride = Math.max(1, of.course().size() / POINTS);
    int[] at = IntStream.range(0, of.course().size()).filter(i -> i % stride == 0).toArray();
    List<Series> series = new ArrayList<>();
    for (int l = 0; l < of.depth().hidden(); l++) {
      int layer = l;
      series.add(
          Series.line(
              "%s %d".formatted(text.word("layer"), l + 1),
              Styles.of(l),
              Mark.of(l),
              Arrays.stream(at).asDoubleStream().toArray(),
              Arrays.stream(at)
                  .mapToObj(of.course()::get)
                  .mapToDouble(seen -> (gradients ? seen.gradient() : seen.speed())[layer])
                  .toArray()));
    }
    return new Chart(
        "%s: %d × %s".formatted(title, of.depth().hidden(), of.depth().activation()),
        text.word("step"),
        Scale.COUNTING,
        Scale.LOG,
        "",
        series);
  }

  private static double median(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length == 0
        ? Double.NaN
        : sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
