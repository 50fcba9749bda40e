package minilote.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import minilote.trainer.run.TrainingSettings;
import org.apache.hadoop.conf.Configuration;

/** What tests of studies need of the command line. */
public final class StudySettings {
  private StudySettings() {}

  /** As the command reads them. */
  public static TrainingSettings read(Map<String, String> options, Configuration hadoop)
      throws IOException {
    return StudyArms.settings(options, hadoop);
  }

  /** 60 rows in three classes, of which {@code prepare} sets 12 apart for the test split. */
  public static void prepareTable(Path to) throws IOException {
    Path folder = Files.createTempDirectory("table");
    Fixtures files = new Fixtures(folder);
    files.table("table.csv");
    Program.succeed(
        "prepare", "--dataset", "csv", "--from", files.name("table.csv"), "--to", to.toString());
  }
}
