package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import minilote.trainer.spark.Evaluation;
import org.junit.jupiter.api.Test;

class EvaluationTextTest {
  private static final List<String> CIFAR =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  /** 5,000 of each class, two in three right, the others taken for the next class. */
  private static Evaluation evaluation(int classes) {
    long[][] confusion = new long[classes][classes];
    for (int c = 0; c < classes; c++) {
      confusion[c][c] = 3_500L - c;
      confusion[c][(c + 1) % classes] = 1_500L + c;
    }
    return new Evaluation(1.25, 0.7, 5_000L * classes, confusion);
  }

  @Test
  void toString_ofTenClasses_fits80Columns() {
    String text = new EvaluationText(CIFAR, evaluation(10), "train").toString();
    for (String line : text.lines().toList()) {
      assertTrue(line.codePointCount(0, line.length()) <= 80, line);
    }
    assertTrue(text.contains("train examples   50,000"), text);
    assertTrue(text.contains("accuracy        70.00 %"), text);
    assertTrue(text.contains("1 automobile     5,000   69.98 %  2 bird (30.02 %)"), text);
    assertTrue(text.lines().anyMatch(line -> line.matches("9 truck +1509( +·){8} +3491")), text);
  }

  @Test
  void toString_ofAHundredClasses_listsTheMostFrequentConfusions() {
    List<String> names =
        IntStream.range(0, 100).mapToObj(c -> "class with a long name " + c).toList();
    String text = new EvaluationText(names, evaluation(100), "test").toString();
    for (String line : text.lines().toList()) {
      assertTrue(line.codePointCount(0, line.length()) <= 80, line);
    }
    assertTrue(text.contains("The most frequent confusions"), text);
    assertTrue(
        text.lines().anyMatch(line -> line.matches("99 class with a … +0 class with a … +1599")),
        text);
  }

  @Test
  void toString_ofNumbers_hasTheLossAlone() {
    Evaluation evaluation = new Evaluation(0.25, Double.NaN, 12, new long[0][]);
    String text = new EvaluationText(List.of(), evaluation, "test").toString();
    assertEquals("test examples      12\nloss           0.2500", text);
  }

  @Test
  void toJson_ofClasses_hasTheWholeMatrix() {
    JsonNode json = new EvaluationText(CIFAR, evaluation(10), "test").toJson();
    assertEquals(10, json.get("confusion").size());
    assertEquals(1_509, json.get("confusion").get(9).get(0).asLong());
    assertEquals("cat", json.get("classes").get(3).get("name").asText());
    assertEquals(3_497.0 / 5_000, json.get("classes").get(3).get("accuracy").asDouble());
  }
}
