package minilote.driver;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import minilote.datasets.Dataset;
import minilote.datasets.Json;
import minilote.datasets.ProgressListener;
import minilote.datasets.UserError;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;
import minilote.trainer.plan.Machine;
import minilote.trainer.run.Files;
import minilote.trainer.spark.MachineProbe;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is measured, or where it was: options of {@code plan}. */
final class MeasuredMachine {
  private static final long LARGEST_FILE = 16L << 20;

  @Option(
      names = "--network",
      paramLabel = "WORDS|NAME|FILE",
      description = "The layers, as train has them.")
  private @Nullable String network;

  @Option(
      names = "--inputs",
      paramLabel = "SHAPE",
      description = "Of an example: 784, or channels, height and width of an image, as 3x32x32.")
  private @Nullable String inputs;

  @Option(
      names = "--data",
      paramLabel = "URI",
      description =
          "A prepared data set, instead of --inputs and --examples; only its dataset.json is read.")
  private @Nullable String data;

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description = "As train has it. Default: what follows from the last layer.")
  private @Nullable String loss;

  @Option(
      names = "--optimizer",
      paramLabel = "RULE",
      description = "sgd, momentum, nesterov, adam or adamw. Default: momentum.")
  private @Nullable String optimizer;

  @Option(
      names = "--machine",
      paramLabel = "FILE.json",
      description = "What --save-machine has written, here or elsewhere: nothing is measured.")
  private @Nullable String file;

  @Option(
      names = "--save-machine",
      paramLabel = "FILE.json",
      description = "Keep what is measured.")
  private @Nullable String save;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  MeasuredMachine() {}

  /** Examples of an epoch, where a data set tells; else 0. */
  long examples(Configuration hadoop) throws IOException {
    return data == null ? 0 : dataset(data, hadoop).split(Dataset.TRAIN).examples();
  }

  /**
   * The machine, from its file or measured now.
   *
   * @param missing what to do where {@code --network} is needed and not there
   * @param rows of the lanes that are planned, for ghosts of so many examples; refuses what cannot
   *     be
   */
  Machine get(
      SparkConf conf,
      Configuration hadoop,
      Runnable missing,
      IntFunction<List<Integer>> rows,
      ProgressListener progress)
      throws IOException {
    if (file != null) {
      if (save != null) {
        throw new UserError("--save-machine: with --machine nothing is measured, and so not kept");
      }
      return read(file, hadoop);
    }
    if (network == null) {
      missing.run();
    }
    Network measured = network(String.valueOf(network), hadoop);
    Path place = save == null ? null : Locations.of("--save-machine", save, hadoop);
    Loss chosen = loss == null ? Loss.following(measured.outputActivation()) : loss(loss);
    BackPropagation.check(measured, chosen);
    Machine machine =
        MachineProbe.measure(
            conf, measured, chosen, settings(), rows.apply(measured.ghost()), progress);
    if (place != null) {
      Files.write(place, Json.pretty(machine.toJson()), hadoop);
    }
    return machine;
  }

  /** Whether options are words that can be. */
  void check() {
    settings();
    if (loss != null) {
      loss(loss);
    }
    if (inputs != null && data != null) {
      throw new UserError(
          "--inputs and --data both tell the shape of an example: give one of them");
    }
    if (inputs != null) {
      shape(inputs);
    }
  }

  private static Loss loss(String word) {
    return Choice.named("--loss", () -> Loss.parse(word));
  }

  private OptimizerSettings settings() {
    return OptimizerSettings.of(UpdateRule.of(optimizer == null ? "momentum" : optimizer));
  }

  private Network network(String words, Configuration hadoop) throws IOException {
    NetworkDescription description = NetworkOption.read(words, hadoop);
    List<Integer> shape;
    if (inputs != null) {
      shape = shape(inputs);
    } else if (data != null) {
      shape = dataset(data, hadoop).format().shape();
    } else {
      throw new UserError(
          "--network alone does not tell how many inputs there are: give --inputs, such as 784 or 3x32x32, or --data");
    }
    return Choice.named("--network", () -> Network.of(description, shape));
  }

  private static Dataset dataset(String folder, Configuration hadoop) throws IOException {
    return Dataset.read(Locations.of("--data", folder, hadoop), hadoop);
  }

  private static List<Integer> shape(String text) {
    if (!text.matches("[1-9]\\d{0,8}(x[1-9]\\d{0,8}x[1-9]\\d{0,8})?")) {
      throw new UserError(
          "--inputs %s: it must be a number, as 784, or channels, height and width, as 3x32x32"
              .formatted(text));
    }
    return Arrays.stream(text.split("x")).map(Integer::parseInt).toList();
  }

  private Machine read(String name, Configuration hadoop) throws IOException {
    Path place = Locations.of("--machine", name, hadoop);
    Machine machine;
    try {
      String text = Files.readText(place, LARGEST_FILE, hadoop);
      machine = Choice.named("--machine " + name, () -> Machine.fromJson(Json.parse(text)));
    } catch (FileNotFoundException e) {
      throw new UserError("--machine %s: there is no such file".formatted(name), e);
    }
    requireMeasured(name, machine, hadoop);
    return machine;
  }

  /** What was measured for one network says nothing exact of another one. */
  private void requireMeasured(String name, Machine machine, Configuration hadoop)
      throws IOException {
    if (network != null) {
      String words = NetworkOption.read(network, hadoop).toWords();
      require(words.equals(machine.network()), "--network", words, name, machine.network());
    }
    if (inputs != null) {
      require(
          shape(inputs).equals(machine.inputShape()),
          "--inputs",
          inputs,
          name,
          machine.inputShape().toString());
    }
    if (optimizer != null) {
      require(
          optimizer.equals(machine.optimizer()),
          "--optimizer",
          optimizer,
          name,
          machine.optimizer());
    }
  }

  private static void require(
      boolean same, String option, String given, String file, String measured) {
    if (!same) {
      throw new UserError(
          "%s \"%s\": %s was measured with \"%s\"; leave the option out, or measure again without --machine"
              .formatted(option, given, file, measured));
    }
  }
}
