package minilote.driver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.ProgressListener;
import minilote.datasets.UserError;
import minilote.trainer.network.BatchNormDescription;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.plan.Machine;
import minilote.trainer.plan.StepModel;
import minilote.trainer.run.TrainingSetup;
import minilote.trainer.spark.ExchangeTraffic;
import minilote.trainer.spark.Lanes;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a step would take on a cluster: measures this machine for a while, and computes. */
@Command(
    name = "plan",
    description = {
      "Predicts from a measurement of a minute on this machine how long a step of train would take on a cluster of such machines, and from which batch on communication no longer matters. Measures here, whatever Spark's master is; leave the machine idle meanwhile."
    },
    sortOptions = false,
    customSynopsis = {
      "${ROOT-COMMAND-NAME} plan --network WORDS --inputs SHAPE [OPTIONS]",
      "       ${ROOT-COMMAND-NAME} plan --machine FILE.json [OPTIONS]"
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} plan --inputs 3x32x32 --batch 512,2048 \\",
      "      --network \"dense 512 relu, dense 512 relu, dense 10 softmax\" \\",
      "      --executors local,1,2,4 --save-machine node.json",
      "  ${ROOT-COMMAND-NAME} plan --machine node.json --batch 4096 --lanes 32 \\",
      "      --executors 1,8,16 --bandwidth 1Gb/s --latency 200us"
    })
final class PlanCommand extends MiniloteCommand {
  @ArgGroup(validate = false, heading = "%nWhat is measured:%n")
  private MeasuredMachine measured = new MeasuredMachine();

  @ArgGroup(validate = false, heading = "%nBatches:%n")
  private BatchOptions batch = new BatchOptions();

  @ArgGroup(validate = false, heading = "%nThe cluster:%n")
  private PlanOptions cluster = new PlanOptions();

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  PlanCommand() {}

  /** Which steps are planned. */
  static final class BatchOptions {
    @Option(
        names = "--batch",
        paramLabel = "N",
        split = ",",
        defaultValue = "128,512,2048",
        description = "Examples of one update, over the whole cluster. Default: ${DEFAULT-VALUE}.")
    private List<Integer> batches = List.of();

    @Option(
        names = "--lanes",
        paramLabel = "N",
        defaultValue = "0",
        description =
            "Slices of a batch, a power of two: the most tasks that can share a step. Default: batch/64 within 2 to 16.")
    private int lanes;

    @Option(
        names = "--examples",
        paramLabel = "N",
        description =
            "Of an epoch, over whose steps its beginning is spread. Default: that is left out.")
    private @Nullable Long examples;

    private void check() {
      for (int size : batches) {
        if (size < 1) {
          throw new UserError("--batch %d: it must be at least 1".formatted(size));
        }
        if (lanes != 0) {
          new Lanes(lanes, size);
        }
      }
      if (lanes < 0) {
        new Lanes(lanes, 1);
      }
      if (examples != null && examples < 1) {
        throw new UserError("--examples %d: it must be at least 1".formatted(examples));
      }
    }

    /** Once it is known how many examples must be in one lane. */
    private void check(int ghost) {
      for (int size : batches) {
        // Lanes of a batch that is normalized as a whole may be any.
        if (lanes != 0 && ghost != BatchNormDescription.WHOLE) {
          new Lanes(lanes, size, ghost);
        }
      }
    }

    /** Of every lane that is planned. */
    private List<Integer> rows(int ghost) {
      check(ghost);
      List<Integer> rows = new ArrayList<>();
      for (int size : batches) {
        int count = lanes == 0 ? TrainingSetup.defaultLanes(size, ghost) : lanes;
        rows.add((int) ((size - 1L + count) / count));
      }
      return rows;
    }
  }

  @Override
  int run(Output output) throws IOException {
    measured.check();
    batch.check();
    cluster.check();
    SparkConf conf = SparkStart.settings("plan");
    Configuration hadoop = SparkStart.hadoop(conf);
    long examples = batch.examples == null ? measured.examples(hadoop) : batch.examples;
    Machine machine;
    try (WorkConsole console = new WorkConsole(output.err(), Terminal.isInteractive())) {
      ProgressListener progress = console;
      machine =
          measured.get(
              conf,
              hadoop,
              () -> required("--network WORDS or --machine FILE.json", null),
              batch::rows,
              progress);
    }
    int ghost =
        Network.of(NetworkDescription.parse(machine.network()), machine.inputShape()).ghost();
    batch.check(ghost);
    Plan plan =
        new Plan(
            new StepModel(
                machine, cluster.link(), cluster.executorsPerMachine(), ExchangeTraffic.OVERLAP),
            cluster.cores(machine.cores()),
            batch.lanes,
            ghost,
            examples);
    List<Integer> batches = batch.batches.stream().distinct().sorted().toList();
    output.result(
        plan.toJson(batches, cluster.executors()), PlanText.of(plan, batches, cluster.executors()));
    return DONE;
  }
}
