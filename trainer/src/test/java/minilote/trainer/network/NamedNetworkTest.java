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

  /** By hand: of each layer, weights and biases. */
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
                  + (500 * 10 + 10)));

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

    assertEquals(PARAMETERS.get(name), network.parameterCount());
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
