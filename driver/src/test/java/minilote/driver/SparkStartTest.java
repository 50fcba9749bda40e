package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SparkStartTest {
  private static final String COMPRESS = "spark.broadcast.compress";
  private static final String MASTER = "spark.master";

  @AfterEach
  void forget() {
    System.clearProperty(COMPRESS);
    System.clearProperty(MASTER);
  }

  @Test
  void settings_ofTheUser_stay() {
    // spark-submit hands its settings over as system properties.
    System.setProperty(COMPRESS, "true");
    SparkConf conf = SparkStart.settings("train");
    assertEquals("true", conf.get(COMPRESS));
    assertEquals("256k", conf.get("spark.broadcast.blockSize"));
  }

  @Test
  void settings_none_suitArraysOfFloats() {
    SparkConf conf = SparkStart.settings("train");
    assertEquals("false", conf.get(COMPRESS));
    assertEquals("org.apache.spark.serializer.KryoSerializer", conf.get("spark.serializer"));
    assertEquals("minilote train", conf.get("spark.app.name"));
  }

  @Test
  void described_ofBoth_saysWhoHasSetWhat() {
    System.setProperty(COMPRESS, "true");
    List<String> lines = SparkStart.described(SparkStart.settings("train"));
    assertTrue(lines.contains("spark.broadcast.compress=true, yours"), lines::toString);
    assertTrue(lines.contains("spark.broadcast.blockSize=256k, set by Minilote"), lines::toString);
    assertTrue(lines.contains("spark.driver.host=localhost, set by Minilote"), lines::toString);
  }

  @Test
  void described_onACluster_leavesTheDriversAddressToSpark() {
    System.setProperty(MASTER, "spark://host:7077");
    List<String> lines = SparkStart.described(SparkStart.settings("train"));
    assertFalse(lines.toString().contains("spark.driver.host"), lines::toString);
  }
}
