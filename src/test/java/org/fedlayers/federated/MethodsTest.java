package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.File;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import org.fedlayers.options.Option;
import org.fedlayers.options.Registry;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MethodsTest {

  @Test
  void everyMethodHasItsNameAndIsBuiltFromItsUsualValues() {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.fedlayers.federated");
    assertThat(Methods.ALL.all().stream().filter(Registry.Entry::builtIn).map(Registry.Entry::name))
        .containsExactlyInAnyOrderElementsOf(
            classes.stream()
                .filter(type -> type.isRecord() && type.isAssignableTo(Method.class))
                .map(type -> type.getSimpleName().toLowerCase(Locale.ROOT))
                .toList());
    for (var entry : Methods.ALL.all()) {
      if (entry.builtIn()) {
        Method method = Methods.ALL.make(entry.name(), Map.of());
        assertThat(method.getClass().getSimpleName()).isEqualToIgnoringCase(entry.name());
        assertThat(entry.paper()).isNotBlank();
        assertThat(entry.description()).isNotBlank();
      }
    }
  }

  /** FedNTD's loss asks for logits, which {@link Quadratic} has none of. */
  static Stream<String> ofWeightsAlone() {
    return Methods.ALL.all().stream()
        .filter(entry -> entry.builtIn())
        .map(entry -> entry.name())
        .filter(name -> !name.equals("fedntd"));
  }

  @ParameterizedTest
  @MethodSource("ofWeightsAlone")
  void takesAsManyGradientsAStepAsItSays(String name) {
    Method method = Methods.ALL.make(name, Map.of());
    Quadratic problem = Quadratic.of(3, 10);
    Runs.after(1, problem, method, TrainingSettings.steps(5, 0.1));
    assertThat(problem.gradients).hasValue(5 * method.gradientsPerStep());
  }

  @ParameterizedTest
  @MethodSource("ofWeightsAlone")
  void twoWorkersGiveTheBytesOfOne(String name) {
    MethodContract.assertTwoWorkersGiveTheBytesOfOne(Methods.ALL.make(name, Map.of()));
  }

  @Test
  void readsOptions() {
    assertThat(Methods.ALL.make("fedasam", Map.of("rho", 1))).isEqualTo(new FedAsam(1, 0.2));
    assertThat(Methods.ALL.make("fedcm", Map.of("alpha", "1e-3", "global-rate", 0.5)))
        .isEqualTo(new FedCm(0.001, 0.5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          fedporx  |       |      | no method 'fedporx'; did you mean 'fedprox'?
          fedprox  | nu    | 1    | method fedprox has no option 'nu'; did you mean 'mu'?
          fedavg   | mu    | 1    | method fedavg has no option 'mu'; there are none
          fedprox  | mu    | much | method fedprox: mu is 'much', expected a number from 0 to 1e6
          fedprox  | mu    | -1   | method fedprox: mu is '-1', expected a number from 0 to 1e6
          fedcm    | alpha | 0    | method fedcm: alpha is '0', expected a number above 0, at most 1
          fedavgm  | beta  | 1    | method fedavgm: beta is '1', expected a number from 0 to below 1
          scaffold | global-rate | 0 | method scaffold: global-rate is '0', expected a number above 0, at most 1e6
          fedntd   | tau   | 0    | method fedntd: tau is '0', expected a number above 0, at most 1e6
          """)
  void refuses(String name, String option, String value, String message) {
    Map<String, String> options = option == null ? Map.of() : Map.of(option, value);
    assertThatThrownBy(() -> Methods.ALL.make(name, options))
        .isInstanceOf(UserError.class)
        .hasMessage(message);
  }

  record Bounded(@Option(value = "of one's own", range = "[0, 1]") double share)
      implements Method {}

  /**
   * However a record was made: a range that {@code @Option} declares holds where a run is set up.
   */
  @Test
  void noSettingHoldsANumberOutOfItsRange() {
    TrainingSettings one = TrainingSettings.steps(1, 0.1);
    assertThatThrownBy(() -> Runs.setting(new FedProx(-1), one))
        .isInstanceOf(UserError.class)
        .hasMessage("mu is -1.0, expected a number from 0 to 1e6");
    assertThatThrownBy(() -> Runs.setting(new Bounded(2), one))
        .isInstanceOf(UserError.class)
        .hasMessage("share is 2.0, expected a number from 0 to 1");
    assertThatThrownBy(() -> one.with("momentum", 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("momentum is 1, expected a number from 0 to below 1");
    assertThatThrownBy(() -> Runs.setting(new FedAvg(), new TrainingSettings()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("epochs or steps");
  }

  record Switched(boolean on, int times, long more, String word) implements Method {}

  @Test
  void takesOtherTypesAndMissesWhatHasNoUsualValue() {
    Methods.register("switched", "this test", Switched.class);
    assertThat(
            Methods.ALL.make("switched", Map.of("on", true, "times", 3L, "more", 4, "word", "yes")))
        .isEqualTo(new Switched(true, 3, 4, "yes"));
    assertThatThrownBy(() -> Methods.ALL.make("switched", Map.of("on", true)))
        .hasMessage("method switched needs the option 'times', a whole number");
    for (Object wrong : List.of(1.5, "three", 1L << 40, true)) {
      assertThatThrownBy(
              () ->
                  Methods.ALL.make(
                      "switched", Map.of("on", true, "times", wrong, "more", 4, "word", "yes")))
          .hasMessageContaining("times is")
          .hasMessageContaining("expected a whole number");
    }
  }

  record Odd(float[] vector) implements Method {}

  @Test
  void refusesToRegisterWhatCannotBe() {
    assertThatThrownBy(() -> Methods.register("fedavg", "mine", Switched.class))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("built-in");
    assertThatThrownBy(() -> Methods.register("My Method", "mine", Switched.class))
        .isInstanceOf(UserError.class);
    assertThatThrownBy(() -> Methods.register("odd", "mine", Odd.class))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("vector of Odd");
  }

  /** As in a notebook cell: a record of the shell's own class loader and package. */
  @Test
  void registersARecordFromANotebook() throws Exception {
    try (JShell shell = JShell.builder().executionEngine("local").build()) {
      shell.addToClasspath(System.getProperty("java.class.path").split(File.pathSeparator)[0]);
      shell.addToClasspath(
          new File(Methods.class.getProtectionDomain().getCodeSource().getLocation().toURI())
              .getPath());
      run(
          shell,
          """
          import org.fedlayers.federated.*;
          record FedHalf(double factor) implements Method {
            FedHalf() { this(0.5); }
            public void aggregate(ServerView server, CohortSum sum) {
              server.move(factor, sum.mean(DELTA));
            }
          }
          Methods.register("fedhalf", "a notebook", FedHalf.class);
          Methods.register("fedhalf", "a notebook, run again", FedHalf.class);
          """);
    }
    var entry =
        Methods.ALL.all().stream()
            .filter(e -> e.name().equals("fedhalf"))
            .findFirst()
            .orElseThrow();
    assertThat(entry.builtIn()).isFalse();
    assertThat(entry.paper()).isEqualTo("a notebook, run again");
    assertThat(entry.keys()).hasSize(1);
    assertThat(entry.keys().get(0).name()).isEqualTo("factor");
    assertThat(entry.keys().get(0).standard()).isEqualTo(0.5);
    Quadratic problem = Quadratic.of(3, 10, 20);
    TrainingSettings training = TrainingSettings.steps(2, 0.1);
    assertThat(Runs.after(2, problem, Methods.ALL.make("fedhalf", Map.of()), training).weights())
        .containsExactly(
            Runs.after(
                    2,
                    problem,
                    Methods.ALL.make("fedcm", Map.of("alpha", 1, "global-rate", 0.5)),
                    training)
                .weights());
  }

  private static void run(JShell shell, String code) {
    String rest = code;
    while (!rest.isBlank()) {
      SourceCodeAnalysis.CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      shell
          .eval(next.source())
          .forEach(
              event -> {
                assertThat(event.exception()).isNull();
                assertThat(event.status())
                    .as(
                        "%s: %s",
                        event.snippet().source(), shell.diagnostics(event.snippet()).toList())
                    .isEqualTo(Snippet.Status.VALID);
              });
      rest = next.remaining();
    }
  }
}
