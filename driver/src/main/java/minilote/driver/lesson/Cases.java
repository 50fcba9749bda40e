package minilote.driver.lesson;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import minilote.datasets.Dataset;
import minilote.driver.report.Images;
import minilote.driver.report.Words;
import minilote.trainer.math.Matrix;
import minilote.trainer.network.Network;
import minilote.trainer.run.Model;
import minilote.trainer.spark.Evaluation;
import minilote.trainer.spark.Evaluator;

/**
 * The data sets that the field has measured itself by: what is in them, and how far one layer and
 * two come.
 */
final class Cases implements Lesson {
  private static final List<String> NAMES = List.of("mnist", "fashion-mnist", "cifar-10");

  /** What a data set of another name is called among the findings. */
  private static final String OTHER = "other";

  private static final int LOOKED_AT = 2000;
  private static final int COLUMNS = 5;
  private static final int MOST_CLASSES = 10;
  private static final int EXAMPLES = 120_000; // over all epochs
  private static final int MOST_EPOCHS = 10;
  private static final int CONFUSIONS = 2; // a data set

  @Override
  public String name() {
    return "cases";
  }

  @Override
  public Set<LessonOption> options() {
    return EnumSet.of(LessonOption.DATA);
  }

  @Override
  public boolean onSpark() {
    return true;
  }

  /**
   * A data set with what was learned from it.
   *
   * @param key among the findings
   * @param linear logistic regression: one layer
   * @param layers two layers
   */
  private record Case(
      String key, LessonData.Found found, LessonRun linear, LessonRun layers, Evaluation tested) {
    String name() {
      return found.dataset().name();
    }
  }

  @Override
  public Findings work(Classroom room, LessonText text) throws IOException {
    Findings findings = new Findings();
    List<Case> cases = new ArrayList<>();
    for (Map.Entry<String, LessonData.Found> found : found(room.data()).entrySet()) {
      Pictures.requirePictures(found.getValue());
      cases.add(learn(room, found.getKey(), found.getValue(), text));
    }
    for (String name : NAMES) {
      findings.flag(name, cases.stream().anyMatch(one -> one.key().equals(name)));
    }
    findings.flag(OTHER, cases.get(0).key().equals(OTHER));
    findings.flag("sample", cases.get(0).found().isSample());
    findings.word("first", cases.get(0).name());
    for (Case one : cases) {
      show(findings, room, one, text);
    }
    findings.table("datasets", datasets(cases, text));
    findings.table("results", results(cases, text));
    findings.table("confusions", confusions(cases, text));
    compare(findings, cases);
    return findings;
  }

  /** Those that are there; else whatever lessons on images fall back to. */
  private static Map<String, LessonData.Found> found(LessonData data) throws IOException {
    Map<String, LessonData.Found> found = new LinkedHashMap<>();
    for (String name : NAMES) {
      LessonData.Found one = data.named(name);
      if (one != null) {
        found.put(name, one);
      }
    }
    if (found.isEmpty()) {
      LessonData.Found one = data.first(NAMES.toArray(String[]::new));
      String name = one.dataset().name();
      found.put(NAMES.contains(name) ? name : OTHER, one);
    }
    return found;
  }

  private static Case learn(Classroom room, String key, LessonData.Found found, LessonText text)
      throws IOException {
    int classes = found.dataset().format().targets();
    LessonRun linear = train(room, found, "dense %d softmax".formatted(classes), "zeros", text);
    LessonRun layers =
        train(room, found, "dense 128 relu, dense %d softmax".formatted(classes), "auto", text);
    Evaluation tested =
        Evaluator.evaluate(room.onSpark(), layers.model(), found.folder(), Dataset.TEST, 0);
    return new Case(key, found, linear, layers, tested);
  }

  private static LessonRun train(
      Classroom room,
      LessonData.Found found,
      String network,
      String initialization,
      LessonText text)
      throws IOException {
    long examples = found.dataset().split(Dataset.TRAIN).examples();
    long epochs = Math.max(1, Math.min(MOST_EPOCHS, Math.round((double) EXAMPLES / examples)));
    Map<String, String> options = new LinkedHashMap<>();
    options.put(RunSettings.DATA, found.folder());
    options.put(RunSettings.NETWORK, network);
    options.put(RunSettings.BATCH, "64");
    options.put(RunSettings.EPOCHS, String.valueOf(epochs));
    options.put(RunSettings.OPTIMIZER, "adam");
    options.put(RunSettings.LEARNING_RATE, "0.001");
    options.put(RunSettings.SCHEDULE, "cosine");
    options.put(RunSettings.INITIALIZATION, initialization);
    options.put(RunSettings.SEED, String.valueOf(room.seed()));
    return LessonRun.of(
        room,
        options,
        "%s: %s, %s".formatted(text.word("training"), found.dataset().name(), network));
  }

  private static void show(Findings findings, Classroom room, Case one, LessonText text)
      throws IOException {
    Pictures pictures = Pictures.of(one.found(), Dataset.TRAIN, LOOKED_AT, room.hadoop());
    int classes = Math.min(MOST_CLASSES, pictures.format().targets());
    List<Images.Tile> images = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      for (int index : pictures.ofClass(label, 1)) {
        images.add(pictures.tile(pictures.name(label), index));
      }
    }
    findings.drawing(
        "images-" + one.key(),
        new Images("%s: %s".formatted(one.name(), text.word("images")), COLUMNS, images));
    findings.drawing(
        "weights-" + one.key(),
        new Images(
            "%s: %s".formatted(one.name(), text.word("weights")),
            COLUMNS,
            IntStream.range(0, classes)
                .mapToObj(label -> weights(one.linear().model(), pictures, label))
                .toList()));
    findings.share("linear-" + one.key(), one.linear().testAccuracy());
    findings.share("layers-" + one.key(), one.layers().testAccuracy());
  }

  /** The weights by which one layer judges how much an image is of a class. */
  private static Images.Tile weights(Model model, Pictures pictures, int label) {
    Network network = model.network();
    Matrix weights = network.weights(model.parameters(), 1);
    float[] ofClass = new float[network.inputs()];
    for (int i = 0; i < ofClass.length; i++) {
      ofClass[i] = weights.get(i, label);
    }
    return Pictures.signed(
        pictures.name(label),
        pictures.format().channels(),
        pictures.height(),
        pictures.width(),
        ofClass);
  }

  private static LessonTable datasets(List<Case> cases, LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    for (Case one : cases) {
      Dataset dataset = one.found().dataset();
      rows.add(
          List.of(
              one.name(),
              dataset.format().shape().stream()
                  .map(String::valueOf)
                  .collect(Collectors.joining(" × ")),
              count(dataset.format().targets()),
              count(dataset.split(Dataset.TRAIN).examples()),
              count(dataset.split(Dataset.TEST).examples())));
    }
    return new LessonTable(
        List.of(
            text.word("data"),
            text.word("shape"),
            text.word("classes"),
            text.word("for-training"),
            text.word("for-test")),
        rows);
  }

  private static LessonTable results(List<Case> cases, LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    for (Case one : cases) {
      rows.add(result(one.name(), text.word("one-layer"), one.linear()));
      rows.add(result(one.name(), text.word("two-layers"), one.layers()));
    }
    return new LessonTable(
        List.of(
            text.word("data"),
            text.word("network"),
            text.word("parameters"),
            text.word("on-training"),
            text.word("on-test")),
        rows);
  }

  private static List<String> result(String data, String network, LessonRun run) {
    return List.of(
        data,
        network,
        count(run.model().network().trainedCount()),
        Words.percent(run.trainingAccuracy()),
        Words.percent(run.testAccuracy()));
  }

  /** The most frequent mistakes of two layers. */
  private static LessonTable confusions(List<Case> cases, LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    for (Case one : cases) {
      for (int[] pair : mistakes(one.tested().confusion())) {
        long times = one.tested().confusion()[pair[0]][pair[1]];
        rows.add(List.of(one.name(), name(one, pair[0]), name(one, pair[1]), count(times)));
      }
    }
    return new LessonTable(
        List.of(text.word("data"), text.word("is"), text.word("taken-for"), text.word("times")),
        rows);
  }

  private static String name(Case one, int label) {
    List<String> names = one.found().dataset().classNames();
    return names.isEmpty() ? String.valueOf(label) : names.get(label);
  }

  /** Pairs of a class and another one that it is taken for, the most frequent first. */
  static List<int[]> mistakes(long[][] confusion) {
    List<int[]> pairs = new ArrayList<>();
    for (int row = 0; row < confusion.length; row++) {
      for (int column = 0; column < confusion.length; column++) {
        if (row != column && confusion[row][column] > 0) {
          pairs.add(new int[] {row, column});
        }
      }
    }
    pairs.sort(Comparator.comparingLong((int[] pair) -> confusion[pair[0]][pair[1]]).reversed());
    return pairs.subList(0, Math.min(CONFUSIONS, pairs.size()));
  }

  private static void compare(Findings findings, List<Case> cases) {
    Comparator<Case> byAccuracy = Comparator.comparingDouble(one -> one.layers().testAccuracy());
    Case hardest = cases.stream().min(byAccuracy).orElseThrow();
    Case easiest = cases.stream().max(byAccuracy).orElseThrow();
    findings.flag("several", cases.size() > 1);
    findings.word("hardest", hardest.name());
    findings.share("hardest-accuracy", hardest.layers().testAccuracy());
    findings.word("easiest", easiest.name());
    findings.share("easiest-accuracy", easiest.layers().testAccuracy());
    boolean better =
        cases.stream().allMatch(one -> one.layers().testAccuracy() > one.linear().testAccuracy());
    findings.flag("two-are-better", better);
    findings.flag("two-are-not-better", !better);
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
