package minilote.driver;

/** Words of commands that are shown to be typed again. */
final class ShellWord {
  private ShellWord() {}

  /** The word as a shell takes it for one: in quotes where it needs them. */
  static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
