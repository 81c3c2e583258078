package org.fedlayers.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NominalHoursTest {
  private static double hours(String path, String scale) {
    Experiment experiment = ExperimentReader.builtIn(path, scale);
    return NominalHours.of(experiment.cells(), 2);
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

  /**
   * Softmax regression on 3 x 32 x 32 pixels: 2 x 30,720 operations an image, twice for training.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scoring.averages | cohort | 300 | 150",
        "scoring.averages | cohort,all | 300 | 300",
        "rounds | 20 | 2000 | 1000",
        "scoring.every | 2 | 300 | 150",
        "measure.what | landscape | 300 | 240",
        "measure.what | curvature | 12300 | 150"
      })
  void countsScoresAndMeasurementsOfACell(String key, String value, double trained, double scored) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("model", "logistic");
    settings.put("data.train", 100);
    settings.put("training.epochs", 1);
    settings.put("rounds", 3);
    settings.put("measure.images", 10);
    settings.put("measure.steps", 1);
    settings.put(key, value.matches("\\d+") ? value : List.of(value.split(",")));
    Cell cell = new Cell(Configuration.of(settings), Arm.FEDERATED, 0, Map.of());
    assertThat(NominalHours.seconds(cell, 50) * 60e9)
        .isCloseTo(2 * 30_720 * (2 * trained + scored), within(1.0));
  }
}
