package minilote.driver.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import minilote.trainer.optimizer.Course;
import org.junit.jupiter.api.Test;

class EqualTest {
  private static final Course SMALL = Course.over(54_000, 128, false, 1); // 422 steps
  private static final Course LARGE = Course.over(54_000, 4096, false, 1); // 14 steps

  @Test
  void epochs_equal_areTheSame() {
    assertEquals(50, Equal.EPOCHS.epochs(SMALL, 50, LARGE));
  }

  @Test
  void epochs_ofEqualSteps_takeNoFewerSteps() {
    int epochs = Equal.STEPS.epochs(SMALL, 50, LARGE);
    assertEquals(1508, epochs); // 21,100 steps: 1507 epochs would be 21,098
    assertEquals(50, Equal.STEPS.epochs(SMALL, 50, SMALL));
  }

  @Test
  void epochs_ofEqualExamples_countThoseThatAreDropped() {
    Course dropping = Course.over(54_000, 40_000, true, 1);
    assertEquals(14, Equal.EXAMPLES.epochs(SMALL, 10, dropping));
    assertEquals(10, Equal.EXAMPLES.epochs(SMALL, 10, LARGE));
  }
}
