package minilote.trainer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Against values that were reckoned by hand from the figures of {@link Machines}. */
class StepModelTest {
  private static final double NO_JOB = 0;
  private static final double EXACT = 1e-12;

  /** 100 MB a second, of which 95 carry numbers; 1 ms of latency. */
  private static final Link LINK = new Link(1e8, 1e-3);

  /** One executor, one task, four lanes of a million parameters. */
  private static final Traffic ALONE = new Traffic(1, 1, 4, 1_000_000, 1_000_000, 3, 0, 0, 0, 0);

  /** The same on two: half of the parameters each, 10 messages, 4 MB each way. */
  private static final Traffic TWO =
      new Traffic(2, 1, 2, 1_000_000, 500_000, 1, 1, 10, 4_000_000, 4_000_000);

  private static StepTime predict(Traffic traffic, int onAMachine, double overlap) {
    return new StepModel(Machines.machine(), LINK, onAMachine, overlap)
        .predict(traffic, 200, 4, NO_JOB);
  }

  @Test
  void predict_oneTask_computesItsLanesAddsAndUpdatesAll() {
    StepTime time = predict(ALONE, 1, 0);
    assertEquals(4 * 0.05, time.compute(), EXACT); // 50 rows a lane
    assertEquals(3 * 1e-3 + 2e-3 + 3e-3, time.update(), EXACT);
    assertEquals(0, time.exchange(), 0);
    assertEquals(0, time.waiting(), 0);
    assertEquals(0, time.job(), 0);
    assertEquals(0.208, time.seconds(), EXACT);
  }

  @Test
  void predict_batchThatLanesDoNotDivide_countsTheLargestLane() {
    StepModel model = new StepModel(Machines.machine(), LINK, 1, 0);
    assertEquals(4 * 0.051, model.predict(ALONE, 201, 4, NO_JOB).compute(), EXACT);
  }

  @Test
  void predict_largestBatch_countsAllOfItsRows() {
    // 2³¹ − 1 and the lanes less one are no int.
    StepModel model = new StepModel(Machines.machine(), LINK, 1, 0);
    double half = model.predict(ALONE, 1 << 30, 4, NO_JOB).compute();
    assertEquals(
        2 * half, model.predict(ALONE, Integer.MAX_VALUE, 4, NO_JOB).compute(), 1e-3 * half);
  }

  @Test
  void predict_twoTasksOfAnExecutor_shareTheWorkAndSlowEachOther() {
    Traffic traffic = new Traffic(1, 2, 2, 1_000_000, 1_000_000, 3, 0, 0, 0, 0);
    StepTime time = predict(traffic, 1, 0);
    assertEquals(2 * 0.1, time.compute(), EXACT);
    assertEquals(0.004, time.update(), EXACT);
    assertEquals(0.1 * 0.2, time.waiting(), EXACT);
  }

  @Test
  void predict_twoExecutors_wireIsTheSlowerPart() {
    StepTime time = predict(TWO, 1, 0);
    assertEquals(2 * 0.05, time.compute(), EXACT);
    assertEquals(1e-3 + 0.5 * (1e-3 + 2e-3 + 3e-3), time.update(), EXACT);
    double wire = 4e6 / 95e6; // 42 ms
    double handling = 8e6 * 4e-9; // 32 ms
    assertEquals(wire + handling / 10 + 2e-3 + 5e-4, time.exchange(), EXACT);
    assertEquals(0.2 * 0.1, time.waiting(), EXACT);
  }

  @Test
  void predict_fastLink_handlingIsTheSlowerPart() {
    StepModel model = new StepModel(Machines.machine(), new Link(1e9, 0), 1, 0);
    double wire = 4e6 / 950e6;
    assertEquals(0.032 + wire / 10 + 5e-4, model.predict(TWO, 200, 4, NO_JOB).exchange(), EXACT);
  }

  @Test
  void predict_executorsOnOneMachine_slowEachOtherButNotOneAlone() {
    assertEquals(2 * 0.1, predict(TWO, 2, 0).compute(), EXACT);
    assertEquals(4 * 0.05, predict(ALONE, 2, 0).compute(), EXACT);
  }

  @Test
  void predict_overlap_hidesSumsAndNeverWeights() {
    double handling = 8e6 * 4e-9;
    // 42 ms less a tenth of a lane's 50 ms are 37 ms, of which 21 are the weights'.
    double some = 4e6 / 95e6 - 0.005;
    assertEquals(some + handling / 10 + 2.5e-3, predict(TWO, 1, 0.1).exchange(), EXACT);
    // The weights' 21 ms stay: handling is the slower part then.
    double weights = 2e6 / 95e6;
    assertEquals(handling + weights / 10 + 2.5e-3, predict(TWO, 1, 1).exchange(), EXACT);
  }

  @Test
  void predict_moreTasks_waitLongerForTheSlowest() {
    Traffic sixteen = new Traffic(8, 2, 1, 1_000_000, 125_000, 0, 7, 1, 1, 1);
    StepTime time = predict(sixteen, 1, 0);
    // The root of ln 16 / ln 2 = 4.
    assertEquals(2 * 0.2 * time.compute(), time.waiting(), EXACT);
  }

  @Test
  void predict_shareOfAJob_isPartOfTheStep() {
    StepModel model = new StepModel(Machines.machine(), LINK, 1, 0);
    StepTime time = model.predict(ALONE, 200, 4, 0.02);
    assertEquals(0.02, time.job(), EXACT);
    assertEquals(0.228, time.seconds(), EXACT);
  }

  @Test
  void exchangeShare_ofTenthAndRest_isATenth() {
    assertEquals(0.1, new StepTime(0.4, 0.2, 0.1, 0.2, 0.1).exchangeShare(), EXACT);
  }
}
