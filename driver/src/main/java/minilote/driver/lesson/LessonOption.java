package minilote.driver.lesson;

/** An option that some lessons take and others do not. */
public enum LessonOption {
  CSV("--csv"),
  TRACE("--trace"),
  DATA("--data");

  private final String word;

  LessonOption(String word) {
    this.word = word;
  }

  /** As it is written. */
  public String word() {
    return word;
  }
}
