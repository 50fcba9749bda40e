/**
 * The page that says what happened in a run: {@code report.html}. Knows a run's files, not how they
 * came to be: imports {@code minilote.trainer.run} and {@code minilote.datasets}, never Spark.
 */
@NullMarked
package minilote.driver.report;

import org.jspecify.annotations.NullMarked;
