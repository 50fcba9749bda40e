package minilote.trainer.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixTest {

  @Test
  void view_atOffset_readsRowByRow() {
    Matrix matrix = Matrix.view(new float[] {9, 9, 1, 2, 3, 4, 5, 6, 9}, 2, 2, 3);

    assertEquals(2, matrix.rows());
    assertEquals(3, matrix.columns());
    assertArrayEquals(new float[][] {{1, 2, 3}, {4, 5, 6}}, matrix.toRows());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, matrix.toArray());
  }

  @Test
  void set_inViewAndTransposeAndArray_isOneMemory() {
    float[] data = new float[8];
    Matrix matrix = Matrix.view(data, 1, 2, 3);
    Matrix transpose = matrix.transpose();

    matrix.set(1, 0, 5);
    transpose.set(2, 1, 7);
    data[1] = 3;

    assertArrayEquals(new float[] {0, 3, 0, 0, 5, 0, 7, 0}, data);
    assertArrayEquals(new float[][] {{3, 0, 0}, {5, 0, 7}}, matrix.toRows());
    assertArrayEquals(new float[][] {{3, 5}, {0, 0}, {0, 7}}, transpose.toRows());
    assertArrayEquals(matrix.toRows(), transpose.transpose().toRows());
  }

  @Test
  void toArray_ofTranspose_isRowByRowOfTheTranspose() {
    Matrix matrix = Matrix.of(new float[] {1, 2, 3}, new float[] {4, 5, 6});

    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, matrix.transpose().toArray());
  }

  @Test
  void copies_whenChanged_leaveTheMatrix() {
    Matrix matrix = Matrix.of(new float[] {1, 2});

    matrix.toArray()[0] = 7;
    matrix.toRows()[0][0] = 8;

    assertEquals(1, matrix.get(0, 0));
  }

  @Test
  void multiply_knownMatrices_isTheKnownProduct() {
    Matrix a = Matrix.of(new float[] {1, 2, 3}, new float[] {4, 5, 6});
    Matrix b = Matrix.of(new float[] {7, 8}, new float[] {9, 10}, new float[] {11, 12});

    assertArrayEquals(new float[][] {{58, 64}, {139, 154}}, a.multiply(b).toRows());
    assertArrayEquals(
        new float[][] {{58, 139}, {64, 154}}, b.transpose().multiply(a.transpose()).toRows());
    assertArrayEquals(
        new float[][] {{17, 22, 27}, {22, 29, 36}, {27, 36, 45}},
        a.transpose().multiply(a).toRows());
  }

  /** Integers small enough that sums of products are exact, whatever the order. */
  @Test
  void multiply_randomShapesViewsAndTransposes_equalsTheDefinition() {
    Random random = new Random(20);
    int[] sizes = {0, 1, 1, 2, 3, 5, 8, 17, 64};
    int empty = 0;
    int checked = 0;
    for (; checked < 300; checked++) {
      int m = sizes[random.nextInt(sizes.length)];
      int k = sizes[random.nextInt(sizes.length)];
      int n = sizes[random.nextInt(sizes.length)];
      empty += m * k * n == 0 ? 1 : 0;
      Matrix a = random(m, k, random);
      Matrix b = random(k, n, random);
      float[][] expected = new float[m][n];
      for (int r = 0; r < m; r++) {
        for (int c = 0; c < n; c++) {
          for (int i = 0; i < k; i++) {
            expected[r][c] += a.get(r, i) * b.get(i, c);
          }
        }
      }
      assertArrayEquals(expected, a.multiply(b).toRows(), m + " × " + k + " × " + n);
    }
    assertEquals(300, checked);
    assertTrue(empty > 50, () -> "too few empty ones");
  }

  /** A view at a random offset, of the matrix or of its transpose. */
  private static Matrix random(int rows, int columns, Random random) {
    int offset = random.nextInt(5);
    float[] data = new float[offset + rows * columns + random.nextInt(5)];
    for (int i = 0; i < data.length; i++) {
      data[i] = random.nextInt(19) - 9;
    }
    return random.nextBoolean()
        ? Matrix.view(data, offset, rows, columns)
        : Matrix.view(data, offset, columns, rows).transpose();
  }

  @Test
  void multiply_result_isOnItsOwnArray() {
    Matrix a = Matrix.of(new float[] {1, 2}, new float[] {3, 4});
    Matrix product = a.multiply(Matrix.of(new float[] {1, 0}, new float[] {0, 1}));

    product.set(0, 0, 9);

    assertEquals(1, a.get(0, 0));
  }

  @Test
  void multiply_innerSizesDiffer_namesBothShapes() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class, () -> Matrix.zeros(2, 3).multiply(Matrix.zeros(4, 5)));

    assertEquals(
        "multiply: A is 2 × 3 and B is 4 × 5, but the columns of A must be as many as the rows of"
            + " B",
        error.getMessage());
  }

  @Test
  void multiply_noInnerSize_isZeros() {
    assertArrayEquals(new float[2][3], Matrix.zeros(2, 0).multiply(Matrix.zeros(0, 3)).toRows());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, 4, 'view at 0: the matrix is 2 × 4 and the array is 7, but the matrix must lie within"
        + " the array'",
    "2, 2, 3, 'view at 2: the matrix is 2 × 3 and the array is 7, but the matrix must lie within"
        + " the array'",
    "8, 0, 0, 'view at 8: the matrix is 0 × 0 and the array is 7, but the matrix must lie within"
        + " the array'",
    "0, 65536, 65536, 'view at 0: the matrix is 65536 × 65536 and the array is 7, but the matrix"
        + " must lie within the array'",
    "-1, 1, 2, 'view: rows, columns and offset must not be negative, and are 1, 2 and -1'",
    "0, -1, 2, 'view: rows, columns and offset must not be negative, and are -1, 2 and 0'",
  })
  void view_outsideTheArray_isRefused(int offset, int rows, int columns, String sentence) {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class, () -> Matrix.view(new float[7], offset, rows, columns));

    assertEquals(sentence, error.getMessage());
  }

  @Test
  void of_unequalRows_namesTheRow() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Matrix.of(new float[] {1, 2}, new float[] {1, 2}, new float[] {1}));

    assertEquals(
        "matrix of rows: row 0 is 2 and row 2 is 1, but all rows must be equally long",
        error.getMessage());
  }

  @Test
  void get_outside_isRefused() {
    Matrix matrix = Matrix.zeros(2, 3);

    assertThrows(IndexOutOfBoundsException.class, () -> matrix.get(-1, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> matrix.get(0, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> matrix.set(2, 0, 1));
  }

  @Test
  void toString_smallAndLarge_showsShapeAndTheFirstElements() {
    assertEquals(
        String.join(
            System.lineSeparator(),
            "2 × 2",
            "      1.0000     -2.5000",
            "  1.0000e-05      1000.0"),
        Matrix.of(new float[] {1, -2.5f}, new float[] {1e-5f, 1000}).toString());

    String large = Matrix.zeros(20, 30).toString();
    assertEquals(10, large.lines().count());
    assertTrue(large.lines().skip(1).limit(8).allMatch(line -> line.endsWith(" …")));
    assertEquals("…", large.lines().skip(9).findFirst().orElseThrow());
  }

  @Test
  void publicMethods_signatures_holdNoScala() {
    assertTrue(
        Stream.of(Matrix.class.getMethods())
            .filter(method -> method.getDeclaringClass() == Matrix.class)
            .flatMap(
                method ->
                    Stream.concat(
                        Stream.of(method.getReturnType()), Stream.of(method.getParameterTypes())))
            .noneMatch(type -> type.getName().matches("(scala|breeze)\\..*")));
  }
}
