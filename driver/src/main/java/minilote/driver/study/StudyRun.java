package minilote.driver.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import minilote.datasets.Json;
import minilote.datasets.Sha256;
import minilote.trainer.run.TrainingSetup;

/**
 * One run of a study.
 *
 * @param cell what it is a run of
 * @param seed its seed
 * @param setup its settings with their data
 * @param key the name of its folder: it follows from all that decides the result, so that studies
 *     with a run in common have it once
 */
public record StudyRun(Cell cell, long seed, TrainingSetup setup, String key) {
  private static final int KEY_LENGTH = 16;

  StudyRun(Cell cell, long seed, TrainingSetup setup) {
    this(cell, seed, setup, key(setup));
  }

  /** Where the data set is decides nothing: what is in it, does. */
  private static String key(TrainingSetup setup) {
    ObjectNode json = setup.toJson();
    Json.object(json, "settings").remove("data");
    Json.object(json, "settings").remove("init"); // Its weights' digest is there, too.
    return Sha256.of(json.toString().getBytes(StandardCharsets.UTF_8)).substring(0, KEY_LENGTH);
  }

  /** Examples that it learns from, over all epochs. */
  public long examples() {
    return setup.course().examplesPerEpoch() * setup.settings().epochs();
  }

  /** "batch 128, seed 0". */
  public String words() {
    return "%s, seed %d".formatted(cell.words(), seed);
  }
}
