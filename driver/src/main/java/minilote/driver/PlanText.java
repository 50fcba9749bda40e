package minilote.driver;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import minilote.trainer.plan.Machine;

/** A plan, for people. */
final class PlanText {
  private static final double MILLI = 1e3;
  private static final MathContext THREE_DIGITS = new MathContext(3);
  private static final int FEW_ROWS = 32;
  private static final int MANY_ROWS = 512;

  /** What stands in them. */
  private static final List<String> COLUMNS =
      List.of(
          "compute: a task's lanes. update: sums and optimizer. exchange: what communication adds to that.",
          "waiting: for the slowest task, which there is also without communication.",
          "speed-up: over one executor. eff.: that, divided by E.");

  private PlanText() {}

  static String of(Plan plan, List<Integer> batches, List<Integer> executors) {
    List<String> lines = new ArrayList<>();
    lines.add(machine(plan.model().machine()));
    lines.add("");
    List<Plan.Row> rows = plan.rows(batches, executors);
    lines.add(
        wrap(
            "A step, in milliseconds, on E executors with %d %s each, connected by %s with %s of latency:"
                .formatted(
                    plan.cores(),
                    plan.cores() == 1 ? "core" : "cores",
                    bandwidth(plan.model().link().bandwidth()),
                    time(plan.model().link().latency()))));
    lines.add("");
    lines.add(table(rows).toString());
    lines.add("");
    lines.addAll(enough(plan, executors));
    lines.addAll(notes(plan, rows));
    return String.join("\n", lines);
  }

  private static String machine(Machine machine) {
    return wrap(
        "%s, %d cores, measured %s: %s; %.0f GFLOP/s a core on lanes of %d rows, %.0f on %d; %,d parameters, %s"
            .formatted(
                machine.cpu(),
                machine.cores(),
                machine.date(),
                machine.blas(),
                machine.gigaflops(FEW_ROWS),
                FEW_ROWS,
                machine.gigaflops(MANY_ROWS),
                MANY_ROWS,
                machine.parameters(),
                machine.optimizer()));
  }

  private static TextTable table(List<Plan.Row> rows) {
    TextTable table = new TextTable("r");
    table.row(
        "batch",
        "E",
        "step",
        "compute",
        "update",
        "exchange",
        "waiting",
        "ex/s",
        "speed-up",
        "eff.");
    for (Plan.Row row : rows) {
      table.row(
          Integer.toString(row.batch()),
          row.executors() == Plan.LOCAL ? PlanOptions.LOCAL : Integer.toString(row.executors()),
          millis(row.time().seconds()),
          millis(row.time().compute()),
          millis(row.time().update()),
          millis(row.time().exchange()),
          millis(row.time().waiting() + row.time().job()),
          format("%,.0f", row.examplesASecond()),
          format("%.2f", row.speedUp()),
          format("%.0f %%", 100 * row.efficiency()));
    }
    return table;
  }

  private static List<String> enough(Plan plan, List<Integer> executors) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<Integer, Integer> entry : plan.enough(executors).entrySet()) {
      int batch = entry.getValue();
      lines.add(
          wrap(
              batch == 0
                  ? format(
                      "On %d executors communication takes more than %.0f %% of a step at any batch.",
                      entry.getKey(), 100 * Plan.LITTLE)
                  : format(
                      "On %d executors communication takes less than %.0f %% of a step from batch %,d on.",
                      entry.getKey(), 100 * Plan.LITTLE, batch)));
    }
    return lines;
  }

  private static List<String> notes(Plan plan, List<Plan.Row> rows) {
    List<String> notes = new ArrayList<>();
    Machine machine = plan.model().machine();
    if (!machine.lanes().isPlausible()) {
      notes.add(
          "WARNING: something else was at work when this was measured: more rows took less time than fewer, or two tasks less than one alone. Measure again when the machine is idle.");
    }
    rows.stream()
        .filter(row -> row.tasks() < row.slots())
        .reduce((one, other) -> other)
        .ifPresent(
            row ->
                notes.add(
                    "%d lanes at batch %d keep at most %d of %d cores busy: --lanes gives more."
                        .formatted(row.lanes(), row.batch(), row.tasks(), row.slots())));
    if ((long) plan.cores() * plan.model().executorsOfMachine() > machine.lanes().busyTasks()) {
      notes.add(
          "Measured with %d tasks at work; more of them on a machine may slow each other further."
              .formatted(machine.lanes().busyTasks()));
    }
    notes.addAll(COLUMNS);
    notes.add(
        plan.examples() == 0
            ? format(
                "Each epoch takes %s besides its steps (--examples counts that in).",
                time(machine.costs().job()))
            : format(
                "What an epoch takes besides its steps, %s, is in waiting.",
                time(machine.costs().job())));
    return notes.stream().map(PlanText::wrap).toList();
  }

  private static String wrap(String text) {
    return TextTable.wrap(text, Terminal.WIDTH, "  ");
  }

  private static String millis(double seconds) {
    double value = seconds * MILLI;
    return format(value < 10 ? "%.2f" : "%.1f", value);
  }

  private static String time(double seconds) {
    if (seconds >= 1) {
      return digits(seconds) + " s";
    }
    return seconds >= 1e-3 ? digits(seconds * 1e3) + " ms" : digits(seconds * 1e6) + " µs";
  }

  private static String bandwidth(double bytesASecond) {
    double bits = 8 * bytesASecond;
    return bits >= 1e9 ? digits(bits * 1e-9) + " Gb/s" : digits(bits * 1e-6) + " Mb/s";
  }

  /** Three digits that count, and no zeros behind a point. */
  private static String digits(double value) {
    return new BigDecimal(value, THREE_DIGITS).stripTrailingZeros().toPlainString();
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
