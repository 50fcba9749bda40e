package minilote.driver;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/** Keeps Spark's own log, which is for those who look after a cluster, out of a user's sight. */
final class SparkLog {
  private static final String STDERR = "stderr";

  /**
   * A second appender, which drops everything: Spark takes a root logger with one appender and
   * level ERROR for log4j's default, and puts its own configuration in its place.
   */
  private static final String NOTHING = "nothing";

  /**
   * What these have to say comes to the user as one sentence: a task's failure, where it would come
   * with its stack once for each try; a lost executor or cluster, where each of its connections and
   * blocks would complain.
   */
  private static final List<String> TOLD =
      List.of(
          "org.apache.spark.executor.Executor",
          "org.apache.spark.scheduler",
          "org.apache.spark.network",
          "org.apache.spark.rpc",
          "org.apache.spark.storage",
          "org.apache.spark.deploy.client",
          "org.apache.spark.ContextCleaner");

  private SparkLog() {}

  /**
   * Call before anything of Spark or Hadoop is touched: they log from the first moment.
   *
   * @param verbose whether the log is wanted
   */
  static void configure(boolean verbose) {
    ConfigurationBuilder<BuiltConfiguration> builder =
        ConfigurationBuilderFactory.newConfigurationBuilder();
    builder.setStatusLevel(Level.ERROR);
    builder.add(
        builder
            .newAppender(STDERR, "Console")
            .addAttribute("target", "SYSTEM_ERR")
            .add(
                builder
                    .newLayout("PatternLayout")
                    .addAttribute("pattern", "%d{HH:mm:ss} %p %c{1}: %m%n%ex")));
    builder.add(builder.newAppender(NOTHING, "Null"));
    builder.add(
        builder
            .newRootLogger(verbose ? Level.INFO : Level.ERROR)
            .add(builder.newAppenderRef(STDERR))
            .add(builder.newAppenderRef(NOTHING)));
    if (!verbose) {
      TOLD.forEach(logger -> builder.add(builder.newLogger(logger, Level.OFF)));
    }
    if (LogManager.getContext(false) instanceof LoggerContext) {
      Configurator.reconfigure(builder.build());
    }
  }
}
