package minilote.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A prepared data set: what {@code dataset.json} in its folder says. The file is written last, so
 * that a folder that has one is complete.
 *
 * @param name what it is called, "cifar-10"
 * @param format how each record of every shard lies
 * @param classNames names of the classes, labels or numbers; empty where there are none
 * @param splits "train", mostly "test", in that order
 * @param copies how often the training split holds every example: 1 but for load tests
 * @param source where the examples came from
 * @param licence what is known about their licence; may be empty
 */
public record Dataset(
    String name,
    RecordFormat format,
    List<String> classNames,
    Map<String, Split> splits,
    int copies,
    String source,
    String licence) {
  /** The file that describes a prepared folder. */
  public static final String FILE = "dataset.json";

  public static final String TRAIN = "train";
  public static final String TEST = "test";

  private static final int FORMAT_VERSION = 1;
  private static final long MAX_FILE_BYTES = 256L << 20;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  // Shards lie below their folder: what a dataset.json names is read, and must not be elsewhere.
  private static final Pattern SHARD_FILE = Pattern.compile("[\\w-][\\w.-]*(/[\\w-][\\w.-]*)*");

  /** One part of a data set; its examples have the ids 0..examples−1 in the order of its shards. */
  public record Split(long examples, List<Shard> shards, Statistics statistics) {
    public Split {
      shards = List.copyOf(shards);
      long sum = 0;
      for (Shard shard : shards) {
        sum = Math.addExact(sum, shard.examples());
      }
      if (examples < 1 || sum != examples) {
        throw new UserError(
            "a split needs at least 1 example and shards that add up to it, not %d examples and shards of %d"
                .formatted(examples, sum));
      }
    }
  }

  /**
   * One file of fixed-length records.
   *
   * @param file relative to the data set's folder, "train/part-00000.bin"
   * @param sha256 of the file's bytes, in lower-case hexadecimal digits
   */
  public record Shard(String file, long examples, String sha256) {
    public Shard {
      if (!SHARD_FILE.matcher(file).matches()) {
        throw new UserError("a shard's file must be a plain relative path, not \"" + file + "\"");
      }
      if (examples < 0 || examples > Long.MAX_VALUE / RecordFormat.MAX_RECORD_BYTES) {
        throw new UserError("shard %s cannot hold %d examples".formatted(file, examples));
      }
      if (!SHA256.matcher(sha256).matches()) {
        throw new UserError(
            "shard %s needs a SHA-256 of 64 hexadecimal digits, not \"%s\""
                .formatted(file, sha256));
      }
    }
  }

  /**
   * @throws UserError when the parts do not fit each other
   */
  public Dataset {
    classNames = List.copyOf(classNames);
    splits = Collections.unmodifiableMap(new LinkedHashMap<>(splits));
    if (name.isBlank()) {
      throw new UserError("a data set needs a name");
    }
    if (!classNames.isEmpty() && classNames.size() != format.targets()) {
      throw new UserError(
          "%d class names do not fit %d targets".formatted(classNames.size(), format.targets()));
    }
    if (!splits.containsKey(TRAIN)) {
      throw new UserError("a data set needs a split \"" + TRAIN + "\"");
    }
    for (Map.Entry<String, Split> split : splits.entrySet()) {
      int channels = split.getValue().statistics().channels();
      if (channels != format.channels()) {
        throw new UserError(
            "split \"%s\" has statistics of %d channels, its records have %d"
                .formatted(split.getKey(), channels, format.channels()));
      }
    }
    if (copies < 1) {
      throw new UserError("copies must be at least 1, not " + copies);
    }
  }

  /**
   * The split of that name.
   *
   * @throws UserError when there is no such split
   */
  public Split split(String split) {
    Split found = splits.get(split);
    if (found == null) {
      throw new UserError(
          "data set %s has no split \"%s\", only %s"
              .formatted(name, split, String.join(", ", splits.keySet())));
    }
    return found;
  }

  /**
   * Identifies the records: the SHA-256 over the format and, split by split, the digest of every
   * shard in order. Names, statistics and the folder's place do not enter it.
   */
  public String digest() {
    MessageDigest sha256 = Sha256.newDigest();
    update(sha256, format.toJson().toString());
    splits.forEach(
        (name, split) -> {
          update(sha256, name);
          split.shards().forEach(shard -> update(sha256, shard.sha256()));
        });
    return Sha256.hex(sha256);
  }

  private static void update(MessageDigest digest, String line) {
    digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads the {@code dataset.json} of a folder.
   *
   * @throws UserError naming the file when it is absent or wrong
   */
  public static Dataset read(Path folder, Configuration conf) throws IOException {
    Path file = new Path(folder, FILE);
    FileSystem files = file.getFileSystem(conf);
    byte[] bytes;
    try {
      FileStatus status = files.getFileStatus(file);
      if (!status.isFile() || status.getLen() > MAX_FILE_BYTES) {
        throw new UserError(
            "%s must be a file of at most %d MB".formatted(file, MAX_FILE_BYTES >> 20));
      }
      try (FSDataInputStream in = files.open(file)) {
        bytes = in.readAllBytes();
      }
    } catch (FileNotFoundException e) {
      throw new UserError(
          "%s is not there: %s is no prepared data set (minilote prepare makes one)"
              .formatted(file, folder),
          e);
    }
    try {
      return fromJsonText(new String(bytes, StandardCharsets.UTF_8));
    } catch (UserError e) {
      throw new UserError(file + ": " + e.getMessage(), e);
    }
  }

  /** The text of {@code dataset.json}: the same data set gives the same text. */
  public String toJsonText() {
    ObjectNode json = Json.object();
    json.put("format_version", FORMAT_VERSION);
    json.put("name", name);
    json.set("record", format.toJson());
    ArrayNode names = json.putArray("class_names");
    classNames.forEach(names::add);
    json.put("copies", copies);
    json.put("source", source);
    json.put("licence", licence);
    ObjectNode splitsJson = json.putObject("splits");
    splits.forEach(
        (splitName, split) -> {
          ObjectNode splitJson = splitsJson.putObject(splitName);
          splitJson.put("examples", split.examples());
          ArrayNode shards = splitJson.putArray("shards");
          for (Shard shard : split.shards()) {
            shards
                .addObject()
                .put("file", shard.file())
                .put("examples", shard.examples())
                .put("sha256", shard.sha256());
          }
          splitJson.set("statistics", split.statistics().toJson());
        });
    return Json.pretty(json);
  }

  /**
   * The data set that such a text describes.
   *
   * @throws UserError when the text is no JSON or a member is missing or wrong
   */
  public static Dataset fromJsonText(String text) {
    ObjectNode json = Json.parse(text);
    long version = Json.integer(json, "format_version", 1, Integer.MAX_VALUE);
    if (version != FORMAT_VERSION) {
      throw new UserError(
          "format version %d is not one that this Minilote reads, which is %d"
              .formatted(version, FORMAT_VERSION));
    }
    RecordFormat format = RecordFormat.fromJson(Json.object(json, "record"));
    Map<String, Split> splits = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : Json.object(json, "splits").properties()) {
      String name = entry.getKey();
      try {
        splits.put(name, splitFrom(Json.object(json.get("splits"), name), format.featureType()));
      } catch (UserError e) {
        throw new UserError("split \"" + name + "\": " + e.getMessage(), e);
      }
    }
    return new Dataset(
        Json.text(json, "name"),
        format,
        Json.texts(json, "class_names"),
        splits,
        (int) Json.integer(json, "copies", 1, Integer.MAX_VALUE),
        Json.text(json, "source"),
        Json.text(json, "licence"));
  }

  private static Split splitFrom(ObjectNode json, FeatureType featureType) {
    List<Shard> shards = new ArrayList<>();
    for (JsonNode shard : Json.list(json, "shards")) {
      shards.add(
          new Shard(
              Json.text(shard, "file"),
              Json.integer(shard, "examples", 0, Long.MAX_VALUE),
              Json.text(shard, "sha256")));
    }
    return new Split(
        Json.integer(json, "examples", 1, Long.MAX_VALUE),
        shards,
        Statistics.fromJson(Json.object(json, "statistics"), featureType));
  }
}
