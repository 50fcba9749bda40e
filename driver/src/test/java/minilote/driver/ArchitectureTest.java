package minilote.driver;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which way the arrows point: driver → trainer → datasets, and reports know no Spark. */
@AnalyzeClasses(packages = "minilote", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule NOTHING_DEPENDS_ON_DRIVER =
      noClasses()
          .that()
          .resideInAnyPackage("minilote.datasets..", "minilote.trainer..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("minilote.driver..");

  @ArchTest
  static final ArchRule REPORTS_KNOW_NEITHER_SPARK_NOR_COMMANDS =
      noClasses()
          .that()
          .resideInAPackage("minilote.driver.report..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "minilote.trainer.spark..", "picocli..");

  /** Its fonts are missing on many machines of clusters. */
  @ArchTest
  static final ArchRule REPORTS_DRAW_WITHOUT_AWT =
      noClasses()
          .that()
          .resideInAPackage("minilote.driver..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.awt..", "javax.swing..");
}
