package org.fedlayers;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Imports run one way: a room sees itself and the rooms before it in the list, no other. So claims
 * are judged and figures are drawn without anything that could train.
 */
class RoomsTest {
  private static final String HOUSE = "org.fedlayers";

  /** Simulation, Run and Runs stand in front of the rooms. */
  private static final String FRONT_DOOR = "";

  private static final List<String> ROOMS =
      List.of(
          "options",
          "data",
          "nn",
          "nn.graph",
          "nn.plan",
          "nn.cuda",
          "nn.dual",
          "federated",
          "engine",
          "diagnostics",
          "results",
          "experiment",
          "claims",
          "report",
          "sweep",
          FRONT_DOOR,
          "kernel",
          "cli");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(HOUSE);

  private static String[] packages(List<String> rooms) {
    return rooms.stream().map(RoomsTest::packageOf).toArray(String[]::new);
  }

  private static String packageOf(String room) {
    return room.equals(FRONT_DOOR) ? HOUSE : HOUSE + "." + room;
  }

  @TestFactory
  List<DynamicTest> aRoomSeesOnlyTheRoomsBeforeIt() {
    return ROOMS.stream()
        .map(room -> DynamicTest.dynamicTest(packageOf(room), () -> holds(room)))
        .toList();
  }

  private static void holds(String room) {
    String[] visible = packages(ROOMS.subList(0, ROOMS.indexOf(room) + 1));
    classes()
        .that()
        .resideInAPackage(packageOf(room))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(visible).or(resideOutsideOfPackage(HOUSE + "..")))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /** IJava has commons-lang3 3.8.1, from 2018, before a notebook's class path. */
  @Test
  void notebooksCallOnlyWhatAnOlderKernelsLibrariesHave() {
    Set<String> known =
        Set.of(
            "ArrayUtils.addAll",
            "ExceptionUtils.getRootCause",
            "ExceptionUtils.getRootCauseMessage",
            "ExceptionUtils.indexOfType",
            "StringUtils.getLevenshteinDistance");
    assertThat(CLASSES.stream())
        .filteredOn(type -> !type.getPackageName().matches(".*\\.(cli|kernel)"))
        .flatExtracting(JavaClass::getMethodCallsFromSelf)
        .extracting(JavaMethodCall::getTarget)
        .filteredOn(called -> called.getOwner().getPackageName().contains("commons.lang3"))
        .extracting(called -> called.getOwner().getSimpleName() + "." + called.getName())
        .isNotEmpty()
        .isSubsetOf(known);
  }

  @Test
  void everyClassLivesInARoom() {
    assertThat(CLASSES).hasSizeGreaterThan(10);
    classes()
        .that()
        .doNotHaveSimpleName("package-info")
        .should()
        .resideInAnyPackage(packages(ROOMS))
        .check(CLASSES);
  }

  /** Of top-level types, in the library and in the source folder for Apache Spark. */
  @Test
  void oneNameIsOneThing() throws IOException {
    List<String> names = new ArrayList<>();
    for (String folder : List.of("src/main/java", "src/cluster/java")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".java") && !name.equals("package-info.java"))
            .forEach(names::add);
      }
    }
    assertThat(names).contains("Federation.java", "SparkEngine.java").doesNotHaveDuplicates();
  }

  @Test
  void onlyTheKernelKnowsItsOptionalDependency() {
    noClasses()
        .that()
        .resideOutsideOfPackage(HOUSE + ".kernel")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.zeromq..")
        .check(CLASSES);
  }
}
