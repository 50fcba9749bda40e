package minilote.driver.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.TrainingResult;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param folder the run's
 * @param result its result; null where it diverged
 * @param diverged the sentence that said so; null where it did not
 * @param metrics its epochs
 * @param computedBy what computed it: {@code numerics} and {@code versions} of its {@code run.json}
 */
public record Outcome(
    Path folder,
    @Nullable TrainingResult result,
    @Nullable String diverged,
    List<Metrics> metrics,
    ObjectNode computedBy) {}
