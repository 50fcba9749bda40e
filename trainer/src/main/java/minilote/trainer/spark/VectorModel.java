package minilote.trainer.spark;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import minilote.datasets.FeatureType;
import minilote.datasets.RecordFormat;
import minilote.datasets.UserError;
import minilote.trainer.run.Inference;
import minilote.trainer.run.Model;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/**
 * A model for Spark's own vectors: features in, probabilities (or whatever the last layer gives)
 * out. The only place where Spark's {@link Vector} appears.
 */
public final class VectorModel implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int ROWS = 256;

  private final byte[] model;

  public VectorModel(Model model) {
    this.model = model.toBytes();
  }

  /**
   * Outputs for each vector, in their order, a block at a time.
   *
   * @param features vectors of the model's features as its records have them: pixels from 0 to 255
   *     for images, channels first
   * @throws UserError where a vector has another length
   */
  public JavaRDD<Vector> predict(JavaRDD<Vector> features) {
    return features.mapPartitions(this::predict);
  }

  /** Outputs for one vector; many at once are faster. */
  public Vector predict(Vector features) {
    return predict(List.of(features).iterator()).next();
  }

  private Iterator<Vector> predict(Iterator<Vector> features) {
    Model read = Model.fromBytes(model, "model");
    int most = Math.min(ROWS, read.network().answerRows());
    Inference inference = new Inference(read, most);
    byte[] record = new byte[read.format().recordBytes()];
    return new Iterator<>() {
      private Iterator<Vector> answered = List.<Vector>of().iterator();

      @Override
      public boolean hasNext() {
        return answered.hasNext() || features.hasNext();
      }

      @Override
      public Vector next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (!answered.hasNext()) {
          answered = block().iterator();
        }
        return answered.next();
      }

      private List<Vector> block() {
        int rows = 0;
        while (rows < most && features.hasNext()) {
          toRecord(features.next(), read.format(), record);
          inference.stage(record, 0, rows++);
        }
        inference.answer(rows);
        List<Vector> outputs = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
          double[] values = new double[inference.outputs()];
          for (int k = 0; k < values.length; k++) {
            values[k] = inference.output(row, k);
          }
          outputs.add(Vectors.dense(values));
        }
        return outputs;
      }
    };
  }

  private static void toRecord(Vector features, RecordFormat format, byte[] record) {
    if (features.size() != format.features()) {
      throw new UserError(
          "a vector has %d features, the model takes %d"
              .formatted(features.size(), format.features()));
    }
    ByteBuffer to = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    to.position(format.targetBytes());
    for (double value : features.toArray()) {
      if (format.featureType() == FeatureType.FLOATS) {
        to.putFloat((float) value);
      } else if (value >= 0 && value <= 255 && value == Math.rint(value)) {
        to.put((byte) value);
      } else {
        throw new UserError(
            "a vector holds %s where the model takes pixels, whole numbers from 0 to 255"
                .formatted(value));
      }
    }
  }
}
