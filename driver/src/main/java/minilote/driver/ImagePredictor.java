package minilote.driver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.FeatureType;
import minilote.datasets.RecordFormat;
import minilote.datasets.TargetKind;
import minilote.datasets.UserError;
import minilote.datasets.source.ImageDecoder;
import minilote.trainer.run.Inference;
import minilote.trainer.run.Model;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A model that looks at image files, one after the other. */
final class ImagePredictor implements AutoCloseable {
  private final Model model;
  private final RecordFormat format;
  private final ImageDecoder decoder;
  private final Inference inference;
  private final byte[] record;

  /**
   * @throws UserError where the model is not for images
   */
  ImagePredictor(Model model) {
    this.model = model;
    this.format = model.format();
    if (!format.isImage() || format.featureType() != FeatureType.BYTES) {
      throw new UserError(
          "the model takes %d numbers, not images: --data gives it a prepared data set"
              .formatted(format.features()));
    }
    List<Integer> shape = format.shape();
    this.decoder = new ImageDecoder(shape.get(0), shape.get(1), shape.get(2));
    this.inference = new Inference(model, 1);
    this.record = new byte[format.recordBytes()];
  }

  /** What the model says of one file, called {@code name} in the answer. */
  ImagePrediction predict(String name, Path file, Configuration configuration) throws IOException {
    decoder.decode(file, configuration, record, format.targetBytes());
    inference.stage(record, 0, 0);
    inference.answer(1);
    List<ImagePrediction.Answer> answers = new ArrayList<>();
    if (format.targetKind() == TargetKind.CLASS && inference.outputs() == 1) {
      // One output for two classes is the probability of the second.
      answers.add(answer(0, 1 - inference.output(0, 0)));
      answers.add(answer(1, inference.output(0, 0)));
    } else {
      for (int k = 0; k < inference.outputs(); k++) {
        answers.add(answer(k, inference.output(0, k)));
      }
    }
    return ImagePrediction.of(name, answers, format.targetKind());
  }

  private ImagePrediction.Answer answer(int k, float value) {
    List<String> names = model.classNames();
    return new ImagePrediction.Answer(k, names.isEmpty() ? String.valueOf(k) : names.get(k), value);
  }

  @Override
  public void close() {
    inference.close();
  }
}
