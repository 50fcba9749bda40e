package minilote.trainer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import minilote.datasets.Json;
import minilote.datasets.UserError;

/**
 * How long one task computes on the lanes of a step, by the rows of a lane: forward, backward, and
 * what turns records into inputs. Measured with one task at work, and with several at once, as
 * cores share a memory and a clock rate.
 *
 * @param points what was measured, by rows
 * @param busyTasks tasks at work in {@link Point#busy}
 * @param partRows rows that are computed at once: a lane with more is taken in parts
 */
public record LaneTimes(NavigableMap<Integer, Point> points, int busyTasks, int partRows) {
  private static final int MOST_TASKS = 1 << 16;

  /** What clocks that rise and fall may make of a time. */
  private static final double SLACK = 0.8;

  /**
   * A lane of some number of rows.
   *
   * @param alone seconds with one task at work
   * @param busy seconds with {@link #busyTasks()} at work
   */
  public record Point(double alone, double busy) {
    /** Checks both. */
    public Point {
      if (!(alone > 0 && busy > 0 && alone + busy < Double.POSITIVE_INFINITY)) {
        throw new UserError(
            "a lane's seconds must be greater than 0, not %s and %s".formatted(alone, busy));
      }
    }
  }

  /**
   * @throws UserError where there are too few points, or one is of no rows
   */
  public LaneTimes {
    points = new TreeMap<>(points);
    if (busyTasks < 1 || partRows < 1) {
      throw new UserError(
          "tasks and rows must be at least 1, not %d and %d".formatted(busyTasks, partRows));
    }
    if (points.size() < 2 || points.firstKey() < 1 || points.lastKey() != partRows) {
      throw new UserError(
          "lanes must have been measured for at least two numbers of rows, the largest of them %d, not for %s"
              .formatted(partRows, points.keySet()));
    }
  }

  /**
   * Seconds for a lane: {@code ⌊r/part⌋ · t(part) + t(r mod part)}, where {@code t} is linear
   * between the points that were measured, and constant below the first one.
   *
   * @param rows examples of the lane
   * @param tasks tasks at work on the same machine: between one and {@link #busyTasks()} times are
   *     linear, beyond it they stay
   */
  public double seconds(int rows, int tasks) {
    int parts = rows / partRows;
    int rest = rows % partRows;
    return parts * ofPart(partRows, tasks) + (rest == 0 ? 0 : ofPart(rest, tasks));
  }

  /** Seconds for the last of the parts that a lane of so many rows is taken in. */
  double lastPart(int rows, int tasks) {
    int rest = rows % partRows;
    return ofPart(rest == 0 ? partRows : rest, tasks);
  }

  private double ofPart(int rows, int tasks) {
    Map.Entry<Integer, Point> below = points.floorEntry(rows);
    Map.Entry<Integer, Point> above = points.ceilingEntry(rows);
    if (below == null) {
      return at(points.firstEntry().getValue(), tasks);
    }
    // The largest point is of partRows, and rows are at most that.
    double low = at(below.getValue(), tasks);
    double high = at(above.getValue(), tasks);
    int width = above.getKey() - below.getKey();
    return width == 0 ? low : low + (high - low) * (rows - below.getKey()) / width;
  }

  private double at(Point point, int tasks) {
    double share = busyTasks == 1 ? 0 : (Math.min(tasks, busyTasks) - 1.0) / (busyTasks - 1.0);
    return point.alone() + share * (point.busy() - point.alone());
  }

  /**
   * Whether times are what they can be on a machine that does nothing else: more rows take longer,
   * and a task that others work beside is not faster.
   */
  public boolean isPlausible() {
    double alone = 0;
    double busy = 0;
    for (Point point : points.values()) {
      if (point.alone() < SLACK * alone
          || point.busy() < SLACK * busy
          || point.busy() < SLACK * point.alone()) {
        return false;
      }
      alone = Math.max(alone, point.alone());
      busy = Math.max(busy, point.busy());
    }
    return true;
  }

  /** As one JSON object. */
  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("part_rows", partRows);
    json.put("busy_tasks", busyTasks);
    ArrayNode array = json.putArray("measured");
    points.forEach(
        (rows, point) ->
            array
                .addObject()
                .put("rows", rows)
                .put("alone_seconds", point.alone())
                .put("busy_seconds", point.busy()));
    return json;
  }

  /** The inverse of {@link #toJson()}. */
  static LaneTimes fromJson(JsonNode json) {
    NavigableMap<Integer, Point> points = new TreeMap<>();
    List<JsonNode> measured = Json.list(json, "measured");
    for (JsonNode point : measured) {
      points.put(
          (int) Json.integer(point, "rows", 1, Integer.MAX_VALUE),
          new Point(Json.number(point, "alone_seconds"), Json.number(point, "busy_seconds")));
    }
    return new LaneTimes(
        points,
        (int) Json.integer(json, "busy_tasks", 1, MOST_TASKS),
        (int) Json.integer(json, "part_rows", 1, Integer.MAX_VALUE));
  }
}
