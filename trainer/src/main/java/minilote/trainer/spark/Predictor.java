package minilote.trainer.spark;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import minilote.datasets.Dataset;
import minilote.datasets.TargetKind;
import minilote.trainer.run.Files;
import minilote.trainer.run.Inference;
import minilote.trainer.run.Model;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Predictions of a model for a whole data set, as a Spark job. */
public final class Predictor {
  private Predictor() {}

  /**
   * Writes a CSV file with a line an example: its id, what it is (class or its name, labels,
   * numbers), what the model says, and the model's outputs.
   *
   * @param csv the file, which appears when it is complete
   * @param partitions into how many partitions the data set is read, or 0 for as many as the
   *     cluster has slots
   * @return the number of examples
   */
  public static long predict(
      JavaSparkContext spark, Model model, String folder, String split, Path csv, int partitions)
      throws IOException {
    Dataset dataset = Evaluator.fitting(spark, model, folder);
    Broadcast<byte[]> bytes = spark.broadcast(model.toBytes());
    try (Examples examples = Evaluator.examples(spark, dataset, folder, split, partitions)) {
      Task task = new Task(bytes, dataset.toJsonText(), examples.count(), examples.partitions());
      Iterator<String> lines = examples.blocks().mapPartitions(task::lines).toLocalIterator();
      Files.write(
          csv,
          out -> {
            Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            writer.write(line(header(model, dataset)));
            while (lines.hasNext()) {
              writer.write(lines.next());
            }
            writer.flush();
          },
          spark.hadoopConfiguration());
      return examples.count();
    } finally {
      Released.broadcast(bytes);
    }
  }

  private static List<String> header(Model model, Dataset dataset) {
    List<String> names = new ArrayList<>(List.of("id"));
    int outputs = model.network().outputs();
    if (dataset.format().targetKind() == TargetKind.CLASS) {
      names.add("actual");
      names.add("predicted");
    } else {
      for (int k = 0; k < dataset.format().targets(); k++) {
        names.add("actual " + name(dataset.classNames(), k));
      }
    }
    for (int k = 0; k < outputs; k++) {
      names.add(outputs == 1 ? "output" : name(model.classNames(), k));
    }
    return names;
  }

  private static String name(List<String> names, int k) {
    return k < names.size() ? names.get(k) : Integer.toString(k);
  }

  private static String line(List<?> fields) {
    StringBuilder line = new StringBuilder();
    try (CSVPrinter printer = new CSVPrinter(line, CSVFormat.RFC4180)) {
      printer.printRecord(fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }

  private static final class Task implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Broadcast<byte[]> bytes;
    private final String datasetText;
    private final long examples;
    private final int partitions;

    Task(Broadcast<byte[]> bytes, String datasetText, long examples, int partitions) {
      this.bytes = bytes;
      this.datasetText = datasetText;
      this.examples = examples;
      this.partitions = partitions;
    }

    Iterator<String> lines(Iterator<byte[]> blocks) {
      int partition = TaskContext.getPartitionId();
      long firstId = Examples.firstBlock(partition, examples, partitions) * Examples.BLOCK;
      Model model = Model.fromBytes(bytes.value(), "model");
      Dataset dataset = Dataset.fromJsonText(datasetText);
      int most = Math.min(Examples.BLOCK, model.network().answerRows());
      Inference inference = new Inference(model, most);
      return new Iterator<>() {
        private long id = firstId;

        @Override
        public boolean hasNext() {
          return blocks.hasNext();
        }

        @Override
        public String next() {
          byte[] block = blocks.next();
          StringBuilder lines = new StringBuilder();
          int recordBytes = dataset.format().recordBytes();
          int all = block.length / recordBytes;
          for (int from = 0; from < all; from += most) {
            int rows = Math.min(most, all - from);
            for (int row = 0; row < rows; row++) {
              inference.stage(block, (from + row) * recordBytes, row);
            }
            inference.answer(rows);
            for (int row = 0; row < rows; row++) {
              int offset = (from + row) * recordBytes;
              lines.append(line(fields(inference, model, dataset, block, offset, row, id++)));
            }
          }
          return lines.toString();
        }
      };
    }

    private static List<Object> fields(
        Inference inference,
        Model model,
        Dataset dataset,
        byte[] block,
        int offset,
        int row,
        long id) {
      List<Object> fields = new ArrayList<>(List.of(id));
      if (dataset.format().targetKind() == TargetKind.CLASS) {
        fields.add(name(dataset.classNames(), dataset.format().label(block, offset)));
        fields.add(name(model.classNames(), inference.predictedClass(row)));
      } else {
        float[] target = new float[dataset.format().targets()];
        dataset.format().target(block, offset, target, 0, target.length);
        for (float number : target) {
          fields.add(number);
        }
      }
      for (int k = 0; k < inference.outputs(); k++) {
        fields.add(inference.output(row, k));
      }
      return fields;
    }
  }
}
