package org.fedlayers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No digit and no letter depends on where the machine stands. {@code cli.LocaleTest} tries it; here
 * the source is read.
 */
class LocalesTest {
  private static final Path MAIN = Path.of("src/main/java/org/fedlayers");

  /** What asks the machine for its locale unless it is given one. */
  private static final List<String> ASKING =
      List.of(
          "java.lang.String.format",
          "java.lang.String.toLowerCase",
          "java.lang.String.toUpperCase",
          "java.io.PrintStream.format",
          "java.io.PrintStream.printf",
          "java.io.PrintWriter.format",
          "java.io.PrintWriter.printf",
          "java.io.Console.printf",
          "java.text.MessageFormat.format",
          "java.text.NumberFormat.getInstance",
          "java.text.NumberFormat.getNumberInstance",
          "java.text.NumberFormat.getIntegerInstance",
          "java.text.NumberFormat.getPercentInstance",
          "java.text.Collator.getInstance",
          "java.time.format.DateTimeFormatter.ofLocalizedDate",
          "java.time.format.DateTimeFormatter.ofLocalizedDateTime",
          "java.util.Formatter.<init>",
          "java.util.Scanner.<init>",
          "java.util.ResourceBundle.getBundle",
          "java.util.Locale.getDefault",
          "java.text.DecimalFormat.<init>",
          "java.text.SimpleDateFormat.<init>");

  @Test
  void nothingAsksTheMachineForItsLocale() {
    noClasses()
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe("it takes the default locale", LocalesTest::asks))
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.fedlayers"));
  }

  private static boolean asks(JavaAccess<?> access) {
    String target = access.getTarget().getOwner().getName() + "." + access.getTarget().getName();
    return ASKING.contains(target) && !takesALocale(access);
  }

  private static boolean takesALocale(JavaAccess<?> access) {
    return access.getTarget()
            instanceof com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget code
        && code.getRawParameterTypes().stream()
            .map(JavaClass::getName)
            .anyMatch(Locale.class.getName()::equals);
  }

  /** {@code "%d".formatted(n)} does, too; elsewhere it stands in messages only. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "claims",
        "report",
        "data/DataSet.java",
        "data/TinyImageNet.java",
        "kernel/Notebook.java",
        "../../../../bench/java/org/fedlayers/bench"
      })
  void whatGoesIntoFilesFormatsNoNumberByTheMachinesLocale(String where) throws IOException {
    Pattern number = Pattern.compile("%[-,+0# (]*\\d*(\\.\\d+)?[deEfgGxX]");
    try (Stream<Path> files = Files.walk(MAIN.resolve(where))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        Matcher call = Pattern.compile("\\.formatted\\(").matcher(source);
        while (call.find()) {
          int statement = source.lastIndexOf(';', call.start()) + 1;
          assertThat(number.matcher(source.substring(statement, call.start())).find())
              .as("%s: %s", file, source.substring(statement, call.end()))
              .isFalse();
        }
      }
    }
  }
}
