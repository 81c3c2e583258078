package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.fedlayers.claims.Claim;
import org.fedlayers.claims.ClaimsTable;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.experiment.Source;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Interval;
import org.fedlayers.results.Rows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Nothing that runs decide is left without a picture, and no picture claims to be of nothing. */
class ClaimFiguresTest {
  @TempDir Path empty;

  @Test
  void everyClaimThatRunsDecideHasAFigureOfAnExperimentOfIts() {
    Set<String> drawn = new TreeSet<>();
    for (String path : Catalogue.paths()) {
      Experiment experiment = ExperimentReader.builtIn(path, "laptop");
      experiment.figures().stream()
          .flatMap(spec -> spec.claims().stream())
          .map(claim -> claim.replaceFirst("[a-z]$", ""))
          .forEach(drawn::add);
    }
    Set<String> decided =
        ClaimsTable.of(empty).entries().stream()
            .map(ClaimsTable.Entry::claim)
            .filter(claim -> !claim.rules().containsKey(""))
            .map(claim -> claim.id().replaceFirst("[a-z]$", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(drawn).isEqualTo(decided);
  }

  @Test
  void aFigureTakesContrastAndMarginFromItsClaim() {
    Claim.Compared drift = of("D9");
    assertThat(drift)
        .isEqualTo(
            new Claim.Compared("arm", "central-large", "federated", false, List.of(-0.01, 0.01)));
    assertThat(of("B4b").margins()).containsExactly(-0.01);
    assertThat(of("D6b").margins()).as("a divergence is no percentage").containsExactly(0.01);
    assertThatThrownBy(() -> of("M1b"))
        .as("the highest value is a word, and none of a table")
        .hasMessageContaining("no claim 'M1b' with a difference");
    // D2 is decided by a slope, in another unit.
    assertThat(of("D2").axis()).isNotEmpty();
    assertThat(of("D2").margins()).isEmpty();
    assertThatThrownBy(() -> of("D99"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no claim 'D99'");
  }

  /** As its claim does: the mean of logarithms of ratios, seed by seed, as a fraction. */
  @Test
  void aFigureOfAFractionTakesRatios() {
    assertThat(of("M4a"))
        .isEqualTo(new Claim.Compared("training.man", "0", "0.15", true, List.of(0.05)));
    Table table =
        Table.create(
            "curvature",
            StringColumn.create("method", "fedavg", "fedavg", "fedavg", "fedavg"),
            IntColumn.create("seed", 0, 0, 1, 1),
            StringColumn.create("training.man", "0", "0.15", "0", "0.15"),
            DoubleColumn.create("value", 50, 40, 10, 5));
    FigureSpec spec =
        FigureSpec.of(Map.of("kind", "points", "x", "method", "y", "value", "claim", "M4a"));
    Estimates estimates = new Estimates(Rows.of(table), spec);
    assertThat(estimates.quantity.title()).isEqualTo("Reduction of value (%)");
    Interval fraction = estimates.all.get(0).interval();
    assertThat(fraction.mean()).isCloseTo(100 * (1 - Math.sqrt(0.8 * 0.5)), within(1e-9));
    // The quantile of t with one degree of freedom, by hand.
    double half = 12.706204736 * Math.log(0.8 / 0.5) / 2;
    assertThat(fraction.high())
        .isCloseTo(100 * (1 - Math.sqrt(0.4) * Math.exp(-half)), within(1e-6));
    assertThat(fraction.low()).isCloseTo(100 * (1 - Math.sqrt(0.4) * Math.exp(half)), within(1e-4));
  }

  @Test
  void aClaimThatAFileMisspellsIsNamedByFileAndLine() {
    String text =
        """
        title: T
        question: Q?
        claims: []
        settings: {rounds: 1, training: {epochs: 1}}
        figures:
          - kind: points
            x: arm
            claim: DD9
        """;
    Source source = new Source("own", "x", "x.yaml", text);
    Experiment experiment = ExperimentReader.read(source, "quick", List.of(), List.of());
    assertThatThrownBy(() -> Figures.check(experiment.figures()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "x.yaml:8: there is no claim 'DD9' with a difference; did you mean");
  }

  private static Claim.Compared of(String claim) {
    return Estimates.contrast(
        FigureSpec.of(Map.of("kind", "points", "x", "depth", "claim", claim)));
  }
}
