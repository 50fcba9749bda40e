package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SparkStartTest {
  private static final String COMPRESS = "spark.broadcast.compress";

  @AfterEach
  void forget() {
    System.clearProperty(COMPRESS);
  }

  @Test
  void settings_ofTheUser_stay() {
    // spark-submit hands its settings over as system properties.
    System.setProperty(COMPRESS, "true");
    SparkConf conf = SparkStart.settings("train");
    assertEquals("true", conf.get(COMPRESS));
    assertEquals("64m", conf.get("spark.broadcast.blockSize"));
  }

  @Test
  void settings_none_suitArraysOfFloats() {
    SparkConf conf = SparkStart.settings("train");
    assertEquals("false", conf.get(COMPRESS));
    assertEquals("org.apache.spark.serializer.KryoSerializer", conf.get("spark.serializer"));
    assertEquals("minilote train", conf.get("spark.app.name"));
  }
}
