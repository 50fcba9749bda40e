package minilote.datasets.prepare;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import minilote.datasets.TargetKind;
import minilote.datasets.UserError;
import minilote.datasets.source.ImageSize;
import org.jspecify.annotations.Nullable;

/**
 * What is to be prepared, and how. Made by {@link #of}; what is null is not said, and then
 * defaults.
 *
 * @param dataset one of {@link #DATASETS}
 * @param from a folder, file or URL; null for the official archive
 * @param to the folder to write, any Hadoop URI
 * @param shards of the training split; null for shards of about 64 MB
 * @param copies how often the training split is repeated, for load tests
 * @param overwrite whether a data set that is there is replaced
 * @param cache where archives are downloaded to; null for {@code minilote/archives} in the user's
 *     cache folder
 * @param size that images are stretched to
 * @param crop the window in the middle of images that is kept; null for all of them
 * @param channels of images; null for 3
 * @param target what the target of CSV and LIBSVM is
 * @param targetColumns of CSV
 * @param header of CSV
 * @param delimiter of CSV; null for a comma
 * @param test a file with the test examples of CSV and LIBSVM
 * @param testFraction of examples that become the test split, where there is none
 * @param testSeed which those are; null for 0
 */
public record PreparationSettings(
    String dataset,
    @Nullable String from,
    String to,
    @Nullable Integer shards,
    int copies,
    boolean overwrite,
    @Nullable Path cache,
    @Nullable ImageSize size,
    @Nullable ImageSize crop,
    @Nullable Integer channels,
    @Nullable TargetKind target,
    List<String> targetColumns,
    @Nullable Boolean header,
    @Nullable Character delimiter,
    @Nullable String test,
    @Nullable Double testFraction,
    @Nullable Long testSeed) {
  /** The data sets that can be prepared. */
  public static final List<String> DATASETS =
      List.of(
          "cifar-10", "cifar-100", "mnist", "fashion-mnist", "sample", "images", "csv", "libsvm");

  static final int MAX_SHARDS = 100_000;

  private static final Set<String> WITHOUT_ARCHIVE = Set.of("images", "csv", "libsvm");

  /**
   * @throws UserError when a value is out of its range, or an option is not for this data set
   */
  public PreparationSettings {
    targetColumns = List.copyOf(targetColumns);
    if (!DATASETS.contains(dataset)) {
      throw new UserError(
          "there is no data set \"%s\": it must be one of %s"
              .formatted(dataset, String.join(", ", DATASETS)));
    }
    if (from == null && WITHOUT_ARCHIVE.contains(dataset)) {
      throw new UserError("--from is missing: say where the %s are".formatted(dataset));
    }
    if (shards != null && (shards < 1 || shards > MAX_SHARDS)) {
      throw new UserError("--shards must be 1 to %d, not %d".formatted(MAX_SHARDS, shards));
    }
    if (copies < 1) {
      throw new UserError("--copies must be at least 1, not " + copies);
    }
    if (channels != null && channels != 1 && channels != 3) {
      throw new UserError("--channels must be 1 (grey) or 3 (colour), not " + channels);
    }
    Map<String, Boolean> given = new TreeMap<>();
    given.put("--size", size != null);
    given.put("--crop", crop != null);
    given.put("--channels", channels != null);
    given.put("--target", target != null);
    given.put("--target-columns", !targetColumns.isEmpty());
    given.put("--header", header != null);
    given.put("--delimiter", delimiter != null);
    given.put("--test", test != null);
    given.put("--test-fraction", testFraction != null);
    given.put("--test-seed", testSeed != null);
    given.put("--from", from != null);
    for (Map.Entry<String, Boolean> option : given.entrySet()) {
      if (option.getValue() && !applies(option.getKey(), dataset)) {
        throw new UserError("%s is not for the data set %s".formatted(option.getKey(), dataset));
      }
    }
    if (test != null && (testFraction != null || testSeed != null)) {
      throw new UserError(
          "--test names the test examples, so that --test-fraction and --test-seed mean nothing");
    }
  }

  private static boolean applies(String option, String dataset) {
    return switch (option) {
      case "--size", "--channels" -> dataset.equals("images");
      case "--crop" -> !dataset.equals("csv") && !dataset.equals("libsvm");
      case "--target", "--test" -> dataset.equals("csv") || dataset.equals("libsvm");
      case "--target-columns", "--header", "--delimiter" -> dataset.equals("csv");
      case "--test-fraction", "--test-seed" -> WITHOUT_ARCHIVE.contains(dataset);
      default -> !dataset.equals("sample");
    };
  }

  /** Begins the settings of a data set; {@link Builder#to} must follow. */
  public static Builder of(String dataset) {
    return new Builder(dataset);
  }

  /** Gathers settings; each method's meaning is that of the record's component. */
  public static final class Builder {
    private final String dataset;
    private @Nullable String from;
    private @Nullable String to;
    private @Nullable Integer shards;
    private int copies = 1;
    private boolean overwrite;
    private @Nullable Path cache;
    private @Nullable ImageSize size;
    private @Nullable ImageSize crop;
    private @Nullable Integer channels;
    private @Nullable TargetKind target;
    private List<String> targetColumns = List.of();
    private @Nullable Boolean header;
    private @Nullable Character delimiter;
    private @Nullable String test;
    private @Nullable Double testFraction;
    private @Nullable Long testSeed;

    private Builder(String dataset) {
      this.dataset = dataset;
    }

    public Builder from(@Nullable String value) {
      this.from = value;
      return this;
    }

    public Builder to(String value) {
      this.to = value;
      return this;
    }

    public Builder shards(@Nullable Integer value) {
      this.shards = value;
      return this;
    }

    public Builder copies(int value) {
      this.copies = value;
      return this;
    }

    public Builder overwrite(boolean value) {
      this.overwrite = value;
      return this;
    }

    public Builder cache(@Nullable Path value) {
      this.cache = value;
      return this;
    }

    public Builder size(@Nullable ImageSize value) {
      this.size = value;
      return this;
    }

    public Builder crop(@Nullable ImageSize value) {
      this.crop = value;
      return this;
    }

    public Builder channels(@Nullable Integer value) {
      this.channels = value;
      return this;
    }

    public Builder target(@Nullable TargetKind value) {
      this.target = value;
      return this;
    }

    public Builder targetColumns(List<String> value) {
      this.targetColumns = value;
      return this;
    }

    public Builder header(@Nullable Boolean value) {
      this.header = value;
      return this;
    }

    public Builder delimiter(@Nullable Character value) {
      this.delimiter = value;
      return this;
    }

    public Builder test(@Nullable String value) {
      this.test = value;
      return this;
    }

    public Builder testFraction(@Nullable Double value) {
      this.testFraction = value;
      return this;
    }

    public Builder testSeed(@Nullable Long value) {
      this.testSeed = value;
      return this;
    }

    /**
     * The settings, checked.
     *
     * @throws UserError when a value is missing or wrong
     */
    public PreparationSettings build() {
      String folder = to;
      if (folder == null || folder.isBlank()) {
        throw new UserError("--to is missing: say which folder the shards go to");
      }
      return new PreparationSettings(
          dataset,
          from,
          folder,
          shards,
          copies,
          overwrite,
          cache,
          size,
          crop,
          channels,
          target,
          targetColumns,
          header,
          delimiter,
          test,
          testFraction,
          testSeed);
    }
  }
}
