package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.junit.jupiter.api.Test;

class BarRendererTest {
  private static String drawn(String message, long steps, int width) {
    List<String> drawn = new ArrayList<>();
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setInitialMax(100)
            .setUpdateIntervalMillis(60_000)
            .setRenderer(new BarRenderer())
            .setConsumer(new DelegatingProgressBarConsumer(drawn::add, width))
            .build()) {
      bar.setExtraMessage(message);
      bar.stepTo(steps);
    }
    // The last is drawn when the bar is closed.
    return drawn.get(drawn.size() - 1).stripTrailing();
  }

  @Test
  void render_ofATraining_fillsTheLine() {
    String line = drawn("epoch 3/10\tloss 0.4123\t12,300 ex/s", 50, 79);
    assertTrue(
        line.matches("epoch 3/10 █+[ ▏▎▍▌▋▊▉]+  50 %  loss 0.4123  12,300 ex/s  0:00 left"), line);
    assertEquals(79, line.codePointCount(0, line.length()));
  }

  @Test
  void render_withoutRoomForABar_keepsToTheLine() {
    String line = drawn("a work with quite a long name\tloss 0.4123\t12,300 ex/s", 50, 40);
    assertEquals(40, line.codePointCount(0, line.length()), line);
  }

  @Test
  void render_beforeTheFirstStep_knowsNoRemainingTime() {
    String line = drawn("epoch 1/10", 0, 79);
    assertTrue(line.endsWith("0 %"), line);
  }
}
