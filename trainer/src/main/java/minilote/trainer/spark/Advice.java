package minilote.trainer.spark;

import java.util.ArrayList;
import java.util.List;
import minilote.trainer.run.TrainingSetup;

/** What a user should know before a run begins, and may want to change. */
final class Advice {
  private Advice() {}

  /**
   * A sentence for each thing.
   *
   * @param slots tasks that the cluster runs at once
   * @param partitions partitions that hold the lanes
   * @param chosen whether the user chose the number of partitions
   */
  static List<String> of(TrainingSetup setup, int slots, int partitions, boolean chosen) {
    List<String> advice = new ArrayList<>();
    if (partitions < slots && !chosen) {
      advice.add(
          "%d of %d slots stay idle: a batch has %d lanes%s"
              .formatted(slots - partitions, slots, setup.lanes(), moreLanes(setup, slots)));
    }
    int usual = TrainingSetup.defaultLanes(setup.settings().batch());
    if (ghosts(setup) && setup.settings().lanes() == 0 && setup.lanes() < Math.min(usual, slots)) {
      advice.add(
          "a batch of %d has %d %s instead of %d, as batch normalization is over ghosts of %d examples that are in one lane each: smaller ghosts or larger batches use more slots"
              .formatted(
                  setup.settings().batch(),
                  setup.lanes(),
                  setup.lanes() == 1 ? "lane" : "lanes",
                  usual,
                  setup.network().ghost()));
    }
    long used = setup.course().examplesPerEpoch();
    long all = setup.validation().trainingExamples();
    if (used < all) {
      advice.add(
          "each epoch leaves out %d of %d training examples, other ones each time (--last-batch drop)"
              .formatted(all - used, all));
    }
    int copies = setup.dataset().copies();
    if (copies > 1 && setup.validation().validationExamples() > 0) {
      advice.add(
          "the data set holds every training example %d times: copies of validation examples are trained on, and validation figures say nothing"
              .formatted(copies));
    }
    return advice;
  }

  private static boolean ghosts(TrainingSetup setup) {
    return setup.network().laneGhost() > 1;
  }

  private static String moreLanes(TrainingSetup setup, int slots) {
    int most = TrainingSetup.mostLanes(setup.settings().batch(), setup.network().ghost());
    if (setup.lanes() >= most) {
      return ghosts(setup) ? "" : ", and is too small for more";
    }
    int enough = Integer.highestOneBit(slots);
    if (enough < slots) {
      enough *= 2;
    }
    return ", and --lanes %d would use more slots (with other last bits)"
        .formatted(Math.min(enough, most));
  }
}
