package minilote.driver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import minilote.datasets.Json;
import minilote.trainer.network.NamedNetwork;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The networks with names, for those who choose one or want to begin from it. */
@Command(
    name = "networks",
    description = {
      "Lists the networks that --network knows by name, with the data that each is for and its parameters on that; or shows the words of one, to be copied and changed."
    },
    sortOptions = false,
    customSynopsis = "${ROOT-COMMAND-NAME} networks [NAME] [OPTIONS]",
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} networks",
      "  ${ROOT-COMMAND-NAME} networks c1 > mine.txt",
      "  ${ROOT-COMMAND-NAME} train --network mine.txt --data data/cifar-10 \\",
      "      --out runs/mine"
    })
final class NetworksCommand extends MiniloteCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Of the network to show. Default: all are listed.")
  private @Nullable String name;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  NetworksCommand() {}

  @Override
  int run(Output output) {
    if (name == null) {
      output.result(list(), table());
    } else {
      NamedNetwork named = NamedNetwork.of(required("NAME", name));
      output.result(json(named).put("text", named.text()), named.text().stripTrailing());
    }
    return DONE;
  }

  private static ObjectNode list() {
    ObjectNode json = Json.object();
    ArrayNode networks = json.putArray("networks");
    NamedNetwork.all().forEach(named -> networks.add(json(named)));
    return json;
  }

  private static ObjectNode json(NamedNetwork named) {
    ObjectNode json = Json.object();
    json.put("name", named.name());
    json.put("summary", named.summary());
    json.put("data", named.data());
    ArrayNode input = json.putArray("input");
    named.input().forEach(input::add);
    json.put("parameters", named.parameters());
    json.put("words", named.description().toWords());
    return json;
  }

  private static String table() {
    TextTable table = new TextTable("lrll").row("name", "parameters", "input", "what it is");
    for (NamedNetwork named : NamedNetwork.all()) {
      table.row(
          named.name(),
          String.format(Locale.ROOT, "%,d", named.parameters()),
          shape(named.input()),
          named.summary());
    }
    return table.toString();
  }

  private static String shape(List<Integer> shape) {
    return shape.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
