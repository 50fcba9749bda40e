package minilote.trainer.spark;

import minilote.trainer.math.Phase;
import minilote.trainer.math.PhaseClock;
import minilote.trainer.network.LaneStatistics;
import minilote.trainer.network.StatisticsTree;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of a batch that is normalized as a whole, in one JVM of an all-reduce job. Several
 * times a step, forward and back, all tasks meet here: each has put what its lanes have measured;
 * the last one to come merges that, as far as lanes are siblings here, and sends it to the other
 * executors; when theirs has come, it is merged with it along the same tree. Everybody does so,
 * with the same result: it is a few numbers a channel.
 */
final class BatchStatistics {
  private final Lanes lanes;
  private final StatisticsTree tree;
  private final Rendezvous rendezvous;
  private final @Nullable Peers peers; // none in the driver's own JVM
  private final boolean[] roots; // by node of the tree, what executors send to each other
  private final int[] own; // this executor's
  private int counted; // the batch whose lanes the tree knows

  // The exchange under way: each member says the same before it comes.
  private int batch;
  private boolean moments;
  private int pixels;
  private int channels;

  // Allocated once, not at every exchange.
  private final Runnable mergeOwn = this::mergeOwn;
  private final Runnable mergeAll = this::mergeAll;

  /** Of all lanes, which are in this JVM. */
  BatchStatistics(Lanes lanes, int channels, Rendezvous rendezvous) {
    this(lanes, channels, rendezvous, null);
  }

  /**
   * For a group of tasks.
   *
   * @param channels the most that there are statistics of
   * @param rendezvous of the group, where it has met for each step before and after
   * @param peers the other executors
   */
  BatchStatistics(Lanes lanes, int channels, Rendezvous rendezvous, @Nullable Peers peers) {
    this.lanes = lanes;
    this.tree = new StatisticsTree(lanes.count(), channels);
    this.rendezvous = rendezvous;
    this.peers = peers;
    this.roots = peers == null ? new boolean[0] : peers.rootsOfAll();
    this.own = peers == null ? new int[] {StatisticsTree.ROOT} : peers.ownRoots();
  }

  /**
   * A task's access, for all its steps.
   *
   * @param member its number in the group
   * @param from its first lane
   * @param to one past its last lane
   * @param clock of its thread
   */
  Member member(int member, int from, int to, PhaseClock clock, Patience patience) {
    return new Member(member, from, to, clock, patience);
  }

  // ---- what the last one to come does at a meeting, for all

  private void mergeOwn() {
    if (counted != batch) {
      for (int lane = 0; lane < lanes.count(); lane++) {
        tree.setRows(lane, lanes.size(lane, batch));
      }
      tree.count();
      counted = batch;
    }
    for (int root : own) {
      merge(root, tree.leaves());
    }
    if (peers != null) {
      peers.sendStatistics(tree, channels);
    }
  }

  private void mergeAll() {
    if (peers != null) {
      peers.takeStatistics(tree, channels);
      merge(StatisticsTree.ROOT, roots);
    }
  }

  private void merge(int node, boolean[] there) {
    if (moments) {
      tree.mergeMoments(node, there, pixels, channels);
    } else {
      tree.addSums(node, there, channels);
    }
  }

  /** One task. */
  final class Member implements LaneStatistics {
    private final int member;
    private final int first;
    private final PhaseClock clock;
    private final Patience patience;
    private final int[] counts; // examples of its lanes
    private int examples;

    private Member(int member, int from, int to, PhaseClock clock, Patience patience) {
      this.member = member;
      this.first = from;
      this.clock = clock;
      this.patience = patience;
      this.counts = new int[to - from];
    }

    /**
     * Before a step.
     *
     * @param ofBatch its examples
     * @return those of each of the task's lanes
     */
    int[] begin(int ofBatch) {
      examples = ofBatch;
      for (int i = 0; i < counts.length; i++) {
        counts[i] = lanes.size(first + i, ofBatch);
      }
      return counts;
    }

    @Override
    public int batch() {
      return examples;
    }

    @Override
    public double[] of(int lane) {
      return tree.values(tree.leaf(first + lane));
    }

    @Override
    public double[] moments(int pixelsOfExample, int ofChannels) {
      return exchange(true, pixelsOfExample, ofChannels);
    }

    @Override
    public double[] sums(int ofChannels) {
      return exchange(false, 1, ofChannels);
    }

    private double[] exchange(boolean ofMoments, int pixelsOfExample, int ofChannels) {
      Phase before = clock.to(Phase.WAITING);
      batch = examples;
      moments = ofMoments;
      pixels = pixelsOfExample;
      channels = ofChannels;
      rendezvous.meet(member, mergeOwn, patience); // What this JVM's lanes have measured is there.
      if (peers != null) {
        peers.awaitStatistics(member, patience);
        rendezvous.meet(member, mergeAll, patience); // That of all lanes is.
      }
      clock.to(before);
      return tree.values(StatisticsTree.ROOT);
    }
  }
}
