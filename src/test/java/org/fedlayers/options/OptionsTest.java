package org.fedlayers.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  enum Part {
    WHOLE_NET,
    HEAD
  }

  record OfAnything(@Option("what no file can spell") Object what) {}

  record OfFloats(@Option("a type that is no option's") float what) {}

  record OfManyThings(@Option("a list of what no file can spell") List<Object> what) {}

  record Parts(@Option("which parts") List<Part> parts) {
    Parts() {
      this(List.of(Part.HEAD));
    }
  }

  record Choice(
      @Option(value = "a factor", range = "1 | 2 | 0.5") double factor,
      @Option(value = "a count", range = "1 | 2") int count) {}

  record Reals(@Option(value = "bounded", range = "(0, 1e6]") double bounded, double free) {}

  @ParameterizedTest
  @ValueSource(classes = {OfAnything.class, OfFloats.class, OfManyThings.class})
  void aComponentOfATypeThatNoOptionHasIsRefusedInWords(Class<? extends Record> type) {
    assertThatThrownBy(() -> new Options<>(type))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("what of " + type.getSimpleName())
        .hasMessageContaining(
            "an option is a number, a boolean, a word, a map, or a list of these");
  }

  @Test
  void aListOfConstantsIsReadFromWordsAndSpeltInWords() {
    Options<Parts> options = new Options<>(Parts.class);
    Parts both = options.make("own", Map.of("parts", List.of("whole-net", "head")));
    assertThat(both.parts()).containsExactly(Part.WHOLE_NET, Part.HEAD);
    assertThat(options.make("own", Map.of("parts", "head"))).isEqualTo(new Parts());
    assertThat(options.make("own", Map.of())).isEqualTo(new Parts());
    assertThat(Options.values(both)).containsExactly(List.of("whole-net", "head"));
    assertThat(options.keys().get(0).standard()).isEqualTo(List.of("head"));
    assertThatThrownBy(() -> options.make("own", Map.of("parts", List.of("tail"))))
        .hasMessageContaining("expected a list of whole-net, head");
  }

  @Test
  void aRecordWithAnotherValueOfAnOptionKeepsTheOthers() {
    assertThat(Options.with(new Choice(2, 1), "count", 2)).isEqualTo(new Choice(2, 2));
    assertThat(Options.with(new Parts(List.of(Part.WHOLE_NET)), "parts", null))
        .isEqualTo(new Parts());
    assertThat(Options.with(new Parts(), "parts", Part.WHOLE_NET))
        .isEqualTo(new Parts(List.of(Part.WHOLE_NET)));
    assertThatThrownBy(() -> Options.with(new Choice(2, 1), "count", 3))
        .hasMessageContaining("count is 3, expected one of 1, 2");
    assertThatThrownBy(() -> Options.with(new Choice(2, 1), "cuont", 3))
        .hasMessageContaining("did you mean 'count'?");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2.0, 2", "0.5, 1"})
  void aChoiceOfNumbersTakesEachHoweverItIsSpelt(String factor, String count) {
    Choice made =
        new Options<>(Choice.class)
            .make(
                "own",
                Map.of(
                    "factor", YamlSource.value("", factor).plain(),
                    "count", YamlSource.value("", count).plain()));
    assertThat(made).isEqualTo(new Choice(Double.parseDouble(factor), Integer.parseInt(count)));
  }

  @ParameterizedTest
  @CsvSource({"1e999, 1, bounded", "1, 1e999, free", "1, -1e999, free"})
  void aNumberBeyondAllIsNone(String bounded, String free, String named) {
    assertThatThrownBy(
            () -> new Options<>(Reals.class).make("own", Map.of("bounded", bounded, "free", free)))
        .isInstanceOf(OptionError.class)
        .hasMessageContaining(named + " is '");
  }

  @Test
  void aChoiceOfNumbersRefusesOthers() {
    assertThatThrownBy(
            () -> new Options<>(Choice.class).make("own", Map.of("factor", 3, "count", 1)))
        .hasMessageContaining("factor is 3, expected one of 1, 2, 0.5");
  }
}
