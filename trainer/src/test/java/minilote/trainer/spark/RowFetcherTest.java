package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows over Spark's transport, from this JVM to itself. */
class RowFetcherTest {
  @TempDir Path temporary;

  private SpreadFixture fixture;

  @BeforeEach
  void prepare() throws Exception {
    fixture = new SpreadFixture(temporary);
  }

  @AfterEach
  void stop() {
    Exchange.stop();
  }

  private RowFetcher fetcher(Exchange exchange, int part, double seconds) {
    List<String> addresses = Collections.nCopies(SpreadFixture.PARTITIONS, exchange.address());
    return new RowFetcher(
        fixture.split,
        fixture.shape.order(),
        fixture.positions(part, 0, fixture.shape.order().steps()),
        new RowPlaces(fixture.split, fixture.firstRanks, addresses, "elsewhere"),
        exchange,
        SpreadFixture.patience(seconds));
  }

  @Test
  void rows_ofAnotherJvm_areTheEpochsInOrder() throws Exception {
    SparkContexts.use(
        "local[1]",
        spark -> {
          Exchange exchange = Exchange.get(0);
          for (int partition = 0; partition < SpreadFixture.PARTITIONS; partition++) {
            fixture.hold(partition, partition % 2 == 0);
          }
          RowServer.serve(fixture.split, exchange);
          for (int part = 0; part < SpreadFixture.PARTS; part++) {
            try (RowFetcher fetcher = fetcher(exchange, part, 60)) {
              Rows rows = fetcher.rows();
              for (byte[] expected : fixture.expected(part, 0, fixture.shape.order().steps())) {
                rows.advance();
                assertArrayEquals(expected, SpreadFixture.record(rows, fixture.recordBytes));
              }
            }
          }
          return null;
        });
  }

  /** An executor may have lost a partition since it was settled who holds it. */
  @Test
  void advance_ownerDoesNotHoldTheRow_saysWhoAndWhat() throws Exception {
    SparkContexts.use(
        "local[1]",
        spark -> {
          Exchange exchange = Exchange.get(0);
          for (int partition : new int[] {0, 1, 3}) {
            fixture.hold(partition, true);
          }
          RowServer.serve(fixture.split, exchange);
          try (RowFetcher fetcher = fetcher(exchange, 0, 60)) {
            Rows rows = fetcher.rows();
            String said = assertThrows(IllegalStateException.class, rows::advance).getMessage();
            assertEquals(
                "examples of another executor cannot be had: the one at %s says: partition 2 of the examples is not held there"
                    .formatted(exchange.address()),
                said);
          }
          return null;
        });
  }

  @Test
  void advance_nobodyKnowsTheExamples_endsWhenTheTimeIsOver() throws Exception {
    SparkContexts.use(
        "local[1]",
        spark -> {
          Exchange exchange = Exchange.get(0);
          try (RowFetcher fetcher = fetcher(exchange, 0, 0.1)) {
            Rows rows = fetcher.rows();
            String said = assertThrows(IllegalStateException.class, rows::advance).getMessage();
            assertTrue(said.contains("the executor at " + exchange.address()), said);
          }
          return null;
        });
  }

  @Test
  void advance_connectionLost_saysWhoIsGone() throws Exception {
    SparkContexts.use(
        "local[1]",
        spark -> {
          Exchange exchange = Exchange.get(0);
          try (RowFetcher fetcher = fetcher(exchange, 0, 60)) {
            Rows rows = fetcher.rows();
            exchange.connect(exchange.address()).close();
            String said = assertThrows(IllegalStateException.class, rows::advance).getMessage();
            assertEquals(
                "examples of another executor cannot be had: the one at %s is gone"
                    .formatted(exchange.address()),
                said);
          }
          return null;
        });
  }
}
