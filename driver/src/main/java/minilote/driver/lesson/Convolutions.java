package minilote.driver.lesson;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
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
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.Matrix;
import minilote.trainer.network.ForwardPropagation;
import minilote.trainer.network.LayerDescription;
import minilote.trainer.network.Network;
import minilote.trainer.run.Inference;
import minilote.trainer.run.Model;

/**
 * Convolution and pooling on one small matrix, then in a network that learns images: its kernels,
 * what they see, and how many parameters that takes.
 */
final class Convolutions implements Lesson {
  private static final int CHANNELS = 8;
  private static final int CHANNELS_OF_SECOND = 16;

  /** Layers, from 1: conv, pool, conv, pool, dense. */
  private static final int FIRST = 1;

  private static final int SECOND = 3;

  private static final String WRONG = "✗ ";

  private static final String LAYERS =
      "conv %d 5x5 relu, max-pool 2x2, conv %d 5x5 relu, max-pool 2x2, dense %d softmax";

  private static final int LOOKED_AT = 1000;

  /** Of these the first ones of so many classes are shown. */
  private static final int SHOWN = 5;

  /** Of these so many with what the layers see of them. */
  private static final int SEEN = 2;

  /** An epoch of few examples is short, so that there are more of them. */
  private static final int EXAMPLES = 100_000;

  private static final int MOST_EPOCHS = 8;

  /** Beyond so many standard errors a difference is not taken for chance. */
  private static final double CLEAR = 2;

  @Override
  public String name() {
    return "convolution";
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
    Findings findings = new Findings();
    new ConvolutionByHand().tell(findings, text);
    LessonData.Found found = room.data().first("fashion-mnist", "mnist", "cifar-10");
    Pictures test = Pictures.of(found, Dataset.TEST, LOOKED_AT, room.hadoop());
    int classes = found.dataset().format().targets();
    String layers = LAYERS.formatted(CHANNELS, CHANNELS_OF_SECOND, classes);
    LessonRun run = LessonRun.of(room, options(room, found, layers), text.word("training"));
    Network network = run.model().network();
    findings.word("data", found.dataset().name());
    findings.flag("sample", found.isSample());
    findings.word("network", network.description().toWords());
    findings.count("epochs", run.result().epochs());
    findings.count("examples", run.setup().validation().trainingExamples());
    findings.count("test-examples", run.setup().testExamples());
    findings.table("parameters", parameters(network, text));
    findings.count("all-parameters", network.trainedCount());
    findings.count("channels", CHANNELS);
    findings.count("channels-of-second", CHANNELS_OF_SECOND);
    kernels(findings, run, text);
    maps(findings, run.model(), test, text);
    compare(findings, room, found, run, text);
    return findings;
  }

  private static Map<String, String> options(
      Classroom room, LessonData.Found found, String layers) {
    long examples = found.dataset().split(Dataset.TRAIN).examples();
    long epochs = Math.max(1, Math.min(MOST_EPOCHS, Math.round((double) EXAMPLES / examples)));
    Map<String, String> options = new LinkedHashMap<>();
    options.put(RunSettings.DATA, found.folder());
    options.put(RunSettings.NETWORK, layers);
    options.put(RunSettings.BATCH, "32");
    options.put(RunSettings.EPOCHS, String.valueOf(epochs));
    options.put(RunSettings.OPTIMIZER, "adam");
    options.put(RunSettings.LEARNING_RATE, "0.002");
    options.put(RunSettings.SCHEDULE, "cosine");
    options.put(RunSettings.SEED, String.valueOf(room.seed()));
    return options;
  }

  /** Of each layer, and of a dense one that would give as many numbers. */
  private static LessonTable parameters(Network network, LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    List<LayerDescription> layers = network.description().layers();
    List<Integer> shape = network.inputShape();
    for (int i = 0; i < layers.size(); i++) {
      LayerDescription layer = layers.get(i);
      long inputs = i == 0 ? network.inputs() : network.units(i);
      long units = network.units(i + 1);
      long count = layer.parameterCount(shape);
      shape = layer.outputShape(shape);
      rows.add(
          List.of(
              layer.toWords(),
              shape.stream().map(String::valueOf).collect(Collectors.joining(" × ")),
              count(count),
              count == 0 ? "–" : count(units * (inputs + 1))));
    }
    return new LessonTable(
        List.of(text.word("layer"), text.word("output"), text.word("has"), text.word("dense-has")),
        rows);
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** The first layer's, before and after. */
  private static void kernels(Findings findings, LessonRun run, LessonText text) {
    Network network = run.model().network();
    findings.drawing(
        "first-kernels",
        kernels(text.word("kernels-before"), network, run.setup().initialParameters()));
    findings.drawing(
        "kernels", kernels(text.word("kernels-after"), network, run.model().parameters()));
  }

  private static Images kernels(String title, Network network, float[] parameters) {
    Matrix weights = network.weights(parameters, FIRST);
    List<Integer> shape = network.tensors().get(0).shape();
    List<Images.Tile> tiles = new ArrayList<>();
    for (int kernel = 0; kernel < shape.get(0); kernel++) {
      float[] numbers = new float[weights.columns()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = weights.get(kernel, i);
      }
      tiles.add(Pictures.signed("", shape.get(1), shape.get(2), shape.get(3), numbers));
    }
    return new Images(title, CHANNELS, tiles);
  }

  /** What the kernels answer to the first images of the test split that differ in their class. */
  private static void maps(Findings findings, Model model, Pictures test, LessonText text) {
    int[] shown = ofDifferentClasses(test);
    Network network = model.network();
    int rows = shown.length;
    try (ForwardPropagation forward =
        new ForwardPropagation(network, EngineKind.PORTABLE.create(), rows)) {
      forward.setParameters(model.parameters());
      for (int row = 0; row < rows; row++) {
        test.input(shown[row], model.normalization(), forward.inputs(), row);
      }
      forward.forward(rows);
      List<Images.Tile> images = new ArrayList<>();
      for (int row = 0; row < rows; row++) {
        int answer =
            Inference.largest(forward.outputs(), row * network.outputs(), network.outputs());
        boolean right = answer == test.label(shown[row]);
        images.add(test.tile((right ? "" : WRONG) + test.name(answer), shown[row]));
      }
      findings.drawing("images", new Images(text.word("images"), SHOWN, images));
      for (int row = 0; row < Math.min(SEEN, rows); row++) {
        List<Images.Tile> maps = new ArrayList<>(maps(network, forward, FIRST, row));
        maps.addAll(maps(network, forward, SECOND, row));
        String name = test.name(test.label(shown[row]));
        findings.drawing(
            "maps-" + (row + 1),
            new Images("%s: %s".formatted(text.word("maps"), name), CHANNELS, maps));
      }
    }
    findings.flag("two", rows > 1);
  }

  private static int[] ofDifferentClasses(Pictures test) {
    Set<Integer> classes = new HashSet<>();
    return IntStream.range(0, test.count())
        .filter(i -> classes.add(test.label(i)))
        .limit(SHOWN)
        .toArray();
  }

  /** A layer's channels, which lie one beside the other at each place of the image. */
  private static List<Images.Tile> maps(
      Network network, ForwardPropagation forward, int layer, int row) {
    List<Integer> shape = shapeAfter(network, layer);
    int channels = shape.get(0);
    int area = shape.get(1) * shape.get(2);
    List<Images.Tile> maps = new ArrayList<>();
    for (int channel = 0; channel < channels; channel++) {
      float[] map = new float[area];
      for (int i = 0; i < area; i++) {
        map[i] = forward.outputs(layer)[(row * area + i) * channels + channel];
      }
      maps.add(Images.Tile.positive("", shape.get(2), shape.get(1), map));
    }
    return maps;
  }

  private static List<Integer> shapeAfter(Network network, int layer) {
    List<Integer> shape = network.inputShape();
    for (int i = 0; i < layer; i++) {
      shape = network.description().layers().get(i).outputShape(shape);
    }
    return shape;
  }

  /** With a network without convolutions that has about as many parameters, taught as long. */
  private static void compare(
      Findings findings, Classroom room, LessonData.Found found, LessonRun run, LessonText text)
      throws IOException {
    Network network = run.model().network();
    int classes = network.outputs();
    int units = (network.trainedCount() - classes) / (network.inputs() + 1 + classes);
    LessonRun dense =
        LessonRun.of(
            room,
            options(
                room,
                found,
                "dense %d relu, dense %d softmax".formatted(Math.max(1, units), classes)),
            text.word("training-dense"));
    double n = run.setup().testExamples();
    double with = run.testAccuracy();
    double without = dense.testAccuracy();
    double error = Math.sqrt((with * (1 - with) + without * (1 - without)) / n);
    findings.word("dense-network", dense.model().network().description().toWords());
    findings.count("dense-parameters", dense.model().network().trainedCount());
    findings.share("accuracy", with);
    findings.share("dense-accuracy", without);
    findings.share("training-accuracy", run.trainingAccuracy());
    findings.number("difference", with - without, points(Math.abs(with - without)));
    findings.number("chance", CLEAR * error, points(CLEAR * error));
    findings.flag("better", with - without > CLEAR * error);
    findings.flag("worse", without - with > CLEAR * error);
    findings.flag("alike", Math.abs(with - without) <= CLEAR * error);
    findings.table(
        "compared",
        LessonTable.of(
                text.word("net"), text.word("has"), text.word("on-training"), text.word("on-test"))
            .with(row(text.word("with-convolutions"), run))
            .with(row(text.word("dense-only"), dense)));
  }

  private static String points(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  private static String[] row(String name, LessonRun run) {
    return new String[] {
      name,
      count(run.model().network().trainedCount()),
      Words.percent(run.trainingAccuracy()),
      Words.percent(run.testAccuracy())
    };
  }
}
