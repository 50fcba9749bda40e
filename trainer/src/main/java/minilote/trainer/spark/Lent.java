package minilote.trainer.spark;

import java.io.Serializable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An object of the driver's that tasks in the same JVM take by reference: what crosses Spark is its
 * number. In Spark's local mode all tasks are in that JVM, and megabytes need not be turned into
 * bytes and back at every step.
 *
 * <p>Closing takes it back. A task that is still running then, left over from a job that has
 * failed, no longer finds it.
 *
 * @param <T> what is lent
 */
final class Lent<T> implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  private static final ConcurrentMap<Long, Object> LENT = new ConcurrentHashMap<>();
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long number;

  private Lent(long number) {
    this.number = number;
  }

  static <T> Lent<T> of(T object) {
    long number = NUMBERS.incrementAndGet();
    LENT.put(number, object);
    return new Lent<>(number);
  }

  /**
   * The object itself.
   *
   * @throws IllegalStateException where it has been taken back, or is another JVM's
   */
  @SuppressWarnings("unchecked") // Only of() gives out numbers.
  T get() {
    Object object = LENT.get(number);
    if (object == null) {
      throw new IllegalStateException(
          "the driver has taken back what this task works with: its job has ended");
    }
    return (T) object;
  }

  @Override
  public void close() {
    LENT.remove(number);
  }

  /** How many objects are lent and not taken back. */
  static int open() {
    return LENT.size();
  }
}
