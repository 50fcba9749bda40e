package minilote.trainer.math;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import minilote.datasets.UserError;

/**
 * An engine by name. Each gives the same bits wherever it runs; the two differ in the last ones.
 */
public enum EngineKind {
  /** Native where it loads, otherwise portable. */
  AUTO,
  /** {@link NativeEngine}. */
  NATIVE,
  /** {@link PortableEngine}. */
  PORTABLE;

  /** As it is written. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The inverse of {@link #word()}.
   *
   * @throws UserError with the words that there are
   */
  public static EngineKind parse(String word) {
    for (EngineKind kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw new UserError(
        "'%s' is no engine (known: %s)"
            .formatted(
                word,
                Arrays.stream(values()).map(EngineKind::word).collect(Collectors.joining(", "))));
  }

  /** What {@link #AUTO} means in this process. */
  public EngineKind here() {
    return this != AUTO ? this : OneDnnLibrary.report().loads() ? NATIVE : PORTABLE;
  }

  /** A new engine; the caller closes it. */
  public Engine create() {
    return here() == NATIVE ? NativeEngine.create() : PortableEngine.create();
  }
}
