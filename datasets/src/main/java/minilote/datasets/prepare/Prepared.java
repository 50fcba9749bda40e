package minilote.datasets.prepare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import minilote.datasets.Dataset;
import org.apache.hadoop.fs.Path;

/**
 * What a preparation has made.
 *
 * @param folder where it is
 * @param dataset what its {@code dataset.json} says
 * @param unchanged whether the very same data set was there before, and nothing was written
 */
public record Prepared(Path folder, Dataset dataset, boolean unchanged) {

  /** Bytes of a split's shards. */
  public long bytes(String split) {
    return dataset.split(split).examples() * dataset.format().recordBytes();
  }

  /** Bytes of all shards. */
  public long bytes() {
    return dataset.splits().keySet().stream().mapToLong(this::bytes).sum();
  }

  /** The summary as one object: name, folder, digest and, split by split, what was written. */
  public ObjectNode toJson() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("name", dataset.name());
    json.put("folder", folder.toString());
    json.put("digest", dataset.digest());
    json.put("unchanged", unchanged);
    json.put("copies", dataset.copies());
    json.set("record", dataset.format().toJson());
    json.put("bytes", bytes());
    ObjectNode splits = json.putObject("splits");
    dataset
        .splits()
        .forEach(
            (name, split) ->
                splits
                    .putObject(name)
                    .put("examples", split.examples())
                    .put("shards", split.shards().size())
                    .put("bytes", bytes(name)));
    return json;
  }
}
