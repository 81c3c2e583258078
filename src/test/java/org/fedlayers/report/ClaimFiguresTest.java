package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.fedlayers.claims.Claim;
import org.fedlayers.claims.Ledger;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
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
            .filter(claim -> claim.rule().needsRuns())
            .map(Claim::id)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(drawn).isEqualTo(decided);
  }
}
