package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.fedlayers.claims.Ledger;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that runs decide is left without a picture, and no picture claims to be of nothing. */
class ClaimFiguresTest {
  @TempDir Path empty;

  @Test
  void everyClaimThatRunsDecideHasAFigureOfAnExperimentOfIts() {
    Set<String> drawn = new TreeSet<>();
    for (String path : Catalogue.paths()) {
      Experiment experiment =
          ExperimentReader.read(Catalogue.find(path).get(0), "laptop", List.of(), List.of());
      experiment.figures().stream()
          .map(FigureSpec::of)
          .flatMap(spec -> spec.words("claims").stream())
          .forEach(
              claim -> {
                assertThat(experiment.claims()).as(path).contains(claim);
                drawn.add(claim);
              });
    }
    Set<String> decided =
        Ledger.of(empty).entries().stream()
            .map(Ledger.Entry::claim)
            .filter(claim -> !claim.rules().containsKey(""))
            .map(claim -> claim.id().replaceFirst("[a-z]$", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(drawn).isEqualTo(decided);
  }

  @Test
  void aFigureTakesContrastAndMarginFromItsClaim() {
    FigureSpec drift = FigureSpec.of(Map.of("kind", "points", "x", "depth", "claim", "D9"));
    assertThat(drift.options())
        .containsEntry("margin", 0.01)
        .containsEntry(
            "contrast", Map.of("column", "arm", "of", "central-large", "minus", "federated"));
    assertThat(FigureSpec.of(Map.of("kind", "points", "x", "depth", "claim", "B4b")).options())
        .containsEntry("margin", -0.01);
    assertThat(FigureSpec.of(Map.of("kind", "points", "x", "depth", "claim", "D6b")).options())
        .as("a divergence is no percentage")
        .containsEntry("margin", 0.01);
    assertThatThrownBy(() -> FigureSpec.of(Map.of("kind", "points", "x", "depth", "claim", "M1b")))
        .as("the highest value is a word, and none of a table")
        .hasMessageContaining("no claim 'M1b' with a difference");
    // D2 is decided by a slope, in another unit.
    assertThat(FigureSpec.of(Map.of("kind", "points", "x", "depth", "claim", "D2")).options())
        .containsKey("contrast")
        .doesNotContainKey("margin");
    assertThatThrownBy(() -> FigureSpec.of(Map.of("kind", "points", "x", "depth", "claim", "D99")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no claim 'D99'");
  }
}
