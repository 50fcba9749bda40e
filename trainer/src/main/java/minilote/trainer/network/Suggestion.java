package minilote.trainer.network;

import java.util.Collection;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What someone may have meant who wrote a word that is not known. */
final class Suggestion {
  private Suggestion() {}

  /**
   * {@code "; did you mean 'relu'?"}, or nothing where no known word is similar: at most one letter
   * in three may differ.
   */
  static String of(String word, Collection<String> known) {
    String best = "";
    int least = Math.max(1, word.length() / 3) + 1;
    for (String candidate : known) {
      int distance = new LevenshteinDistance(least).apply(word, candidate);
      if (distance >= 0 && distance < least) {
        best = candidate;
        least = distance;
      }
    }
    return best.isEmpty() ? "" : "; did you mean '" + best + "'?";
  }
}
