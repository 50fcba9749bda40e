package minilote.driver.lesson;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import minilote.datasets.Dataset;
import minilote.datasets.KeyedPermutation;
import minilote.datasets.Normalization;
import minilote.datasets.Sha256;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;
import minilote.trainer.math.EngineKind;
import minilote.trainer.measure.LayerNorms;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.network.ParameterTensor;
import minilote.trainer.run.Model;
import minilote.trainer.spark.Landscape;
import minilote.trainer.spark.Portion;

/**
 * E_in(w) and its gradient in one pass over a data set that lies in partitions: the same bits for
 * any number of these. Beside it two sums that are not: a mean of the partitions' means, and sums
 * of floats in the order in which they happen to come.
 */
final class ErrorAndGradient implements Lesson {
  private static final int[] PARTITIONS = {1, 2, 4};

  /** Examples that lie together, and are never cut by a partition: the trainer's blocks. */
  private static final int BLOCK = 1024;

  static final int HIDDEN = 30;
  private static final int SHOWN_DIGITS = 16;
  private static final int MOST_PARTITIONS = 16;

  @Override
  public String name() {
    return "error-and-gradient";
  }

  @Override
  public Set<LessonOption> options() {
    return Set.of(LessonOption.DATA);
  }

  @Override
  public boolean onSpark() {
    return true;
  }

  @Override
  public Findings work(Classroom room, LessonText text) throws IOException {
    LessonData.Found found = room.data().first("mnist", "fashion-mnist");
    Model model = model(found.dataset(), room.seed());
    Findings findings = new Findings();
    long examples = found.dataset().split(Dataset.TRAIN).examples();
    findings
        .word("data", found.dataset().name())
        .count("examples", examples)
        .word("network", model.network().description().toWords())
        .word("loss", model.loss().word())
        .count("parameters", model.network().parameterCount());
    double[] gradient = onSpark(room, found, model, findings, text);
    otherwise(room, found, model, gradient, findings, text);
    return findings;
  }

  /** A network for the data set's targets, with its first weights. */
  private static Model model(Dataset dataset, long seed) {
    String last =
        switch (dataset.format().targetKind()) {
          case CLASS -> "softmax";
          case LABELS -> "sigmoid";
          case NUMBERS -> "linear";
        };
    Network network =
        Network.of(
            NetworkDescription.parse(
                "dense %d sigmoid, dense %d %s"
                    .formatted(HIDDEN, dataset.format().targets(), last)),
            dataset.format().shape());
    return new Model(
        network,
        Loss.following(network.outputActivation()),
        dataset.format(),
        Normalization.of(Normalization.NONE, dataset),
        dataset.classNames(),
        network.initialize(Initialization.AUTO, seed));
  }

  // ---- as it should be

  private static double[] onSpark(
      Classroom room, LessonData.Found found, Model model, Findings findings, LessonText text)
      throws IOException {
    LessonTable table = LessonTable.of(text.word("partitions"), "E_in", text.word("sha"));
    double[] gradient = new double[model.network().trainedCount()];
    double loss = 0;
    boolean same = true;
    String digest = "";
    for (int partitions : PARTITIONS) {
      double[] other = new double[gradient.length];
      double error;
      try (Landscape landscape =
          Landscape.of(
              room.onSpark(), model, found.folder(), Portion.of(Dataset.TRAIN), partitions)) {
        error = landscape.lossAndGradient(model.parameters(), other);
        if (partitions == PARTITIONS[0]) {
          gradient = other;
          loss = error;
          digest = sha256(gradient);
          layers(landscape.norms(model.parameters(), null), model.network(), findings, text);
        }
      }
      same &= error == loss && sha256(other).equals(digest);
      table = table.with(String.valueOf(partitions), String.valueOf(error), shown(sha256(other)));
    }
    findings.table("sums", table).number("error", loss).word("sha256", digest).flag("same", same);
    return gradient;
  }

  private static void layers(
      LayerNorms norms, Network network, Findings findings, LessonText text) {
    LessonTable table =
        LessonTable.of("ℓ", text.word("shape"), "‖W^(ℓ)‖", "‖G^(ℓ)‖", text.word("mean-delta"));
    for (LayerNorms.Norms layer : norms.layers()) {
      ParameterTensor weights =
          network.tensors().stream()
              .filter(t -> t.weight() && t.layer().text().equals(layer.layer()))
              .findFirst()
              .orElseThrow();
      findings.number("gradient-" + layer.layer(), layer.gradient());
      table =
          table.with(
              layer.layer(),
              // The bias is row 0 of W^(ℓ).
              "%d × %d".formatted(weights.shape().get(0) + 1, weights.shape().get(1)),
              number(layer.length()),
              number(layer.gradient()),
              layer.sensitivity() == null ? "" : number(layer.sensitivity().ofMean()));
    }
    findings.table("layers", table);
  }

  /** How many examples each partition holds: whole blocks. */
  private static List<Long> examples(LessonData.Found found, int partitions) {
    long count = found.dataset().split(Dataset.TRAIN).examples();
    long blocks = (count + BLOCK - 1) / BLOCK;
    List<Long> sizes = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      long from = p * blocks / partitions * BLOCK;
      long to = Math.min(count, (p + 1) * blocks / partitions * BLOCK);
      sizes.add(Math.max(0, to - from));
    }
    return sizes;
  }

  // ---- as it should not be

  /** The sums over each block, in the order of ids, on this thread. */
  private static List<float[]> blocks(Classroom room, LessonData.Found found, Model model)
      throws IOException {
    List<float[]> sums = new ArrayList<>();
    long count = found.dataset().split(Dataset.TRAIN).examples();
    int outputs = model.network().outputs();
    try (RowReader rows = new RowReader(found, model.normalization(), count, room.hadoop());
        BackPropagation pass =
            new BackPropagation(model.network(), model.loss(), EngineKind.AUTO.create(), BLOCK)) {
      pass.setParameters(model.parameters());
      for (int n = rows.next(pass, outputs, BLOCK); n > 0; n = rows.next(pass, outputs, BLOCK)) {
        pass.clear();
        pass.errorAndGradient(n);
        sums.add(pass.gradient().clone());
      }
    }
    return sums;
  }

  private static void otherwise(
      Classroom room,
      LessonData.Found found,
      Model model,
      double[] gradient,
      Findings findings,
      LessonText text)
      throws IOException {
    List<float[]> sums = blocks(room, found, model);
    long count = found.dataset().split(Dataset.TRAIN).examples();
    means(found, sums, gradient, findings, text);

    int last = sums.size();
    KeyedPermutation drawn = new KeyedPermutation(room.seed(), "order of blocks", 0, last);
    int[][] orders = new int[3][last];
    for (int i = 0; i < last; i++) {
      orders[0][i] = i;
      orders[1][i] = last - 1 - i;
      orders[2][i] = (int) drawn.invert(i);
    }
    LessonTable table =
        LessonTable.of(text.word("order"), text.word("sha"), text.word("sum-difference"));
    List<String> digests = new ArrayList<>();
    double most = 0;
    for (int i = 0; i < orders.length; i++) {
      double[] mean = mean(sums, orders[i], count);
      double difference = relative(mean, gradient);
      most = Math.max(most, difference);
      digests.add(sha256(mean));
      table =
          table.with(
              text.word(i == 0 ? "ascending" : i == 1 ? "descending" : "drawn"),
              shown(sha256(mean)),
              exponent(difference));
    }
    findings
        .table("orders", table)
        .count("blocks", last)
        .number("order-difference", most, exponent(most))
        .flag("orders-differ", digests.stream().distinct().count() > 1)
        .flag("all-orders-differ", digests.stream().distinct().count() == orders.length);
  }

  private static void means(
      LessonData.Found found,
      List<float[]> sums,
      double[] gradient,
      Findings findings,
      LessonText text) {
    long count = found.dataset().split(Dataset.TRAIN).examples();
    List<List<Long>> cuts = new ArrayList<>();
    for (int partitions : PARTITIONS) {
      cuts.add(examples(found, partitions));
    }
    long tail = (count - 1) % BLOCK + 1;
    if (count > tail) { // What a file that was added later may be.
      cuts.add(List.of(count - tail, tail));
    }
    LessonTable table =
        LessonTable.of(text.word("examples-each"), text.word("heaviest"), text.word("difference"));
    double most = 0;
    for (List<Long> cut : cuts) {
      double difference = relative(meanOfMeans(sums, cut), gradient);
      most = Math.max(most, difference);
      long least = cut.stream().filter(size -> size > 0).min(Long::compare).orElseThrow();
      // An example of a partition of n weighs 1/(n · parts) instead of 1/N.
      double heaviest = (double) count / parts(cut) / least;
      table =
          table.with(
              sizes(cut), String.format(Locale.ROOT, "%.2f", heaviest), exponent(difference));
    }
    findings
        .table("means", table)
        .flag("empty", cuts.stream().anyMatch(cut -> parts(cut) < cut.size()))
        .number("mean-difference", most, exponent(most))
        .drawing("means-drawing", drawing(found, sums, gradient, text));
  }

  private static Chart drawing(
      LessonData.Found found, List<float[]> sums, double[] gradient, LessonText text) {
    int most = Math.min(sums.size(), MOST_PARTITIONS);
    double[] partitions = new double[most];
    double[] differences = new double[most];
    for (int p = 1; p <= most; p++) {
      partitions[p - 1] = p;
      differences[p - 1] = relative(meanOfMeans(sums, examples(found, p)), gradient);
    }
    return new Chart(
        text.word("means-title"),
        text.word("partitions"),
        Scale.COUNTING,
        Scale.LOG,
        "",
        List.of(
            Series.line(
                text.word("difference"), Styles.of(0), Mark.CIRCLE, partitions, differences)));
  }

  private static long parts(List<Long> cut) {
    return cut.stream().filter(size -> size > 0).count();
  }

  /** What is wrong: each partition's mean weighs the same. */
  private static double[] meanOfMeans(List<float[]> sums, List<Long> cut) {
    double[] means = new double[sums.get(0).length];
    int block = 0;
    for (long size : cut) {
      int blocks = (int) ((size + BLOCK - 1) / BLOCK);
      for (int b = block; b < block + blocks; b++) {
        for (int i = 0; i < means.length; i++) {
          means[i] += sums.get(b)[i] / (double) size / parts(cut);
        }
      }
      block += blocks;
    }
    return means;
  }

  private static double[] mean(List<float[]> sums, int[] order, long count) {
    float[] sum = new float[sums.get(0).length];
    for (int block : order) {
      float[] of = sums.get(block);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += of[i];
      }
    }
    double[] mean = new double[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = sum[i] / (double) count;
    }
    return mean;
  }

  /** ‖a − b‖ / ‖b‖. */
  private static double relative(double[] a, double[] b) {
    double apart = 0;
    double length = 0;
    for (int i = 0; i < b.length; i++) {
      apart += (a[i] - b[i]) * (a[i] - b[i]);
      length += b[i] * b[i];
    }
    return Math.sqrt(apart / length);
  }

  private static String sha256(double[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Double.BYTES);
    Arrays.stream(numbers).forEach(bytes::putDouble);
    return Sha256.of(bytes.array());
  }

  private static String shown(String digest) {
    return digest.substring(0, SHOWN_DIGITS) + "…";
  }

  private static String sizes(List<Long> sizes) {
    return sizes.stream()
        .map(size -> String.format(Locale.ROOT, "%,d", size))
        .collect(Collectors.joining(" + "));
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, "%.5f", number);
  }

  private static String exponent(double number) {
    return String.format(Locale.ROOT, "%.1e", number);
  }
}
