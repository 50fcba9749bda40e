package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.Json;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyPageTest {
  @TempDir Path folder;
  private final List<String> said = new ArrayList<>();

  private StudyPage page() {
    return new StudyPage(
        new org.apache.hadoop.fs.Path(folder.toUri()),
        new Configuration(),
        "minilote study",
        said::add);
  }

  private static ObjectNode study() {
    return Json.parse(
        """
        {"data": "mnist", "finished": false,
         "arms": [{"name": "", "batches": [32], "seeds": [0], "varied": {}}],
         "table": [{"batch": 32, "runs": 1, "train_loss_mean": 0.5}],
         "runs": [{"key": "k", "batch": 32, "seed": 0, "folder": "runs/k", "diverged": null,
                   "train_loss": 0.5, "settings": {"network": "dense 2"}}]}
        """);
  }

  private void metrics(String lines) throws IOException {
    Files.createDirectories(folder.resolve("runs/k"));
    Files.writeString(folder.resolve("runs/k/metrics.jsonl"), lines);
  }

  private String html() throws IOException {
    return Files.readString(folder.resolve("report.html"));
  }

  @Test
  void update_twiceInAMoment_writesThePageOnce() throws IOException {
    StudyPage page = page();
    page.update(study());
    assertFalse(Files.exists(folder.resolve("tables")), "files of the end");
    Files.delete(folder.resolve("report.html"));
    page.update(study());
    assertFalse(Files.exists(folder.resolve("report.html")));
    page.write(study());
    assertTrue(html().contains("dense 2"), html());
    assertTrue(Files.exists(folder.resolve("tables/runs.csv")));
    assertEquals(List.of(), said);
  }

  @Test
  void write_ofMetricsWithMoreThanTrainingsNeed_drawsThem() throws IOException {
    metrics(
        """
        {"epoch":1,"step":4,"epoch_end":false,"train_loss":9}
        {"epoch":1,"step":9,"epoch_end":true,"train_loss":0.7,"noise_scale":80,"another":{"x":1}}
        {"epoch":2,"step":18,"epoch_end":true,"train_loss":0.6,"noise_scale":120,"another":null}
        """);
    page().write(study());
    assertEquals(List.of(), said);
    assertTrue(html().contains("noise-scale-over-epochs"), html());
    assertTrue(html().contains("batch 32 from 0.7000 to 0.6000"), html());
  }

  @Test
  void write_ofDamagedMetrics_saysSoOnce() throws IOException {
    metrics("{\n");
    StudyPage page = page();
    page.write(study());
    page.write(study());
    assertEquals(1, said.size(), said.toString());
    assertTrue(said.get(0).contains(" is not whole: not valid JSON"), said.get(0));
  }
}
