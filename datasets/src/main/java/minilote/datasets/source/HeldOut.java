package minilote.datasets.source;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import minilote.datasets.Dataset;
import minilote.datasets.UserError;
import minilote.datasets.ValidationSplit;
import org.jspecify.annotations.Nullable;

/** Gives a source that only has a training split a test split: a fraction of it, by seed. */
final class HeldOut implements Source {
  private final Source whole;
  private final ValidationSplit held;
  private final Description description;

  private HeldOut(Source whole, ValidationSplit held) {
    this.whole = whole;
    this.held = held;
    Map<String, Long> examples = new LinkedHashMap<>();
    examples.put(Dataset.TRAIN, held.trainingExamples());
    examples.put(Dataset.TEST, held.validationExamples());
    Description d = whole.description();
    this.description =
        new Description(d.name(), d.format(), d.classNames(), examples, d.origin(), d.licence());
  }

  /**
   * The source itself where it has a test split or none is wanted.
   *
   * @param fraction null for {@link TestFraction#DEFAULT}
   * @throws UserError when a fraction is given although there is a test split
   */
  static Source of(Source source, @Nullable Double fraction, long seed) {
    Map<String, Long> examples = source.description().examples();
    if (examples.containsKey(Dataset.TEST)) {
      if (fraction != null) {
        throw new UserError(
            "the test examples come from a file of their own, so that no test fraction can be given");
      }
      return source;
    }
    ValidationSplit held =
        TestFraction.of(fraction, seed, examples.getOrDefault(Dataset.TRAIN, 0L));
    return held.validationExamples() == 0 ? source : new HeldOut(source, held);
  }

  @Override
  public Description description() {
    return description;
  }

  @Override
  public Records open(String split) throws IOException {
    boolean test = split.equals(Dataset.TEST);
    Records all = whole.open(Dataset.TRAIN);
    return new Records() {
      private long id;

      @Override
      public boolean read(byte[] record) throws IOException {
        while (all.read(record)) {
          if (held.isValidation(id++) == test) {
            return true;
          }
        }
        return false;
      }

      @Override
      public void close() throws IOException {
        all.close();
      }
    };
  }
}
