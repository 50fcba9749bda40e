package minilote.driver.lesson;

import java.util.List;
import java.util.stream.Collectors;
import minilote.datasets.UserError;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** All lessons, in the order in which they teach. */
public final class Lessons {
  public static final List<Lesson> ALL =
      List.of(
          new Gates(),
          new PerceptronLesson(),
          new Xor(),
          new Neuron(),
          new Activations(),
          new Descent(),
          new LearningRate(),
          new Composition(),
          new Backpropagation(),
          new ErrorAndGradient(),
          new Approximation(),
          new Separators(),
          new VanishingGradient(),
          new Convolutions(),
          new GeneralizationGap(),
          new BatchSizes(),
          new Cases(),
          new Anisotropy(),
          new Smoothing());

  /** Of a name's letters, what may be wrong in a misspelled one. */
  private static final double MISSPELLED = 0.4;

  private Lessons() {}

  /**
   * The lesson of that name.
   *
   * @throws UserError with the names that there are
   */
  public static Lesson named(String name) {
    for (Lesson lesson : ALL) {
      if (lesson.name().equals(name)) {
        return lesson;
      }
    }
    List<String> names = ALL.stream().map(Lesson::name).toList();
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    int nearest = names.stream().mapToInt(known -> distance.apply(known, name)).min().orElse(0);
    String near =
        names.stream()
            .filter(known -> distance.apply(known, name) == nearest)
            .filter(known -> nearest <= MISSPELLED * known.length())
            .collect(Collectors.joining(" or "));
    throw new UserError(
        near.isEmpty()
            ? "'%s' is no lesson; there are %s, and all".formatted(name, String.join(", ", names))
            : "'%s' is no lesson; did you mean %s?".formatted(name, near));
  }
}
