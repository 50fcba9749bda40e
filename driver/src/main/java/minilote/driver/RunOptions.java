package minilote.driver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minilote.trainer.run.TrainingSettings;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** All that decides a run's result: options of {@code train}, and of each run of a study. */
@Command(name = "train")
final class RunOptions {
  @ArgGroup(validate = false, heading = "%nWhat is trained:%n")
  ModelOptions model = new ModelOptions();

  @ArgGroup(validate = false, heading = "%nBatches and epochs:%n")
  BatchOptions epoch = new BatchOptions();

  @ArgGroup(validate = false, heading = "%nUpdates:%n")
  OptimizerOptions optimizer = new OptimizerOptions();

  RunOptions() {}

  /** All such options, for those who need their names. */
  static CommandLine.Model.CommandSpec spec() {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(new RunOptions());
  }

  /**
   * What the words of a command line would be read as.
   *
   * @param values by the options' names; of an option without a value, an empty text
   * @throws picocli.CommandLine.ParameterException where a value is none
   */
  static RunOptions of(Map<String, String> values) {
    RunOptions options = new RunOptions();
    CommandLine parser = new CommandLine(options);
    Values.register(parser);
    List<String> words = new ArrayList<>();
    values.forEach((name, value) -> words.add(value.isEmpty() ? name : name + "=" + value));
    parser.parseArgs(words.toArray(String[]::new));
    return options;
  }

  /**
   * The settings.
   *
   * @param data the value of --data
   * @param network the value of --network
   */
  TrainingSettings settings(String data, String network, Configuration hadoop) throws IOException {
    return new TrainingSettings(
        Locations.of("--data", data, hadoop).toString(),
        NetworkOption.read(network, hadoop),
        model.loss(),
        optimizer.reduction(),
        epoch.batch,
        epoch.epochs,
        epoch.lanes,
        epoch.lastBatch(),
        optimizer.optimizer(),
        optimizer.learningRate(),
        optimizer.schedule(),
        optimizer.clipping(),
        model.initialization(),
        model.init(hadoop),
        model.normalization(),
        model.augmentation(),
        epoch.engine(),
        epoch.validation,
        epoch.validationSeed,
        epoch.randomLabels(),
        epoch.patience,
        epoch.seed);
  }
}
