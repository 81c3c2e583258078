package org.fedlayers.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NominalHoursTest {
  private static double hours(String path, String scale) {
    Experiment experiment = ExperimentReader.builtIn(path, scale);
    return NominalHours.of(experiment, 2);
  }

  /** 12 cells of 100 rounds, 10 clients, 2 epochs over 500 images; see OperationsTest. */
  @Test
  void countsTheOperationsOfEveryStep() {
    double first = 3 * 25 * 64 * 28 * 28;
    double rest = 64 * 25 * 64 * 10 * 10 + 1600 * 384 + 384 * 192 + 192 * 10;
    double operations = 12.0 * 100 * 10 * 2 * 500 * 2 * (2 * first + 3 * rest);
    assertThat(hours("man/methods", "laptop"))
        .isCloseTo(operations / 60e9 / 2 / 3600, within(1e-6));
  }

  /** 54 cells of 5,000 steps of 5 clients and 20 images, however they are cut into rounds. */
  @Test
  void countsStepsAsItCountsEpochs() {
    double images = 54.0 * 5000 * 5 * 20;
    assertThat(hours("fixbn/steps-per-round", "laptop")).isBetween(images / 3e7, images / 3e6);
  }

  @Test
  void knowsEveryExperimentAtEveryScale() {
    for (String path : Catalogue.paths()) {
      double quick = hours(path, "quick");
      assertThat(hours(path, "laptop")).as(path).isGreaterThan(quick);
      assertThat(hours(path, "paper")).as(path).isGreaterThan(quick);
    }
  }
}
