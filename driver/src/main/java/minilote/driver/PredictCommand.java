package minilote.driver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.Dataset;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import minilote.trainer.run.Files;
import minilote.trainer.run.Model;
import minilote.trainer.spark.Predictor;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a model says: of image files, on the spot, or of a whole data set, as a Spark job. */
@Command(
    name = "predict",
    description = "Says what a model sees in image files, or in each example of a data set.",
    sortOptions = false,
    customSynopsis = {
      "${ROOT-COMMAND-NAME} predict MODEL FILE... [OPTIONS]",
      "       ${ROOT-COMMAND-NAME} predict MODEL --data URI --out FILE.csv [OPTIONS]"
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} predict runs/cifar-10 cat.png dog.jpeg",
      "  ${ROOT-COMMAND-NAME} predict runs/cifar-10 --data data/cifar-10 \\",
      "      --out predictions.csv"
    })
final class PredictCommand extends MiniloteCommand {
  @Mixin private ModelOnData on;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FILE",
      description = "PNG and JPEG files; they are stretched to the model's size.")
  private List<String> files = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE.csv",
      description = "The file for the data set's predictions; it appears whole.")
  private @Nullable String out;

  @Option(names = "--overwrite", description = "Replace --out where it is there already.")
  private boolean overwrite;

  @Mixin private SparkOptions onSpark;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  PredictCommand() {}

  @Override
  int run(Output output) throws IOException {
    String data = on.data;
    SparkConf conf = SparkStart.settings("predict");
    Configuration hadoop = SparkStart.hadoop(conf);
    if (files.isEmpty() == (data == null)) {
      throw new UserError(
          files.isEmpty()
              ? "predict needs image files, or --data URI with --out FILE.csv"
              : "predict takes either image files or --data, not both");
    }
    if ((data == null) != (out == null)) {
      throw new UserError(
          data == null
              ? "--out %s: it is for the predictions of --data; those of files are shown"
                  .formatted(out)
              : "predict --data needs --out FILE.csv: the file for the predictions");
    }
    Model read = Model.read(Locations.of("MODEL", required("MODEL", on.model), hadoop), hadoop);
    if (data == null || out == null) {
      return predictFiles(read, hadoop, output);
    }
    return predictData(read, data, out, conf, hadoop, output);
  }

  private int predictFiles(Model read, Configuration hadoop, Output output) throws IOException {
    List<Path> paths = new ArrayList<>();
    for (String file : files) {
      Path path = Locations.of("FILE", file, hadoop);
      FileSystem fileSystem = Files.fileSystem(path, hadoop);
      if (fileSystem.exists(path) && fileSystem.getFileStatus(path).isDirectory()) {
        throw new UserError("%s is a folder: name the files in it".formatted(file));
      }
      paths.add(path);
    }
    List<ImagePrediction> predictions = new ArrayList<>();
    try (ImagePredictor predictor = new ImagePredictor(read)) {
      for (int i = 0; i < paths.size(); i++) {
        predictions.add(predictor.predict(files.get(i), paths.get(i), hadoop));
      }
    }
    ObjectNode json = Json.object();
    predictions.forEach(prediction -> json.withArray("predictions").add(prediction.toJson()));
    output.result(json, ImagePrediction.table(predictions));
    return DONE;
  }

  private int predictData(
      Model read, String dataset, String file, SparkConf conf, Configuration hadoop, Output output)
      throws IOException {
    Path folder = Locations.of("--data", dataset, hadoop);
    Path csv = Locations.of("--out", file, hadoop);
    FileSystem fileSystem = Files.fileSystem(csv, hadoop);
    if (fileSystem.exists(csv)) {
      if (fileSystem.getFileStatus(csv).isDirectory()) {
        throw new UserError("--out %s: it is a folder, where a file is needed".formatted(file));
      }
      if (!overwrite) {
        throw new UserError(
            "--out %s: it is there already; --overwrite replaces it".formatted(file));
      }
    }
    long examples = Dataset.read(folder, hadoop).split(on.split).examples();
    return SparkStart.during(
        conf,
        onSpark.executorWait(),
        output,
        spark -> {
          output.say("predicting %,d examples".formatted(examples));
          Predictor.predict(spark, read, folder.toString(), on.split, csv, 0);
          output.result(
              Json.object().put("examples", examples).put("out", csv.toString()),
              "%,d predictions are in %s".formatted(examples, csv));
          return DONE;
        });
  }
}
