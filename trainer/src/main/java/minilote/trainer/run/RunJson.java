package minilote.trainer.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.Numerics;
import minilote.trainer.network.Network;
import org.apache.hadoop.fs.Path;

/**
 * The content of {@code run.json}: everything that decides a run's result ({@code settings}, {@code
 * resolved}, {@code data}, {@code numerics}, {@code versions}) and, apart, the {@code cluster},
 * which does not.
 */
public final class RunJson {
  private static final int FORMAT_VERSION = 1;

  private RunJson() {}

  /**
   * A new run's.
   *
   * @param sparkVersion Spark's
   * @param numerics what the executors multiply with
   * @param cluster what the run happens to be computed on
   */
  public static ObjectNode of(
      TrainingSetup setup, String sparkVersion, Numerics numerics, ObjectNode cluster) {
    ObjectNode run = Json.object();
    run.put("format_version", FORMAT_VERSION);
    run.setAll(setup.toJson());
    run.set("numerics", numerics(numerics));
    run.set("versions", versions(sparkVersion));
    run.set("cluster", cluster);
    return run;
  }

  private static ObjectNode numerics(Numerics numerics) {
    return numerics.toJson().put("architecture", System.getProperty("os.arch"));
  }

  /**
   * The engine that a run has begun with, which is the one that it goes on with.
   *
   * @throws UserError where that is damaged
   */
  public static EngineKind engine(ObjectNode run) {
    return EngineKind.parse(Json.text(Json.object(run, "numerics"), "engine"));
  }

  private static ObjectNode versions(String sparkVersion) {
    return Json.object()
        .put("minilote", Version.VERSION)
        .put("java", System.getProperty("java.version"))
        .put("spark", sparkVersion);
  }

  /**
   * The run that a folder's {@code run.json} describes, with its data as it is now.
   *
   * @throws UserError where a setting is damaged, or the data or the initial model is not what it
   *     was
   */
  public static TrainingSetup setup(RunFolder folder, ObjectNode run) throws IOException {
    Path file = new Path(folder.path(), RunFolder.RUN);
    TrainingSettings settings;
    String data;
    ObjectNode resolved;
    try {
      Json.integer(run, "format_version", FORMAT_VERSION, FORMAT_VERSION);
      settings = TrainingSettings.fromJson(Json.object(run, "settings"));
      data = Json.text(Json.object(run, "data"), "sha256");
      resolved = Json.object(run, "resolved");
    } catch (UserError e) {
      throw new UserError("%s: %s".formatted(file, e.getMessage()), e);
    }
    TrainingSetup setup = TrainingSetup.of(settings, folder.configuration());
    if (!setup.dataset().digest().equals(data)) {
      throw new UserError(
          "%s is not the data that the run in %s began with: its digest is %s, not %s"
              .formatted(settings.data(), folder.path(), setup.dataset().digest(), data));
    }
    InitialWeights given = setup.init();
    if (given != null) {
      given.require(String.valueOf(settings.init()), resolved, folder.path());
    }
    return setup;
  }

  /**
   * The weights that a run began with, without its data.
   *
   * @param network of the model that it has left
   * @throws UserError where a setting is damaged, or the initial model is not what it was
   */
  public static float[] initialParameters(RunFolder folder, ObjectNode run, Network network)
      throws IOException {
    TrainingSettings settings;
    ObjectNode resolved;
    try {
      settings = TrainingSettings.fromJson(Json.object(run, "settings"));
      resolved = Json.object(run, "resolved");
    } catch (UserError e) {
      throw new UserError(
          "%s: %s".formatted(new Path(folder.path(), RunFolder.RUN), e.getMessage()), e);
    }
    if (settings.init() == null) {
      return network.initialize(settings.initialization(), settings.seed());
    }
    InitialWeights initial =
        InitialWeights.read(new Path(settings.init()), network, folder.configuration());
    initial.require(settings.init(), resolved, folder.path());
    return initial.parameters();
  }

  /** What decides bits and is now another than when the run began; a sentence each. */
  public static List<String> differences(ObjectNode run, String sparkVersion, Numerics numerics) {
    List<String> differences = new ArrayList<>();
    if (!numerics(numerics).equals(run.get("numerics"))) {
      differences.add(
          "the engine or the processor are not those that the run began with: weights may differ in their last bits from an undisturbed run's (now %s, then %s)"
              .formatted(numerics(numerics), run.get("numerics")));
    }
    if (!versions(sparkVersion).equals(run.get("versions"))) {
      differences.add(
          "versions are not those that the run began with: now %s, then %s"
              .formatted(versions(sparkVersion), run.get("versions")));
    }
    return differences;
  }
}
