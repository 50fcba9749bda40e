package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;

class LaneSumTest {
  private static final int PARAMETERS = 37;

  /** One lane's sums; a lane may be empty. */
  private record Lane(float[] gradient, double loss, long correct, long count, double squares) {}

  private static List<Lane> lanes(int count, double emptyShare, Random random) {
    List<Lane> lanes = new ArrayList<>();
    for (int lane = 0; lane < count; lane++) {
      float[] gradient = new float[PARAMETERS];
      for (int i = 0; i < PARAMETERS; i++) {
        // Of very different sizes, so that another order of additions gives other bits; and some
        // −0.
        gradient[i] =
            random.nextInt(10) == 0
                ? -0f
                : (float) (random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6));
      }
      long n = random.nextDouble() < emptyShare ? 0 : 1 + random.nextInt(9);
      lanes.add(
          new Lane(
              gradient, n == 0 ? 0 : random.nextGaussian() * 1e3, n / 2, n, random.nextDouble()));
    }
    return lanes;
  }

  /**
   * The definition: the sum over lanes {@code from … to − 1} is that of the left half plus that of
   * the right half.
   */
  private static Lane definition(List<Lane> lanes, int from, int to) {
    if (to - from == 1) {
      return lanes.get(from);
    }
    int middle = (from + to) / 2;
    Lane left = definition(lanes, from, middle);
    Lane right = definition(lanes, middle, to);
    if (left.count == 0 || right.count == 0) {
      return left.count == 0 ? right : left;
    }
    float[] sum = new float[PARAMETERS];
    for (int i = 0; i < PARAMETERS; i++) {
      sum[i] = left.gradient[i] + right.gradient[i];
    }
    return new Lane(
        sum,
        left.loss + right.loss,
        left.correct + right.correct,
        left.count + right.count,
        left.squares + right.squares);
  }

  private static void add(LaneSum sum, int number, Lane lane) {
    sum.add(number, lane.gradient, lane.loss, lane.correct, lane.count, lane.squares);
  }

  private static void assertSame(Lane expected, LaneSum sum, int count) {
    assertTrue(sum.isWhole(count));
    assertEquals(expected.count, sum.count(count));
    assertEquals(expected.correct, sum.correct(count));
    assertEquals(
        Double.doubleToRawLongBits(expected.loss), Double.doubleToRawLongBits(sum.loss(count)));
    if (expected.count > 0) {
      assertEquals(
          Double.doubleToRawLongBits(expected.squares),
          Double.doubleToRawLongBits(sum.squares(count)));
      float[] gradient = sum.gradient(count);
      for (int i = 0; i < PARAMETERS; i++) {
        assertEquals(
            Float.floatToRawIntBits(expected.gradient[i]), Float.floatToRawIntBits(gradient[i]));
      }
    }
  }

  @Test
  void add_lanesInAnyOrder_givesTheBitsOfTheTree() {
    Random random = new Random(1);
    for (int trial = 0; trial < 500; trial++) {
      int count = 1 << random.nextInt(7);
      List<Lane> lanes = lanes(count, random.nextInt(3) * 0.3, random);
      Lane expected = definition(lanes, 0, count);
      List<Integer> order = new ArrayList<>();
      for (int lane = 0; lane < count; lane++) {
        order.add(lane);
      }
      Collections.shuffle(order, random);
      LaneSum sum = new LaneSum();
      for (int lane : order) {
        add(sum, lane, lanes.get(lane));
      }
      assertSame(expected, sum, count);
    }
  }

  @Test
  void merge_anyGroupsInAnyOrder_givesTheBitsOfTheTree() {
    Random random = new Random(2);
    for (int trial = 0; trial < 500; trial++) {
      int count = 1 << random.nextInt(7);
      List<Lane> lanes = lanes(count, 0.2, random);
      int groups = 1 + random.nextInt(count);
      List<LaneSum> parts = new ArrayList<>();
      for (int group = 0; group < groups; group++) {
        parts.add(new LaneSum());
      }
      for (int lane = 0; lane < count; lane++) {
        add(parts.get(random.nextInt(groups)), lane, lanes.get(lane));
      }
      while (parts.size() > 1) {
        LaneSum from = parts.remove(random.nextInt(parts.size()));
        parts.get(random.nextInt(parts.size())).merge(from);
      }
      assertSame(definition(lanes, 0, count), parts.get(0), count);
    }
  }

  @Test
  void add_callersArray_staysTheCallers() {
    float[] gradient = {1, 2, 3};
    LaneSum sum = new LaneSum();
    sum.add(0, gradient, 1, 1, 1, 1);
    sum.add(1, gradient, 1, 1, 1, 1);
    sum.add(3, gradient, 1, 1, 1, 1);
    sum.add(2, gradient, 1, 1, 1, 1);
    assertArrayEquals(new float[] {1, 2, 3}, gradient);
    assertArrayEquals(new float[] {4, 8, 12}, sum.gradient(4));
  }

  @Test
  void lend_lastLane_givesTheBitsOfTheTreeAndStaysTheCallers() {
    Random random = new Random(6);
    LaneSum task = new LaneSum();
    for (int trial = 0; trial < 200; trial++) {
      int count = 1 << random.nextInt(5);
      List<Lane> lanes = lanes(count, 0.3, random);
      int cut = random.nextInt(count);
      LaneSum whole = new LaneSum();
      // Two parts, as of two tasks, in the same memory one after the other.
      for (int[] part : new int[][] {{cut, count}, {0, cut}}) {
        task.clear();
        float[] lent = null;
        for (int lane = part[0]; lane < part[1]; lane++) {
          Lane it = lanes.get(lane);
          if (lane < part[1] - 1) {
            add(task, lane, it);
          } else {
            lent = it.gradient.clone();
            task.lend(lane, lent, it.loss, it.correct, it.count, it.squares);
          }
        }
        whole.addAll(task);
        if (lent != null) {
          assertArrayEquals(lanes.get(part[1] - 1).gradient, lent, 0);
          Arrays.fill(lent, Float.NaN); // The caller goes on to something else.
        }
      }
      assertSame(definition(lanes, 0, count), whole, count);
    }
  }

  @Test
  void clear_reused_givesTheSameAsNew() {
    Random random = new Random(3);
    LaneSum reused = new LaneSum();
    for (int trial = 0; trial < 50; trial++) {
      List<Lane> lanes = lanes(16, 0.2, random);
      reused.clear();
      for (int lane = 0; lane < 16; lane++) {
        add(reused, lane, lanes.get(lane));
      }
      assertSame(definition(lanes, 0, 16), reused, 16);
    }
  }

  @Test
  void add_consecutiveLanes_holdsFewSubtrees() {
    Random random = new Random(4);
    List<Lane> lanes = lanes(64, 0, random);
    for (int from = 0; from < 64; from++) {
      LaneSum sum = new LaneSum();
      for (int lane = from; lane < 64; lane++) {
        add(sum, lane, lanes.get(lane));
        assertTrue(sum.subtrees() <= 12, "2·log2 L");
      }
    }
  }

  @Test
  void add_sameLaneTwice_throws() {
    LaneSum sum = new LaneSum();
    for (int lane : new int[] {0, 1, 5, 6}) {
      sum.add(lane, new float[] {1}, 0, 0, 1, 0);
    }
    for (int lane : new int[] {0, 1, 5, 6}) {
      assertThrows(
          IllegalStateException.class,
          () -> sum.add(lane, new float[] {1}, 0, 0, 1, 0),
          "lane " + lane);
    }
  }

  @Test
  void gradient_lanesMissing_throws() {
    LaneSum sum = new LaneSum();
    sum.add(0, new float[] {1}, 0, 0, 1, 0);
    assertThrows(IllegalStateException.class, () -> sum.gradient(2));
  }

  @Test
  void serialization_bothOfSparks_keepsEveryBit() throws Exception {
    Random random = new Random(5);
    List<Lane> lanes = lanes(16, 0.3, random);
    LaneSum sum = new LaneSum();
    for (int lane = 3; lane < 16; lane++) {
      add(sum, lane, lanes.get(lane));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(sum);
    }
    LaneSum java;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      java = (LaneSum) in.readObject();
    }
    SerializerInstance kryo = new KryoSerializer(new SparkConf(false)).newInstance();
    scala.reflect.ClassTag<LaneSum> tag = scala.reflect.ClassTag$.MODULE$.apply(LaneSum.class);
    LaneSum viaKryo = kryo.deserialize(kryo.serialize(sum, tag), tag);
    for (LaneSum copy : List.of(java, viaKryo)) {
      for (int lane = 0; lane < 3; lane++) {
        add(copy, lane, lanes.get(lane));
      }
      assertSame(definition(lanes, 0, 16), copy, 16);
    }
  }
}
