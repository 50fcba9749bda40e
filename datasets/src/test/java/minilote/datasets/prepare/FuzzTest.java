package minilote.datasets.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import minilote.datasets.Dataset;
import minilote.datasets.KeyedRandom;
import minilote.datasets.ProgressListener;
import minilote.datasets.TestData;
import minilote.datasets.UserError;
import minilote.datasets.source.ImageSize;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files spoiled at random: each is read, or refused by a sentence; nothing else may happen. Seeded:
 * a case that fails is the same on every machine.
 */
@Timeout(300)
class FuzzTest {
  private static final int CASES = 60;

  @TempDir Path folder;

  private byte[] good(String kind) {
    return switch (kind) {
      case "png" -> TestImages.png(9, 7);
      case "jpg" -> TestImages.jpeg();
      case "csv" ->
          "a,\"b \"\"c\"\"\",k\n1,2.5,x\n-3e2,.5,\"y\nz\"\n7,8,x\n9,1,w\n"
              .getBytes(StandardCharsets.UTF_8);
      case "libsvm" -> "+1 1:0.5 3:-2e1 # good\n-1 2:7\n+1 4:1\n".getBytes(StandardCharsets.UTF_8);
      case "idx" -> TestData.idxImages(6, 2, 3, 100);
      case "idx.gz" -> TestData.gzip(TestData.idxImages(6, 2, 3, 100));
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private PreparationSettings.Builder placed(String kind, byte[] bytes, Path from)
      throws IOException {
    switch (kind) {
      case "png", "jpg" -> {
        TestData.write(from, "a/1." + kind, bytes);
        TestData.write(from, "b/1.png", TestImages.png(3, 3));
        return PreparationSettings.of("images").size(new ImageSize(4, 4)).from(from.toString());
      }
      case "csv", "libsvm" -> {
        TestData.write(from, "t", bytes);
        return PreparationSettings.of(kind).testFraction(0.0).from(from.resolve("t").toString());
      }
      default -> {
        TestData.writeMnist(from);
        TestData.write(from, "train-images-idx3-ubyte", bytes);
        return PreparationSettings.of("mnist").from(from.toString());
      }
    }
  }

  private static byte[] spoiled(byte[] good, KeyedRandom random) {
    byte[] bytes = good.clone();
    switch (random.nextInt(4)) {
      case 0 -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      }
      case 1 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        for (int i = 0; i < 1 + bytes.length / 20; i++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextLong();
        }
      }
      default -> {
        int from = random.nextInt(bytes.length);
        int length = random.nextInt(bytes.length - from);
        System.arraycopy(bytes, from, bytes, random.nextInt(bytes.length - length), length);
      }
    }
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "csv", "libsvm", "idx", "idx.gz"})
  void run_spoiledFile_isReadOrRefusedByASentence(String kind) throws IOException {
    Configuration conf = new Configuration(false);
    int refused = 0;
    for (int i = 0; i < CASES; i++) {
      Path from = Files.createDirectory(folder.resolve("case-" + i));
      Path to = folder.resolve("to-" + i);
      byte[] bytes = spoiled(good(kind), KeyedRandom.of(7, kind, i));
      PreparationSettings settings = placed(kind, bytes, from).to(to.toString()).build();
      try {
        Prepared prepared = new Preparation(settings, conf).run(ProgressListener.NONE);
        assertEquals(Dataset.read(prepared.folder(), conf), prepared.dataset());
      } catch (UserError e) {
        assertTrue(e.getMessage().length() > 20, e.getMessage());
        assertTrue(e.getMessage().contains(from.toString()), e.getMessage());
        assertTrue(!Files.exists(to));
        refused++;
      }
    }
    assertTrue(refused > CASES / 10, "only " + refused + " of " + CASES + " were refused");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void fromJsonText_spoiledDescription_isReadOrRefusedByASentence(long seed) throws IOException {
    Path from = Files.createDirectory(folder.resolve("from"));
    PreparationSettings.Builder settings = placed("csv", good("csv"), from);
    String text =
        new Preparation(
                settings.to(folder.resolve("to").toString()).build(), new Configuration(false))
            .run(ProgressListener.NONE)
            .dataset()
            .toJsonText();
    byte[] good = text.getBytes(StandardCharsets.UTF_8);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] bytes = spoiled(good, KeyedRandom.of(seed, "json", i));
      try {
        Dataset dataset = Dataset.fromJsonText(new String(bytes, StandardCharsets.UTF_8));
        assertEquals(List.copyOf(dataset.splits().keySet()).get(0), "train");
      } catch (UserError e) {
        refused++;
      }
    }
    assertTrue(refused > 125, "only " + refused + " were refused");
  }
}
