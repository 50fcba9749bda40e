package minilote.datasets.prepare;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import minilote.datasets.Dataset;
import minilote.datasets.ProgressListener;
import minilote.datasets.UserError;
import minilote.datasets.source.Source;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Brings a data set into shards, as in
 *
 * <pre>{@code
 * Prepared prepared =
 *     new Preparation(
 *             PreparationSettings.of("cifar-10").from("/data/cifar").to("hdfs:///cifar").build(),
 *             new Configuration())
 *         .run(ProgressListener.NONE);
 * }</pre>
 */
public final class Preparation {
  private static final long DEFAULT_SHARD_BYTES = 64L << 20;

  private final PreparationSettings settings;
  private final Configuration conf;

  public Preparation(PreparationSettings settings, Configuration conf) {
    this.settings = settings;
    this.conf = conf;
  }

  /**
   * Reads the source and writes the shards, which appear whole or not at all.
   *
   * @throws UserError when an option, a file or the target folder is not right
   */
  public Prepared run(ProgressListener progress) throws IOException {
    try (TargetFolder folder = new TargetFolder(PathText.path(settings.to()), conf)) {
      Dataset existing = folder.existing(conf, settings.overwrite());
      try (OpenedSource opened = OpenedSource.open(settings, conf, progress)) {
        Source source = opened.source();
        Map<String, Integer> shards = shards(source.description());
        if (existing != null) {
          return unchanged(folder.path(), existing, source, shards, progress);
        }
        Dataset dataset = write(source, shards, folder::create, progress);
        folder.finish(dataset);
        return new Prepared(folder.path(), dataset, false);
      }
    }
  }

  /** Digests the source again; only if nothing differs, what is there may stay. */
  private Prepared unchanged(
      Path folder,
      Dataset existing,
      Source source,
      Map<String, Integer> shards,
      ProgressListener progress)
      throws IOException {
    Source.Description description = source.description();
    boolean same =
        existing.format().equals(description.format())
            && existing.classNames().equals(description.classNames())
            && existing.copies() == settings.copies()
            && existing.splits().keySet().equals(shards.keySet());
    for (Map.Entry<String, Integer> split : shards.entrySet()) {
      same =
          same
              && existing.split(split.getKey()).examples() == examples(description, split.getKey())
              && existing.split(split.getKey()).shards().size() == split.getValue();
    }
    if (same) {
      Dataset again = write(source, shards, file -> OutputStream.nullOutputStream(), progress);
      same = again.digest().equals(existing.digest());
    }
    if (!same) {
      throw new UserError(
          "%s already holds another data set, %s with digest %s: give a new folder, or --overwrite"
              .formatted(folder, existing.name(), existing.digest().substring(0, 12)));
    }
    return new Prepared(folder, existing, true);
  }

  private Dataset write(
      Source source, Map<String, Integer> shards, SplitWriter.Shards to, ProgressListener progress)
      throws IOException {
    Map<String, Dataset.Split> splits = new LinkedHashMap<>();
    for (Map.Entry<String, Integer> split : shards.entrySet()) {
      int copies = copies(split.getKey());
      splits.put(
          split.getKey(),
          new SplitWriter(source, split.getKey(), copies, progress).write(split.getValue(), to));
    }
    Source.Description description = source.description();
    return new Dataset(
        description.name(),
        description.format(),
        description.classNames(),
        splits,
        settings.copies(),
        description.origin(),
        description.licence());
  }

  private int copies(String split) {
    return split.equals(Dataset.TRAIN) ? settings.copies() : 1;
  }

  private long examples(Source.Description description, String split) {
    return Math.multiplyExact(description.examples().getOrDefault(split, 0L), (long) copies(split));
  }

  /** How many shards each split gets: as said for the training split, as long ones for others. */
  private Map<String, Integer> shards(Source.Description description) {
    long train = examples(description, Dataset.TRAIN);
    long bytes = train * description.format().recordBytes();
    Integer said = settings.shards();
    long wanted = said != null ? said : (bytes + DEFAULT_SHARD_BYTES - 1) / DEFAULT_SHARD_BYTES;
    if (said != null && said > train) {
      throw new UserError(
          "%d training examples cannot fill %d shards: --shards must be at most that"
              .formatted(train, said));
    }
    long trainShards = Math.max(1, Math.min(wanted, PreparationSettings.MAX_SHARDS));
    long shardExamples = (train + trainShards - 1) / trainShards;
    Map<String, Integer> shards = new LinkedHashMap<>();
    for (String split : description.examples().keySet()) {
      long count = (examples(description, split) + shardExamples - 1) / shardExamples;
      shards.put(split, (int) (split.equals(Dataset.TRAIN) ? trainShards : count));
    }
    return shards;
  }
}
