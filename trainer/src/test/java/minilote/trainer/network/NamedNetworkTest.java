package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The networks with names: their files, and what is in them. */
class NamedNetworkTest {
  private static final Path FILES = Path.of("src/main/resources/minilote/trainer/network");

  /**
   * Of a residual block of two convolutions of 3 × 3, each with a scale and a shift for each
   * channel.
   */
  private static int block(int in, int out) {
    return (in * 9 * out + 2 * out) + (out * 9 * out + 2 * out);
  }

  /** The same with a convolution of 1 × 1 on the way around it. */
  private static int halvingBlock(int in, int out) {
    return block(in, out) + (in * out + 2 * out);
  }

  /**
   * By hand: of each layer, weights and biases; of a normalized one, also a scale and a shift for
   * each unit or channel.
   */
  private static final Map<String, Integer> PARAMETERS =
      Map.ofEntries(
          // 28 × 28 −5×5, same→ 28 × 28 −2→ 14 × 14 −5×5→ 10 × 10 −2→ 5 × 5, of 16 channels: 400
          Map.entry(
              "lenet-5",
              (25 * 6 + 6)
                  + (6 * 25 * 16 + 16)
                  + (400 * 120 + 120)
                  + (120 * 84 + 84)
                  + (84 * 10 + 10)),
          // 28 × 28 → 14 × 14 → 7 × 7, of 64 channels: 3,136
          Map.entry(
              "fashion-cnn",
              (9 * 32 + 32) + (32 * 9 * 64 + 64) + (3136 * 128 + 128) + (128 * 10 + 10)),
          // 32 × 32 → 16 × 16 → 8 × 8, of 64 channels: 4,096
          Map.entry(
              "c1",
              (3 * 9 * 32 + 32)
                  + (32 * 9 * 32 + 32)
                  + (32 * 9 * 64 + 64)
                  + (64 * 9 * 64 + 64)
                  + (4096 * 256 + 256)
                  + (256 * 10 + 10)),
          Map.entry("m1", (3072 * 512 + 512) + (512 * 512 + 512) + (512 * 10 + 10)),
          Map.entry("m2", (784 * 512 + 512) + 4 * (512 * 512 + 512) + (512 * 10 + 10)),
          Map.entry("m3", (784 * 128 + 128) + (128 * 10 + 10)),
          Map.entry(
              "p1",
              (784 * 2500 + 2500)
                  + (2500 * 2000 + 2000)
                  + (2000 * 1500 + 1500)
                  + (1500 * 1000 + 1000)
                  + (1000 * 500 + 500)
                  + (500 * 10 + 10)),
          Map.entry(
              "keskar-f1",
              (784 * 512 + 512 + 2 * 512) + 4 * (512 * 512 + 512 + 2 * 512) + (512 * 10 + 10)),
          // 32 × 32 −3×3, 2 apart, padded→ 16 × 16 → 8 × 8, of 64 channels: 4,096
          Map.entry(
              "keskar-c1",
              (3 * 25 * 64 + 64 + 2 * 64)
                  + (64 * 25 * 64 + 64 + 2 * 64)
                  + (4096 * 384 + 384 + 2 * 384)
                  + (384 * 192 + 192 + 2 * 192)
                  + (192 * 10 + 10)),
          // 464 + 4,672 + 14,528 + 57,728 + 650
          Map.entry(
              "resnet-8",
              (3 * 9 * 16 + 2 * 16)
                  + block(16, 16)
                  + halvingBlock(16, 32)
                  + halvingBlock(32, 64)
                  + (64 * 10 + 10)),
          // 928 + 18,560 + 57,728 + 230,144 + 1,290
          Map.entry(
              "wide-resnet",
              (3 * 9 * 32 + 2 * 32)
                  + block(32, 32)
                  + halvingBlock(32, 64)
                  + halvingBlock(64, 128)
                  + (128 * 10 + 10)),
          // 464 + 3 · 4,672 + (14,528 + 2 · 18,560) + (57,728 + 2 · 73,984) + 650
          Map.entry(
              "resnet-20",
              (3 * 9 * 16 + 2 * 16)
                  + 3 * block(16, 16)
                  + (halvingBlock(16, 32) + 2 * block(32, 32))
                  + (halvingBlock(32, 64) + 2 * block(64, 64))
                  + (64 * 10 + 10)));

  @Test
  void parameters_ofResidualNetworks_areThePublishedOnesButForWhatTheFilesSay() {
    // MLPerf Tiny's 78,666 have convolutions' biases (16 + 32 + 3 · 32 + 3 · 64), no normalization
    // of
    // the two of 1 × 1, and of the seven others the running means and variances.
    assertEquals(
        78_666 - 336 + 2 * (32 + 64) - 2 * (3 * 16 + 2 * 32 + 2 * 64), PARAMETERS.get("resnet-8"));
    // He et al.'s 0.27 million, which are 269,722, have none on the two ways around.
    assertEquals(269_722 + (16 * 32 + 2 * 32) + (32 * 64 + 2 * 64), PARAMETERS.get("resnet-20"));
  }

  static List<String> names() {
    return NamedNetwork.NAMES;
  }

  @Test
  void names_ofAllFiles_areThoseThatAreKnown() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      Set<String> there =
          files
              .map(file -> file.getFileName().toString().replaceFirst("\\.txt$", ""))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(new TreeSet<>(NamedNetwork.NAMES), there);
    }
    assertEquals(Set.copyOf(NamedNetwork.NAMES), PARAMETERS.keySet());
    assertEquals(NamedNetwork.NAMES.size(), NamedNetwork.all().size());
  }

  @ParameterizedTest
  @MethodSource("names")
  void network_onItsData_hasTheParametersCountedByHand(String name) {
    Network network = NamedNetwork.of(name).network();

    assertEquals(PARAMETERS.get(name), NamedNetwork.of(name).parameters());
    assertEquals(10, network.outputs());
    BackPropagation.check(network, Loss.CATEGORICAL_CROSS_ENTROPY);
  }

  @ParameterizedTest
  @MethodSource("names")
  void text_ofEachFile_saysWhatItIsAndItsSource(String name) {
    NamedNetwork network = NamedNetwork.of(name);

    assertTrue(network.text().contains("\n# Source: "), network.text());
    assertTrue(network.summary().length() <= 46, "fits a line of a table: " + network.summary());
    assertEquals(network.description(), NetworkDescription.parse(network.description().toWords()));
    assertFalse(LayerKind.allWords().contains(name), "a name is no word of a layer");
  }

  @Test
  void of_upperCase_isTheSameNetwork() {
    assertEquals(NamedNetwork.of("c1"), NamedNetwork.of("C1"));
    assertTrue(NamedNetwork.isKnown("LeNet-5"));
  }

  @Test
  void of_similarName_suggestsIt() {
    String sentence = assertThrows(UserError.class, () -> NamedNetwork.of("LeNet5")).getMessage();

    assertEquals(
        "'LeNet5' is no network's name (known: %s); did you mean 'lenet-5'?"
            .formatted(String.join(", ", NamedNetwork.NAMES)),
        sentence);
  }

  @Test
  void isOneWord_layersOrJson_isNot() {
    assertTrue(NamedNetwork.isOneWord("vgg-16"));
    for (String text : List.of("dense 3", "flatten", "dense,flatten", "{}", "", "elu(1)")) {
      assertFalse(NamedNetwork.isOneWord(text), text);
    }
  }
}
