package minilote.driver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;

/**
 * Where a command's words go: its result to standard output, as a text or as JSON, everything else
 * to standard error.
 *
 * @param out standard output
 * @param err standard error
 * @param json whether the result is wanted as JSON
 */
record Output(PrintWriter out, PrintWriter err, boolean json) {
  /** Gives the result, once. */
  void result(ObjectNode asJson, String asText) {
    out.println(json ? asJson.toString() : asText);
  }

  /** Says something beside the result. */
  void say(String line) {
    err.println(Terminal.isInteractive() ? TextTable.wrap(line, Terminal.WIDTH - 1, "  ") : line);
  }
}
