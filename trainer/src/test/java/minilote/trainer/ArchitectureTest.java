package minilote.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The directions of the arrows. */
@AnalyzeClasses(packages = "minilote", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule SPARK_IS_KNOWN_TO_ITS_PACKAGE_ALONE =
      noClasses()
          .that()
          .resideOutsideOfPackage("minilote.trainer.spark..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  @ArchTest
  static final ArchRule SCALA_AND_BREEZE_STAY_INSIDE_MATRIX_AND_THE_SPARK_PACKAGE =
      noClasses()
          .that()
          .resideOutsideOfPackage("minilote.trainer.spark..")
          .and()
          .haveNameNotMatching("minilote\\.trainer\\.math\\.Matrix(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("scala..", "breeze..");

  @ArchTest
  static final ArchRule THE_TRAINER_DOES_NOT_KNOW_THE_DRIVER =
      noClasses()
          .that()
          .resideInAPackage("minilote.trainer..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("minilote.driver..");

  @ArchTest
  static final ArchRule DATA_SETS_DO_NOT_KNOW_THE_TRAINER =
      noClasses()
          .that()
          .resideInAPackage("minilote.datasets..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("minilote.trainer..", "minilote.driver..");

  @ArchTest
  static final ArchRule KERNELS_KNOW_NO_NETWORK =
      noClasses()
          .that()
          .resideInAPackage("minilote.trainer.math..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "minilote.trainer.network..",
              "minilote.trainer.optimizer..",
              "minilote.trainer.run..",
              "minilote.trainer.spark..");

  @ArchTest
  static final ArchRule MEASURES_ARE_MATHEMATICS_OF_A_FUNCTION_THAT_IS_GIVEN =
      noClasses()
          .that()
          .resideInAPackage("minilote.trainer.measure..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "minilote.trainer.optimizer..", "minilote.trainer.run..", "minilote.trainer.spark..");

  @ArchTest
  static final ArchRule NETWORKS_KNOW_NO_RUN =
      noClasses()
          .that()
          .resideInAPackage("minilote.trainer.network..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "minilote.trainer.measure..",
              "minilote.trainer.optimizer..",
              "minilote.trainer.run..",
              "minilote.trainer.spark..");
}
