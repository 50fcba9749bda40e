package minilote.trainer.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import minilote.datasets.UserError;

/**
 * A network that is known by a name, such as {@code c1}. Each is a text among the resources, {@code
 * NAME.txt}, for people to read, copy and change:
 *
 * <pre>{@code
 * # What it is, in a few words
 * # Data: CIFAR-10, 3x32x32
 * # Source: the paper
 * conv 32 3x3 relu, max-pool 2x2,
 * dense 10 softmax
 * }</pre>
 *
 * @param name in lower case
 * @param text of the file
 * @param summary what it is: the file's first line
 * @param data what it is for
 * @param input the shape of an example of that
 */
public record NamedNetwork(
    String name, String text, String summary, String data, List<Integer> input) {
  /** All names, as they are listed: by data and size. */
  public static final List<String> NAMES =
      List.of(
          "lenet-5",
          "m3",
          "m2",
          "p1",
          "keskar-f1",
          "fashion-cnn",
          "m1",
          "c1",
          "keskar-c1",
          "resnet-8",
          "wide-resnet",
          "resnet-20");

  /** In the names of tensors that are measured, not learned. */
  private static final String RUNNING = ".running_";

  private static final Pattern SUMMARY = Pattern.compile("\\A# (.+)");
  private static final Pattern DATA = Pattern.compile("(?m)^# Data: (.+), (\\d+(?:x\\d+x\\d+)?)$");

  /** What is neither words of layers, which have spaces or parentheses, nor JSON. */
  private static final Pattern ONE_WORD = Pattern.compile("[^\\s,(){}]+");

  public NamedNetwork {
    input = List.copyOf(input);
  }

  /** All networks with a name. */
  public static List<NamedNetwork> all() {
    return NAMES.stream().map(NamedNetwork::of).toList();
  }

  /** Whether a network has that name. */
  public static boolean isKnown(String name) {
    return NAMES.contains(lowerCase(name));
  }

  /** Whether a text can be no description of layers, but perhaps a name. */
  public static boolean isOneWord(String text) {
    return ONE_WORD.matcher(text).matches() && !LayerKind.allWords().contains(lowerCase(text));
  }

  /**
   * The network of that name, in letters of either case.
   *
   * @throws UserError with the names that are known
   */
  public static NamedNetwork of(String name) {
    return of(name, NAMES);
  }

  /** The same where a kind of layer may have been meant: if so, the sentence says which. */
  public static NamedNetwork ofNameOrLayer(String word) {
    List<String> known = new ArrayList<>(NAMES);
    known.addAll(LayerKind.allWords());
    return of(word, known);
  }

  private static NamedNetwork of(String name, List<String> suggested) {
    String lower = lowerCase(name);
    if (!NAMES.contains(lower)) {
      throw new UserError(
          "'%s' is no network's name (known: %s)%s"
              .formatted(name, String.join(", ", NAMES), Suggestion.of(lower, suggested)));
    }
    return read(lower);
  }

  private static NamedNetwork read(String name) {
    String text;
    try (InputStream in = NamedNetwork.class.getResourceAsStream(name + ".txt")) {
      if (in == null) {
        throw new IllegalStateException("there is no resource " + name + ".txt");
      }
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Matcher summary = SUMMARY.matcher(text);
    Matcher data = DATA.matcher(text);
    if (!summary.find() || !data.find()) {
      throw new IllegalStateException(name + ".txt does not say what it is, and for what data");
    }
    List<Integer> input = Arrays.stream(data.group(2).split("x")).map(Integer::valueOf).toList();
    return new NamedNetwork(name, text, summary.group(1), data.group(1), input);
  }

  private static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Its layers. */
  public NetworkDescription description() {
    return NetworkDescription.parse(text);
  }

  /** How many numbers it learns on its data: not the running means and variances it keeps. */
  public int parameters() {
    return network().tensors().stream()
        .filter(tensor -> !tensor.name().contains(RUNNING))
        .mapToInt(ParameterTensor::length)
        .sum();
  }

  /** The network on examples of its data. */
  public Network network() {
    return Network.of(description(), input);
  }
}
