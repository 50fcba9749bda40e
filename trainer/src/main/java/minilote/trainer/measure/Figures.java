package minilote.trainer.measure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** Numbers of a result as JSON, which has none that are infinite or not a number: null there. */
final class Figures {
  private Figures() {}

  static void put(ObjectNode json, String name, double number) {
    if (Double.isFinite(number)) {
      json.put(name, number);
    } else {
      json.putNull(name);
    }
  }

  static void put(ObjectNode json, String name, double[] numbers) {
    ArrayNode list = json.putArray(name);
    Arrays.stream(numbers).forEach(number -> add(list, number));
  }

  static void add(ArrayNode list, double number) {
    if (Double.isFinite(number)) {
      list.add(number);
    } else {
      list.addNull();
    }
  }
}
