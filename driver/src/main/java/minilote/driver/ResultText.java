package minilote.driver;

import minilote.driver.report.Words;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingResult.Figures;
import minilote.trainer.run.TrainingSetup;
import org.jspecify.annotations.Nullable;

/** How a training ended, as a table for a terminal. */
final class ResultText {
  private ResultText() {}

  static String of(TrainingResult result, TrainingSetup setup) {
    boolean classified = result.train().accuracy() != null;
    TextTable table = new TextTable("lr");
    table.row("", "examples", "loss", classified ? "accuracy" : "");
    add(table, "training", setup.validation().trainingExamples(), result.train());
    add(table, "validation", setup.validation().validationExamples(), result.validation());
    add(
        table,
        "test",
        result.test() == null ? 0 : setup.dataset().split("test").examples(),
        result.test());
    StringBuilder text = new StringBuilder(table.toString()).append("\n\n");
    Double gap = result.generalizationGap();
    String unseen = result.test() == null ? "validation" : "test";
    if (gap != null) {
      text.append("generalization gap  ")
          .append(classified ? Words.points(gap) : Words.number(gap))
          .append(classified ? ", training − " + unseen : ", " + unseen + " − training")
          .append('\n');
    }
    if (result.bestEpoch() != null) {
      text.append(
          "weights of epoch    %d, the best on validation examples%n"
              .formatted(result.bestEpoch()));
    }
    text.append(
        "trained             %s, %s, %s%n"
            .formatted(
                Words.count(result.epochs(), "epoch"),
                Words.count(result.steps(), "update"),
                Words.duration(result.seconds())));
    return text.append("weights' SHA-256    ")
        .append(result.weightsSha256(), 0, 16)
        .append('…')
        .toString();
  }

  private static void add(TextTable table, String name, long examples, @Nullable Figures figures) {
    if (figures != null) {
      table.row(
          name,
          "%,d".formatted(examples),
          Words.loss(figures),
          figures.accuracy() == null ? "" : Words.percent(figures.accuracy()));
    }
  }
}
