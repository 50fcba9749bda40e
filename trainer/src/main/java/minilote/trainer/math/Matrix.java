package minilote.trainer.math;

import breeze.generic.UFunc;
import breeze.linalg.DenseMatrix;
import breeze.linalg.DenseMatrix$mcF$sp;
import breeze.linalg.operators.HasOps;
import breeze.linalg.operators.OpMulMatrix$;
import java.util.Locale;
import java.util.Objects;

/**
 * A matrix as people look at it: {@code Matrix.view(parameters, offset, in, out).multiply(x)}.
 *
 * <p>A view of a part of a flat {@code float[]}, row by row: element (r, c) of a {@code rows ×
 * columns} matrix is {@code data[offset + r · columns + c]}. What is set in one is seen in the
 * other; the shape never changes. Inside it is Breeze's {@code DenseMatrix}, and its product is
 * Breeze's, which allocates its result: the hot path calls the BLAS on the same arrays itself.
 *
 * <p>Not thread-safe where elements are set; sizes of 0 are allowed.
 */
public final class Matrix {

  private final DenseMatrix$mcF$sp values;

  private Matrix(DenseMatrix$mcF$sp values) {
    this.values = values;
  }

  /**
   * A view of {@code rows · columns} elements of an array.
   *
   * @param data the array that keeps the elements; shared, not copied
   * @param offset where element (0, 0) lies
   * @throws IllegalArgumentException if the matrix does not lie within the array
   */
  public static Matrix view(float[] data, int offset, int rows, int columns) {
    if (rows < 0 || columns < 0 || offset < 0) {
      throw new IllegalArgumentException(
          "view: rows, columns and offset must not be negative, and are "
              + (rows + ", " + columns + " and " + offset));
    }
    if (offset + (long) rows * columns > data.length) {
      throw Shapes.disagree(
          "view at " + offset,
          "the matrix",
          new int[] {rows, columns},
          "the array",
          new int[] {data.length},
          "the matrix must lie within the array");
    }
    if (rows == 0 || columns == 0) {
      // Breeze checks an index that an empty matrix does not have: an array long enough for it.
      float[] none = new float[rows + columns];
      return new Matrix(new DenseMatrix$mcF$sp(rows, columns, none, 0, Math.max(columns, 1), true));
    }
    // Row by row is Breeze's "transposed": its major stride then leads from row to row.
    return new Matrix(new DenseMatrix$mcF$sp(rows, columns, data, offset, columns, true));
  }

  /** A matrix of zeros on an array of its own. */
  public static Matrix zeros(int rows, int columns) {
    if (rows < 0 || columns < 0) {
      return view(new float[0], 0, rows, columns);
    }
    return view(new float[Math.multiplyExact(rows, columns)], 0, rows, columns);
  }

  /**
   * A copy of {@code rows[r][c]}.
   *
   * @throws IllegalArgumentException if rows differ in length
   */
  public static Matrix of(float[]... rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    Matrix matrix = zeros(rows.length, columns);
    for (int r = 0; r < rows.length; r++) {
      if (rows[r].length != columns) {
        throw Shapes.disagree(
            "matrix of rows",
            "row 0",
            new int[] {columns},
            "row " + r,
            new int[] {rows[r].length},
            "all rows must be equally long");
      }
      System.arraycopy(rows[r], 0, matrix.values.data(), r * columns, columns);
    }
    return matrix;
  }

  public int rows() {
    return values.rows();
  }

  public int columns() {
    return values.cols();
  }

  /** The element in a row and a column, both counted from 0. */
  public float get(int row, int column) {
    // Breeze would take −1 for the last one.
    return values.apply(Objects.checkIndex(row, rows()), Objects.checkIndex(column, columns()));
  }

  /** Sets the element in a row and a column, both counted from 0, here and in the array viewed. */
  public void set(int row, int column, float value) {
    values.update(Objects.checkIndex(row, rows()), Objects.checkIndex(column, columns()), value);
  }

  /** The same elements with rows and columns exchanged: a view, too. */
  public Matrix transpose() {
    return new Matrix(
        new DenseMatrix$mcF$sp(
            columns(),
            rows(),
            values.data(),
            values.offset(),
            values.majorStride(),
            !values.isTranspose()));
  }

  /**
   * The product of this, A ({@code m × k}), and another, B ({@code k × n}): a new matrix, {@code m
   * × n}, on an array of its own.
   *
   * @throws IllegalArgumentException if B has not as many rows as A has columns
   */
  public Matrix multiply(Matrix other) {
    if (columns() != other.rows()) {
      throw Shapes.disagree(
          "multiply",
          "A",
          new int[] {rows(), columns()},
          "B",
          new int[] {other.rows(), other.columns()},
          "the columns of A must be as many as the rows of B");
    }
    if (rows() == 0 || columns() == 0 || other.columns() == 0) {
      return zeros(rows(), other.columns()); // An empty sum is 0, and no BLAS is asked for it.
    }
    DenseMatrix<Object> product = Product.OPERATOR.apply(values, other.values);
    return new Matrix((DenseMatrix$mcF$sp) product);
  }

  /** A copy of the elements, row by row. */
  public float[] toArray() {
    float[] copy = new float[rows() * columns()];
    for (int r = 0; r < rows(); r++) {
      for (int c = 0; c < columns(); c++) {
        copy[r * columns() + c] = values.apply(r, c);
      }
    }
    return copy;
  }

  /** A copy of the elements, {@code [row][column]}. */
  public float[][] toRows() {
    float[][] copy = new float[rows()][columns()];
    for (int r = 0; r < rows(); r++) {
      for (int c = 0; c < columns(); c++) {
        copy[r][c] = values.apply(r, c);
      }
    }
    return copy;
  }

  /** The shape and, one line a row, the first eight rows and columns. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(Shapes.of(rows(), columns()));
    for (int r = 0; r < Math.min(rows(), 8); r++) {
      text.append(System.lineSeparator());
      for (int c = 0; c < Math.min(columns(), 8); c++) {
        text.append(String.format(Locale.ROOT, "%12.5g", get(r, c)));
      }
      text.append(columns() > 8 ? " …" : "");
    }
    return rows() > 8
        ? text.append(System.lineSeparator()).append("…").toString()
        : text.toString();
  }

  /** Breeze's product of two matrices of floats; its table of operators takes a second to load. */
  private static final class Product {
    static final UFunc.UImpl2<
            OpMulMatrix$, DenseMatrix<Object>, DenseMatrix<Object>, DenseMatrix<Object>>
        OPERATOR = load();

    private static UFunc.UImpl2<
            OpMulMatrix$, DenseMatrix<Object>, DenseMatrix<Object>, DenseMatrix<Object>>
        load() {
      NativeBlas.blas(); // First, so that Breeze finds the same library.
      return HasOps.impl_OpMulMatrix_DM_DM_eq_DM_Float();
    }
  }
}
