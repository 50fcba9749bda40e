package minilote.datasets;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static JavaClasses classes;

  @BeforeAll
  static void importClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("minilote.datasets");
    assertTrue(classes.size() > 30, "classes seen: " + classes.size());
  }

  @Test
  void datasets_anyClass_knowsNothingOfSparkTrainerOrDriver() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.spark..", "scala..", "minilote.trainer..", "minilote.driver..")
        .check(classes);
  }

  @Test
  void datasets_contractPackage_doesNotDependOnItsSubPackages() {
    noClasses()
        .that()
        .resideInAPackage("minilote.datasets")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("minilote.datasets.*..")
        .check(classes);
  }

  @Test
  void datasets_sourcesAndDownloads_doNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("minilote.datasets.source..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("minilote.datasets.download..", "minilote.datasets.prepare..")
        .check(classes);
    noClasses()
        .that()
        .resideInAPackage("minilote.datasets.download..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("minilote.datasets.source..", "minilote.datasets.prepare..")
        .check(classes);
  }

  @Test
  void datasets_onlyTheDownload_opensConnections() {
    noClasses()
        .that()
        .resideOutsideOfPackage("minilote.datasets.download..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.net.http..")
        .check(classes);
  }
}
