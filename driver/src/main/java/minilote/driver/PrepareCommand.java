package minilote.driver;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import minilote.datasets.Dataset;
import minilote.datasets.TargetKind;
import minilote.datasets.UserError;
import minilote.datasets.prepare.Preparation;
import minilote.datasets.prepare.PreparationSettings;
import minilote.datasets.prepare.Prepared;
import minilote.datasets.source.ImageSize;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Brings a data set into shards. Works on the driver alone, without Spark. */
@Command(
    name = "prepare",
    description = "Brings a data set into shards, which training reads.",
    sortOptions = false,
    customSynopsis = "${ROOT-COMMAND-NAME} prepare --dataset NAME --to URI [OPTIONS]",
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} prepare --dataset cifar-10 --to data/cifar-10",
      "  ${ROOT-COMMAND-NAME} prepare --dataset images --from photos \\",
      "      --size 32x32 --to data/photos",
      "  ${ROOT-COMMAND-NAME} prepare --dataset csv --from wine.csv \\",
      "      --target-columns quality --to hdfs:///data/wine"
    })
final class PrepareCommand extends MiniloteCommand {
  /** Classes that a warning names. */
  private static final int SHOWN = 6;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description =
          "cifar-10, cifar-100, mnist, fashion-mnist, sample (images that the program carries), images (a folder, a subfolder a class), csv or libsvm.")
  private @Nullable String dataset;

  @Option(
      names = "--from",
      paramLabel = "DIR|FILE|URL",
      description = "Where the data is. Default: the official archive, which is downloaded.")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "URI",
      description = "The folder for the shards, any Hadoop URI.")
  private @Nullable String to;

  @Option(
      names = "--shards",
      paramLabel = "N",
      description = "Files of the training examples. Default: of about 64 MB.")
  private @Nullable Integer shards;

  @Option(
      names = "--copies",
      paramLabel = "N",
      defaultValue = "1",
      description = "Repeat the training examples, for load tests.")
  private int copies;

  @Option(names = "--overwrite", description = "Replace another data set in --to.")
  private boolean overwrite;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Where archives are downloaded to. Default: the user's cache folder.")
  private java.nio.file.@Nullable Path cache;

  @ArgGroup(validate = false, heading = "%nImages, tables:%n")
  private TableOptions table = new TableOptions();

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  PrepareCommand() {}

  /** What only some kinds of data have. */
  static final class TableOptions {
    @Option(
        names = "--size",
        paramLabel = "WxH",
        description = "Stretch images to this size. Default: they must all have the first's.")
    private @Nullable String size;

    @Option(
        names = "--crop",
        paramLabel = "WxH",
        description =
            "Keep the window of this size in the middle of each image. Default: all of it.")
    private @Nullable String crop;

    @Option(
        names = "--channels",
        paramLabel = "N",
        description = "1 for grey or 3 for colour images. Default: 3.")
    private @Nullable Integer channels;

    @Option(
        names = "--target",
        paramLabel = "KIND",
        description = "What is to be learned of csv and libsvm: class, labels or numbers.")
    private @Nullable String target;

    @Option(
        names = "--target-columns",
        paramLabel = "COLUMNS",
        split = ",",
        description = "Of csv, by name or number from 1. Default: the last.")
    private List<String> targetColumns = List.of();

    @Option(
        names = "--header",
        paramLabel = "yes|no",
        description = "Whether a csv's first line has names. Default: if it has no number.")
    private @Nullable String header;

    @Option(
        names = "--delimiter",
        paramLabel = "C",
        description = "Between a csv's fields; tab for a tab. Default: a comma.")
    private @Nullable String delimiter;

    @Option(
        names = "--test",
        paramLabel = "FILE",
        description = "The test examples of csv and libsvm, where they have a file.")
    private @Nullable String test;

    @Option(
        names = "--test-fraction",
        paramLabel = "SHARE",
        description = "Share of the examples for the test, where they have none. Default: 0.2.")
    private @Nullable Double testFraction;

    @Option(
        names = "--test-seed",
        paramLabel = "N",
        description = "Decides which examples these are. Default: 0.")
    private @Nullable Long testSeed;

    private @Nullable TargetKind targetKind() {
      return target == null ? null : Choice.of("--target", target, TargetKind.class);
    }

    private static @Nullable ImageSize imageSize(String option, @Nullable String words) {
      return words == null ? null : Choice.named(option, () -> ImageSize.parse(words));
    }

    private @Nullable Boolean hasHeader() {
      if (header == null) {
        return null;
      }
      return switch (header) {
        case "yes" -> true;
        case "no" -> false;
        default -> throw new UserError("--header %s: it must be yes or no".formatted(header));
      };
    }

    private @Nullable Character delimiterCharacter() {
      if (delimiter == null) {
        return null;
      }
      if (delimiter.equals("tab")) {
        return '\t';
      }
      if (delimiter.length() != 1) {
        throw new UserError(
            "--delimiter \"%s\": it must be one character, or tab".formatted(delimiter));
      }
      return delimiter.charAt(0);
    }
  }

  @Override
  int run(Output output) throws IOException {
    Configuration hadoop = SparkStart.hadoop(SparkStart.settings("prepare"));
    String name = required("--dataset NAME", dataset);
    if (!PreparationSettings.DATASETS.contains(name)) {
      throw new UserError(
          "--dataset %s: it must be one of %s"
              .formatted(name, String.join(", ", PreparationSettings.DATASETS)));
    }
    PreparationSettings settings =
        PreparationSettings.of(name)
            .from(from)
            .to(Locations.of("--to", required("--to URI", to), hadoop).toString())
            .shards(shards)
            .copies(copies)
            .overwrite(overwrite)
            .cache(cache)
            .size(TableOptions.imageSize("--size", table.size))
            .crop(TableOptions.imageSize("--crop", table.crop))
            .channels(table.channels)
            .target(table.targetKind())
            .targetColumns(table.targetColumns)
            .header(table.hasHeader())
            .delimiter(table.delimiterCharacter())
            .test(table.test)
            .testFraction(table.testFraction)
            .testSeed(table.testSeed)
            .build();
    Prepared prepared;
    try (WorkConsole console = new WorkConsole(output.err(), Terminal.isInteractive())) {
      prepared = new Preparation(settings, hadoop).run(console);
    }
    if (name.equals("csv") && table.target == null) {
      warnOfNumbers(prepared.dataset(), output);
    }
    output.result(prepared.toJson(), text(prepared));
    return DONE;
  }

  /** A class may be any text, and so a number; but who has numbers may want to learn numbers. */
  private static void warnOfNumbers(Dataset dataset, Output output) {
    List<String> classes = dataset.classNames();
    if (dataset.format().targetKind() == TargetKind.CLASS
        && classes.stream().allMatch(name -> name.matches("-?\\d+"))) {
      String some = String.join(", ", classes.subList(0, Math.min(SHOWN, classes.size())));
      output.say(
          TextTable.wrap(
              "WARNING: the target column holds numbers, of which %d classes are made (%s%s); --target numbers takes them as numbers, --target class says that they are classes"
                  .formatted(classes.size(), some, classes.size() > SHOWN ? ", …" : ""),
              Terminal.WIDTH - 1,
              "  "));
    }
  }

  private static String text(Prepared prepared) {
    Dataset dataset = prepared.dataset();
    TextTable table = new TextTable("lr");
    table.row("", "examples", "shards", "MB");
    dataset
        .splits()
        .forEach(
            (name, split) ->
                table.row(
                    name,
                    String.format(Locale.ROOT, "%,d", split.examples()),
                    String.valueOf(split.shards().size()),
                    String.format(Locale.ROOT, "%,.1f", prepared.bytes(name) / 1e6)));
    String what =
        "%s: examples of shape %s, %d %s"
            .formatted(
                dataset.name(),
                dataset.format().shape(),
                dataset.format().targets(),
                switch (dataset.format().targetKind()) {
                  case CLASS -> "classes";
                  case LABELS -> "labels";
                  case NUMBERS -> dataset.format().targets() == 1 ? "number" : "numbers";
                });
    String copies =
        dataset.copies() == 1
            ? ""
            : "\nevery training example is there %d times".formatted(dataset.copies());
    return "%s\n\n%s%s\n\nfolder  %s%s"
        .formatted(
            what,
            table,
            copies,
            prepared.folder(),
            prepared.unchanged() ? " (was there already, unchanged)" : "");
  }
}
