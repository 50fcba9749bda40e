package minilote.driver;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import minilote.datasets.UserError;
import minilote.trainer.network.NamedNetwork;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.run.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What {@code --network} gives: words of layers, or JSON; the name of a network; or a file of words
 * or JSON. What a name stands for is settled here, so that a run does not depend on names.
 */
final class NetworkOption {
  private static final long LARGEST_FILE = 16L << 20;

  private NetworkOption() {}

  /**
   * The layers.
   *
   * @throws UserError with what would be right
   */
  static NetworkDescription read(String given, Configuration configuration) throws IOException {
    if (NamedNetwork.isKnown(given)) {
      return NamedNetwork.of(given).description();
    }
    boolean oneWord = NamedNetwork.isOneWord(given);
    if (hasEndingOfFiles(given)
        || (oneWord && (given.contains("/") || isFile(given, configuration)))) {
      return file(given, configuration);
    }
    if (oneWord) {
      return Choice.named("--network", () -> NamedNetwork.ofNameOrLayer(given).description());
    }
    return Choice.named("--network", () -> NetworkDescription.parse(given));
  }

  /** Also with spaces in its name. */
  private static boolean hasEndingOfFiles(String given) {
    String lower = given.toLowerCase(Locale.ROOT);
    return lower.endsWith(".json") || lower.endsWith(".txt");
  }

  private static boolean isFile(String given, Configuration configuration) throws IOException {
    Path place = Locations.of("--network", given, configuration);
    return Files.fileSystem(place, configuration).exists(place);
  }

  private static NetworkDescription file(String name, Configuration configuration)
      throws IOException {
    Path place = Locations.of("--network", name, configuration);
    try {
      String text = Files.readText(place, LARGEST_FILE, configuration);
      return Choice.named("--network " + name, () -> NetworkDescription.parse(text));
    } catch (FileNotFoundException e) {
      throw new UserError("--network %s: there is no such file".formatted(name), e);
    }
  }
}
