package minilote.driver.lesson;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import minilote.datasets.Dataset;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Series;
import minilote.driver.report.Words;
import minilote.trainer.run.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * Training and validation side by side, epoch by epoch: of few examples and of many, with and
 * without remedies, and of labels that mean nothing.
 */
final class GeneralizationGap implements Lesson {
  /** Far fewer than the network has parameters. */
  private static final int FEW = 500;

  private static final int EPOCHS = 20;

  /** As many examples over all epochs where there are many of them. */
  private static final int EXAMPLES = 180_000;

  private static final int FEWEST_EPOCHS = 6;
  private static final int UNITS = 256;
  private static final double MANY = 0.1; // set apart for validation
  private static final int PATIENCE = 3;

  /** Below it, a network has learned; from the other one on, it has memorized. */
  private static final double SMALL = 0.05;

  private static final double LARGE = 0.15;
  private static final double PERCENT = 100;

  /** Enough decimals that the share of so many examples is a whole number of them, rounded down. */
  private static final int DECIMALS = 12;

  @Override
  public String name() {
    return "generalization-gap";
  }

  @Override
  public Set<LessonOption> options() {
    return EnumSet.of(LessonOption.DATA);
  }

  @Override
  public boolean onSpark() {
    return true;
  }

  @Override
  public Findings work(Classroom room, LessonText text) throws IOException {
    LessonData.Found found = room.data().first("fashion-mnist", "mnist", "cifar-10");
    Pictures.requirePictures(found);
    Map<String, LessonRun> runs = runs(room, found, text);
    Findings findings = new Findings();
    LessonRun few = run(runs, "few");
    findings.word("data", found.dataset().name());
    findings.flag("sample", found.isSample());
    findings.word("network", few.model().network().description().toWords());
    findings.count("parameters", few.model().network().trainedCount());
    findings.count("examples-of-few", few.setup().validation().trainingExamples());
    findings.count("examples-of-many", run(runs, "many").setup().validation().trainingExamples());
    findings.count("epochs-of-many", run(runs, "many").result().epochs());
    findings.count("epochs-of-few", few.result().epochs());
    findings.count("epochs-of-few-helped", run(runs, "few-helped").result().epochs());
    findings.word(
        "helped-network", run(runs, "few-helped").model().network().description().toWords());
    findings.share("chance", 1.0 / found.dataset().format().targets());
    findings.number("small", SMALL, "%.0f".formatted(PERCENT * SMALL));
    findings.number("large", LARGE, "%.0f".formatted(PERCENT * LARGE));
    findings.table("accuracies", accuracies(runs, text));
    findings.table("losses", losses(runs, text));
    runs.forEach((name, run) -> tell(findings, name, run));
    compare(findings, runs);
    draw(findings, runs, text);
    return findings;
  }

  private static LessonRun run(Map<String, LessonRun> runs, String name) {
    LessonRun run = runs.get(name);
    if (run == null) {
      throw new IllegalArgumentException(name);
    }
    return run;
  }

  private static Map<String, LessonRun> runs(
      Classroom room, LessonData.Found found, LessonText text) throws IOException {
    long all = found.dataset().split(Dataset.TRAIN).examples();
    int classes = found.dataset().format().targets();
    String few = allBut(Math.min(FEW, all / 2), all);
    long many = all - (long) (MANY * all);
    long epochs = Math.max(FEWEST_EPOCHS, Math.min(EPOCHS, Math.round((double) EXAMPLES / many)));
    String plain = "dense %d relu, dense %d softmax".formatted(UNITS, classes);
    String helped =
        "dropout 0.2, dense %d relu, dropout 0.5, dense %d softmax".formatted(UNITS, classes);
    String[] remedies = {
      RunSettings.WEIGHT_DECAY, "0.001", RunSettings.PATIENCE, String.valueOf(PATIENCE)
    };
    Map<String, LessonRun> runs = new LinkedHashMap<>();
    Trainer trainer = new Trainer(room, found, text, runs);
    trainer.train("few", plain, few, EPOCHS);
    trainer.train("many", plain, String.valueOf(MANY), epochs);
    trainer.train("few-helped", helped, few, EPOCHS, remedies);
    trainer.train("many-helped", helped, String.valueOf(MANY), epochs, remedies);
    trainer.train("random", plain, few, EPOCHS, RunSettings.RANDOM_LABELS, "1");
    return runs;
  }

  /** The share of all that leaves so many for training. */
  static String allBut(long left, long all) {
    return BigDecimal.valueOf(all - left)
        .divide(BigDecimal.valueOf(all), DECIMALS, RoundingMode.CEILING)
        .stripTrailingZeros()
        .toPlainString();
  }

  /** Trains one after the other. */
  private record Trainer(
      Classroom room, LessonData.Found found, LessonText text, Map<String, LessonRun> runs) {
    void train(String name, String network, String validation, long epochs, String... more)
        throws IOException {
      Map<String, String> options = new LinkedHashMap<>();
      options.put(RunSettings.DATA, found.folder());
      options.put(RunSettings.NETWORK, network);
      options.put(RunSettings.BATCH, "32");
      options.put(RunSettings.EPOCHS, String.valueOf(epochs));
      options.put(RunSettings.OPTIMIZER, "adam");
      options.put(RunSettings.LEARNING_RATE, "0.001");
      options.put(RunSettings.VALIDATION, validation);
      options.put(RunSettings.SEED, String.valueOf(room.seed()));
      for (int i = 0; i < more.length; i += 2) {
        options.put(more[i], more[i + 1]);
      }
      runs.put(name, LessonRun.of(room, options, text.word("training") + ": " + text.word(name)));
    }
  }

  private static double gap(LessonRun run) {
    return run.trainingAccuracy() - run.validationAccuracy();
  }

  private static LessonTable accuracies(Map<String, LessonRun> runs, LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    runs.forEach(
        (name, run) ->
            rows.add(
                List.of(
                    text.word(name),
                    String.format(Locale.ROOT, "%,d", run.setup().validation().trainingExamples()),
                    Words.percent(run.trainingAccuracy()),
                    Words.percent(run.validationAccuracy()),
                    points(gap(run)),
                    text.word(verdict(run)))));
    return new LessonTable(
        List.of(
            text.word("run"),
            text.word("examples"),
            text.word("of-training-short"),
            text.word("of-validation"),
            text.word("gap"),
            text.word("verdict")),
        rows);
  }

  private static String verdict(LessonRun run) {
    return gap(run) < SMALL ? "learned" : gap(run) < LARGE ? "partly" : "memorized";
  }

  private static LessonTable losses(Map<String, LessonRun> runs, LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    runs.forEach(
        (name, run) ->
            rows.add(
                List.of(
                    text.word(name),
                    Words.number(run.result().train().loss()),
                    run.result().validation() == null
                        ? "–"
                        : Words.number(run.result().validation().loss()))));
    return new LessonTable(
        List.of(text.word("run"), text.word("of-training"), text.word("of-validation")), rows);
  }

  private static void tell(Findings findings, String name, LessonRun run) {
    findings.share(name + "-training", run.trainingAccuracy());
    findings.share(name + "-validation", run.validationAccuracy());
    findings.number(name + "-gap", gap(run), points(gap(run)));
    findings.flag(name + "-learned", verdict(run).equals("learned"));
    findings.flag(name + "-partly", verdict(run).equals("partly"));
    findings.flag(name + "-memorized", verdict(run).equals("memorized"));
  }

  private static void compare(Findings findings, Map<String, LessonRun> runs) {
    findings.flag("more-is-better", gap(run(runs, "many")) < gap(run(runs, "few")));
    findings.flag("more-is-not-better", gap(run(runs, "many")) >= gap(run(runs, "few")));
    boolean helps =
        gap(run(runs, "few-helped")) < gap(run(runs, "few"))
            && gap(run(runs, "many-helped")) < gap(run(runs, "many"));
    findings.flag("helps", helps);
    findings.flag("helps-not", !helps);
    findings.flag(
        "helps-validation",
        run(runs, "few-helped").validationAccuracy() > run(runs, "few").validationAccuracy());
    findings.flag(
        "helps-not-validation",
        run(runs, "few-helped").validationAccuracy() <= run(runs, "few").validationAccuracy());
    Metrics least = leastValidationLoss(run(runs, "few"));
    findings.count("turning-epoch", least.epoch());
    findings.flag("turns", least.epoch() < run(runs, "few").result().epochs());
  }

  private static Metrics leastValidationLoss(LessonRun run) {
    Metrics least = run.epochs().get(0);
    for (Metrics epoch : run.epochs()) {
      if (number(epoch.validationLoss()) < number(least.validationLoss())) {
        least = epoch;
      }
    }
    return least;
  }

  private static double number(@Nullable Double number) {
    return number == null ? Double.NaN : number;
  }

  private static void draw(Findings findings, Map<String, LessonRun> runs, LessonText text) {
    double mostLoss =
        runs.entrySet().stream()
            .filter(run -> run.getKey().equals("few") || run.getKey().equals("many"))
            .flatMap(run -> run.getValue().epochs().stream())
            .mapToDouble(epoch -> Math.max(epoch.trainLoss(), number(epoch.validationLoss())))
            .max()
            .orElse(1);
    // The same scale in all, so that they can be compared.
    Scale shares = (least, most) -> Scale.LINEAR.over(0, PERCENT);
    Scale losses = (least, most) -> Scale.LINEAR.over(0, mostLoss);
    for (String name : runs.keySet()) {
      LessonRun run = run(runs, name);
      findings.drawing(
          "accuracy-" + name,
          chart(
              text.word("accuracy") + ", " + text.word(name),
              " %",
              shares,
              text,
              run,
              epoch -> PERCENT * number(epoch.trainAccuracy()),
              epoch -> PERCENT * number(epoch.validationAccuracy())));
    }
    Scale own = (least, most) -> Scale.LINEAR.over(0, most);
    for (String name : List.of("few", "many", "random")) {
      findings.drawing(
          "loss-" + name,
          chart(
              text.word("loss") + ", " + text.word(name),
              "",
              name.equals("random") ? own : losses,
              text,
              run(runs, name),
              Metrics::trainLoss,
              epoch -> number(epoch.validationLoss())));
    }
  }

  private static Chart chart(
      String title,
      String unit,
      Scale up,
      LessonText text,
      LessonRun run,
      Function<Metrics, Double> training,
      Function<Metrics, Double> validation) {
    double[] epochs = run.epochs().stream().mapToDouble(Metrics::epoch).toArray();
    return new Chart(
        title,
        text.word("epoch"),
        Scale.COUNTING,
        up,
        unit,
        List.of(
            Series.line(
                text.word("of-training"),
                "training",
                Mark.CIRCLE,
                epochs,
                run.epochs().stream().mapToDouble(training::apply).toArray()),
            Series.line(
                text.word("of-validation"),
                "validation",
                Mark.SQUARE,
                epochs,
                run.epochs().stream().mapToDouble(validation::apply).toArray())));
  }

  private static String points(double share) {
    return String.format(Locale.ROOT, "%.2f", PERCENT * share).replace('-', '−');
  }
}
