package org.fedlayers.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogueTest {

  static List<String> paths() {
    return Catalogue.paths();
  }

  private static Experiment read(String path, String scale) {
    return ExperimentReader.read(Source.builtIn(path), scale, List.of(), List.of());
  }

  @ParameterizedTest
  @MethodSource("paths")
  void everyExperimentCanBeReadAtEveryScale(String path) {
    for (String scale : ExperimentReader.SCALES) {
      Experiment experiment = read(path, scale);
      assertThat(experiment.path()).isEqualTo(path);
      assertThat(experiment.title()).isNotEmpty();
      assertThat(experiment.question()).endsWith("?");
      assertThat(experiment.claims()).isNotEmpty();
      assertThat(experiment.cells()).isNotEmpty();
    }
  }

  /** All of them together must end within ten minutes, on images that need no download. */
  @ParameterizedTest
  @MethodSource("paths")
  void quickIsQuick(String path) {
    Experiment quick = read(path, "quick");
    assertThat(quick.seeds()).hasSize(1);
    assertThat(quick.cells()).hasSizeLessThanOrEqualTo(4);
    assertThat(quick.cells()).allMatch(cell -> cell.configuration().data().set().equals("drawn"));
  }

  @Test
  void targetsNameOneAPaperOrAll() {
    assertThat(Catalogue.find("all")).hasSameSizeAs(Catalogue.paths());
    assertThat(Catalogue.find("divergence")).isNotEmpty();
    assertThat(Catalogue.find("divergence/depth"))
        .singleElement()
        .satisfies(source -> assertThat(source.name()).isEqualTo("depth"));
    assertThatThrownBy(() -> Catalogue.find("divergence/dept"))
        .hasMessageContaining("did you mean 'divergence/depth'");
    assertThatThrownBy(() -> Catalogue.find("divergense"))
        .hasMessageContaining("did you mean 'divergence'");
    assertThatThrownBy(() -> Catalogue.find("nowhere/mine.yaml"))
        .hasMessageContaining("cannot read nowhere/mine.yaml");
  }
}
