package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Truth tables as logic has them; what is learned against a training in loops of this test. */
class XorTest {
  private static final int SEEDS = 100;
  private static final int STEPS = 500;
  private static final double RATE = 2;
  private static final double[][] X = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
  private static final double[] Y = {0, 1, 1, 0};

  private static Findings found = new Findings();

  @BeforeAll
  static void work() throws IOException {
    found = Classrooms.work(new Xor(), Classrooms.empty(0));
  }

  private static List<List<String>> rows(String table) {
    return Objects.requireNonNull(found.table(table)).rows();
  }

  private static List<String> column(String table, int column) {
    return rows(table).stream().map(row -> row.get(column)).toList();
  }

  @Test
  void fixedNetworks_answerTheTruthTable() {
    assertEquals(List.of("(−1, −1)", "(−1, 1)", "(1, −1)", "(1, 1)"), column("sum", 0));
    assertEquals(List.of("−1", "−1", "1", "−1"), column("sum", 1));
    assertEquals(List.of("−1", "1", "−1", "−1"), column("sum", 2));
    assertEquals(List.of("−1", "1", "1", "−1"), column("sum", 3));
    assertEquals(List.of("(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"), column("or", 0));
    assertEquals(List.of("0", "1", "1", "1"), column("or", 1));
    assertEquals(List.of("0", "0", "0", "1"), column("or", 2));
    assertEquals(List.of("0", "1", "1", "0"), column("or", 3));
  }

  /** The weights that the table tells are those of gates that are known to be right. */
  @Test
  void weights_ofTheTables_answerTheTruthTableByHand() {
    for (int a = -1; a <= 1; a += 2) {
      for (int b = -1; b <= 1; b += 2) {
        int first = sign(unit("sum-weights", 0, a, b));
        int second = sign(unit("sum-weights", 1, a, b));
        assertEquals(a == b ? -1 : 1, sign(unit("sum-weights", 2, first, second)));
      }
    }
    for (int a = 0; a <= 1; a++) {
      for (int b = 0; b <= 1; b++) {
        int or = step(unit("or-weights", 0, a, b));
        int and = step(unit("or-weights", 1, a, b));
        assertEquals(a | b, or);
        assertEquals(a & b, and);
        assertEquals(a ^ b, step(unit("or-weights", 2, or, and)));
      }
    }
  }

  private static double unit(String table, int row, int x1, int x2) {
    List<String> w = rows(table).get(row);
    return number(w.get(2)) * x1 + number(w.get(3)) * x2 + number(w.get(4));
  }

  private static double number(String written) {
    return Double.parseDouble(written.replace('−', '-'));
  }

  private static int sign(double s) {
    return s >= 0 ? 1 : -1;
  }

  private static int step(double s) {
    return s >= 0 ? 1 : 0;
  }

  /** A network of two tanh units and a sigmoid unit, in double precision and without matrices. */
  private static final class ByHand {
    private final double[] u = new double[4]; // input k to hidden j: u[2k + j]
    private final double[] c = new double[2];
    private final double[] v = new double[2];
    private double d;

    ByHand(long seed) {
      float[] w =
          Network.of(NetworkDescription.parse("dense 2 tanh, dense 1 sigmoid"), List.of(2))
              .initialize(Initialization.AUTO, seed);
      for (int i = 0; i < 4; i++) {
        u[i] = w[i];
      }
      for (int j = 0; j < 2; j++) {
        c[j] = w[4 + j];
        v[j] = w[6 + j];
      }
      d = w[8];
    }

    double hidden(double[] x, int j) {
      return Math.tanh(u[j] * x[0] + u[2 + j] * x[1] + c[j]);
    }

    double answer(double[] x) {
      return 1 / (1 + Math.exp(-(v[0] * hidden(x, 0) + v[1] * hidden(x, 1) + d)));
    }

    void step() {
      double[] du = new double[4];
      double[] dc = new double[2];
      double[] dv = new double[2];
      double dd = 0;
      for (int n = 0; n < 4; n++) {
        double delta = (answer(X[n]) - Y[n]) / 4;
        dd += delta;
        for (int j = 0; j < 2; j++) {
          double h = hidden(X[n], j);
          double below = delta * v[j] * (1 - h * h);
          dv[j] += delta * h;
          dc[j] += below;
          du[j] += below * X[n][0];
          du[2 + j] += below * X[n][1];
        }
      }
      for (int i = 0; i < 4; i++) {
        u[i] -= RATE * du[i];
      }
      for (int j = 0; j < 2; j++) {
        c[j] -= RATE * dc[j];
        v[j] -= RATE * dv[j];
      }
      d -= RATE * dd;
    }

    double loss() {
      double sum = 0;
      for (int n = 0; n < 4; n++) {
        sum -= Math.log(Y[n] == 1 ? answer(X[n]) : 1 - answer(X[n]));
      }
      return sum / 4;
    }

    boolean isRight() {
      for (int n = 0; n < 4; n++) {
        if (answer(X[n]) >= 0.5 != (Y[n] == 1)) {
          return false;
        }
      }
      return true;
    }
  }

  private static ByHand trained(long seed) {
    ByHand network = new ByHand(seed);
    for (int i = 0; i < STEPS; i++) {
      network.step();
    }
    return network;
  }

  @Test
  void failures_ofTwoHiddenUnits_areThoseOfALoopInDoublePrecision() {
    int failed = 0;
    int nearHalf = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      ByHand network = trained(seed);
      if (!network.isRight()) {
        failed++;
        nearHalf += Math.abs(network.loss() - 0.34657) < 0.01 ? 1 : 0;
      }
    }
    // Where an answer is ½ but for its last bits, precision decides its side.
    assertEquals(failed, found.number("failed-2"), 1);
    assertEquals(nearHalf, found.number("near-half"), 1);
    assertTrue(failed > 10, "there are some");
  }

  @Test
  void shownSeeds_answerAsALoopDoes() {
    for (String name : List.of("success", "failure")) {
      ByHand network = trained((long) found.number(name + "-seed"));
      assertEquals(network.loss(), found.number(name + "-loss"), 2e-4);
      for (int n = 0; n < 4; n++) {
        List<String> row = rows(name).get(n);
        assertEquals(network.hidden(X[n], 0), number(row.get(2)), 2e-3);
        assertEquals(network.hidden(X[n], 1), number(row.get(3)), 2e-3);
        assertEquals(network.answer(X[n]), number(row.get(4)), 2e-3);
      }
    }
  }

  @Test
  void moreUnits_failLessOften() {
    assertEquals(List.of("9", "13", "17"), column("failures", 1));
    assertTrue(found.number("failed-2") > found.number("failed-3"));
    assertTrue(found.number("failed-3") > found.number("failed-4"));
    for (List<String> row : rows("failures")) {
      assertEquals(SEEDS, Integer.parseInt(row.get(2)) + Integer.parseInt(row.get(3)));
    }
  }

  @Test
  void failedSeed_trainedForLonger_staysAboveHalfLog2() {
    List<String> losses = column("later-table", 1);
    double last = number(losses.get(losses.size() - 1));
    assertEquals(Math.log(2) / 2, last, 5e-4);
    assertTrue(last > Math.log(2) / 2);
  }
}
