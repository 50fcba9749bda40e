package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetTest {
  @TempDir java.nio.file.Path folder;

  static Dataset dataset() {
    Statistics statistics =
        new Statistics(
            FeatureType.BYTES,
            5,
            List.of(BigDecimal.valueOf(1000)),
            List.of(BigDecimal.valueOf(250_000)));
    Map<String, Dataset.Split> splits = new LinkedHashMap<>();
    splits.put(
        "train",
        new Dataset.Split(
            5,
            List.of(
                new Dataset.Shard("train/part-00000.bin", 2, "a".repeat(64)),
                new Dataset.Shard("train/part-00001.bin", 3, "b".repeat(64))),
            statistics));
    splits.put(
        "test",
        new Dataset.Split(
            1, List.of(new Dataset.Shard("test/part-00000.bin", 1, "c".repeat(64))), statistics));
    return new Dataset(
        "tiny", RecordFormat.image(1, 1, 1, 2), List.of("no", "ja"), splits, 1, "here", "none");
  }

  private Path path() {
    return new Path(folder.toUri().toString());
  }

  @Test
  void toJsonText_anyDataset_comesBackEqual() {
    Dataset dataset = dataset();
    assertEquals(dataset, Dataset.fromJsonText(dataset.toJsonText()));
    assertEquals(
        List.of("train", "test"),
        List.copyOf(Dataset.fromJsonText(dataset.toJsonText()).splits().keySet()));
  }

  @Test
  void read_fileWritten_isTheDataset() throws IOException {
    Files.writeString(folder.resolve("dataset.json"), dataset().toJsonText());
    assertEquals(dataset(), Dataset.read(path(), new Configuration(false)));
  }

  @Test
  void digest_sameRecordsElsewhere_isTheSame() {
    Dataset dataset = dataset();
    Dataset renamed =
        new Dataset(
            "other", dataset.format(), List.of(), dataset.splits(), 1, "elsewhere", "another");
    assertEquals(dataset.digest(), renamed.digest());
    String otherShard = dataset.toJsonText().replace("c".repeat(64), "d".repeat(64));
    assertNotEquals(dataset.digest(), Dataset.fromJsonText(otherShard).digest());
    String otherFormat = dataset.toJsonText().replace("\"targets\" : 2", "\"targets\" : 3");
    assertNotEquals(
        dataset.digest(),
        Dataset.fromJsonText(otherFormat.replace("[ \"no\", \"ja\" ]", "[ ]")).digest());
  }

  @Test
  void read_noDatasetThere_saysWhatWouldMakeOne() {
    UserError e =
        assertThrows(UserError.class, () -> Dataset.read(path(), new Configuration(false)));
    assertEquals(
        path()
            + "/dataset.json is not there: "
            + path()
            + " is no prepared data set (minilote prepare makes one)",
        e.getMessage());
  }

  /** Each row: a text of a good dataset.json, what stands there instead, what the user reads. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "'\"format_version\" : 1' | '\"format_version\" : 2' | 'format version 2 is not one that this Minilote reads, which is 1'",
        "'\"format_version\" : 1,' | '' | '\"format_version\" is missing'",
        "'\"name\" : \"tiny\"' | '\"name\" : 3' | '\"name\" must be a text, not 3'",
        "'\"name\" : \"tiny\"' | '\"name\" : \"\"' | 'a data set needs a name'",
        "'\"name\" : \"tiny\"' | '\"name\" : \"a\", \"name\" : \"b\"' | 'not valid JSON at line 3, column 23: Duplicate field ''name'''",
        "'\"name\" : \"tiny\",' | '\"name\" \"tiny\",' | 'not valid JSON at line 3, column 10: Unexpected character (''\"'' (code 34)): was expecting a colon to separate field name and value'",
        "'[ 1, 1, 1 ]' | '[ 1, 1 ]' | 'a record''s shape must be (channels, height, width) or (features), not [1, 1]'",
        "'[ 1, 1, 1 ]' | '[ 1, 0, 1 ]' | 'a record''s shape must have sizes of at least 1, not [1, 0, 1]'",
        "'[ 1, 1, 1 ]' | '[ 1, 1.5, 1 ]' | '\"shape\" must be a list of whole numbers, not 1.5'",
        "'[ 1, 1, 1 ]' | '[ 2000000, 2000000, 2000000 ]' | 'a record of shape [2000000, 2000000, 2000000] would take more than 268435456 bytes'",
        "'[ 1, 1, 1 ]' | '7' | '\"shape\" must be a list, not 7'",
        "'[ 1, 1, 1 ]' | '[ 2, 1, 1 ]' | 'split \"train\" has statistics of 1 channels, its records have 2'",
        "'\"bytes\"' | '\"words\"' | '\"features\" must be one of bytes, floats, not \"words\"'",
        "'\"target\" : \"class\"' | '\"target\" : \"klass\"' | '\"target\" must be one of class, labels, numbers, not \"klass\"'",
        "'\"targets\" : 2' | '\"targets\" : 0' | '\"targets\" must be a whole number from 1 to 2147483647, not 0'",
        "'\"targets\" : 2' | '\"targets\" : 1' | 'a record needs 2 to 65536 classes, not 1'",
        "'\"targets\" : 2' | '\"targets\" : 70000' | 'a record needs 2 to 65536 classes, not 70000'",
        "'\"targets\" : 2' | '\"targets\" : 3' | '2 class names do not fit 3 targets'",
        "'[ \"no\", \"ja\" ]' | '[ \"no\", 1 ]' | '\"class_names\" must be a list of texts, not [\"no\",1]'",
        "'\"copies\" : 1' | '\"copies\" : 0' | '\"copies\" must be a whole number from 1 to 2147483647, not 0'",
        "'\"examples\" : 5' | '\"examples\" : 6' | 'split \"train\": a split needs at least 1 example and shards that add up to it, not 6 examples and shards of 5'",
        "'\"examples\" : 5' | '\"examples\" : -5' | 'split \"train\": \"examples\" must be a whole number from 1 to 9223372036854775807, not -5'",
        "'train/part-00000.bin' | '../part-00000.bin' | 'split \"train\": a shard''s file must be a plain relative path, not \"../part-00000.bin\"'",
        "'train/part-00000.bin' | '/etc/passwd' | 'split \"train\": a shard''s file must be a plain relative path, not \"/etc/passwd\"'",
        "'train/part-00000.bin' | 'file:/part' | 'split \"train\": a shard''s file must be a plain relative path, not \"file:/part\"'",
        "'\"sha256\" : \"a' | '\"sha256\" : \"A' | 'split \"train\": shard train/part-00000.bin needs a SHA-256 of 64 hexadecimal digits, not \"Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"'",
        "'\"count\" : 5' | '\"count\" : 0' | 'split \"train\": \"count\" must be a whole number from 1 to 9223372036854775807, not 0'",
        "'[ 250000 ]' | '[ -1 ]' | 'split \"train\": a sum of squares is negative'",
        "'[ 250000 ]' | '[ ]' | 'split \"train\": statistics need as many sums as sums of squares, not 1 and 0'",
        "'[ 250000 ]' | '[ \"x\" ]' | 'split \"train\": \"sum_of_squares\" must be a list of numbers, not [\"x\"]'",
        "'\"train\" : {' | '\"other\" : {' | 'a data set needs a split \"train\"'",
      })
  void read_wrongContent_isRefusedInOneSentenceThatNamesTheFile(
      String good, String bad, String sentence) throws IOException {
    String text = dataset().toJsonText();
    int at = text.indexOf(good);
    if (at < 0) {
      throw new IllegalArgumentException(good + " is not in " + text);
    }
    String replaced =
        text.substring(0, at) + (bad == null ? "" : bad) + text.substring(at + good.length());
    Files.writeString(folder.resolve("dataset.json"), replaced);
    UserError e =
        assertThrows(UserError.class, () -> Dataset.read(path(), new Configuration(false)));
    assertEquals(path() + "/dataset.json: " + sentence, e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "'' | 'a JSON object {…} is expected, this is empty'",
        "'[]' | 'a JSON object {…} is expected, this is []'",
        "'{' | 'not valid JSON at line 1, column 2: Unexpected end-of-input: expected close marker for Object'",
        "'{} x' | 'not valid JSON at line 1, column 5: Unrecognized token ''x'': was expecting (JSON String, Number, Array, Object or token ''null'', ''true'' or ''false'')'",
        "'{\"format_version\":1}' | '\"record\" is missing'",
      })
  void read_noDatasetInIt_isRefusedInOneSentenceThatNamesTheFile(String text, String sentence)
      throws IOException {
    Files.writeString(folder.resolve("dataset.json"), text);
    UserError e =
        assertThrows(UserError.class, () -> Dataset.read(path(), new Configuration(false)));
    assertEquals(path() + "/dataset.json: " + sentence, e.getMessage());
  }

  @Test
  void split_unknown_namesThoseThereAre() {
    UserError e = assertThrows(UserError.class, () -> dataset().split("validation"));
    assertEquals("data set tiny has no split \"validation\", only train, test", e.getMessage());
  }
}
