package org.fedlayers.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTest {
  @TempDir Path folder;

  private Rows rows(String csv) throws Exception {
    return Rows.of(ResultsFiles.load(Files.writeString(folder.resolve("rounds.csv"), csv)));
  }

  @Test
  void differencesRatiosAndSumsAreTakenSeedBySeed() {
    Sample difference = Sample.of(11, 102, 1003, 5).minus(Sample.of(10, 100, 1000));
    assertThat(difference.values().values()).containsExactly(1.0, 2.0, 3.0);
    assertThat(Sample.of(4, 8, -1).logRatio(Sample.of(1, 2, 2)))
        .isEqualTo(new Sample(Sample.of(Math.log(4), Math.log(4)).values(), Set.of(), Set.of(), 1));
    assertThat(Sample.sum(List.of(Sample.of(1, 2), Sample.of(3)), 2, -1).values())
        .containsExactly(java.util.Map.entry(0L, -1.0));
    assertThat(Sample.sum(List.of(Sample.of(1), Sample.of(4)), 2, 3)).isEqualTo(Sample.of(14));
  }

  @Test
  void nothingHasARatioToZeroAndThatIsCountedFromThenOn() {
    Sample none = Sample.of(0, 1).logRatio(Sample.of(1, 0));
    assertThat(none).isEqualTo(new Sample(Sample.of().values(), Set.of(), Set.of(), 2));
    assertThat(none.map(value -> 2 * value).minus(none).undefined()).isEqualTo(4);
  }

  @Test
  void whatDivergedOnEitherSideIsInNoDifference() {
    Sample one = new Sample(Sample.of(3).values(), Set.of("a 1"));
    Sample difference = one.minus(new Sample(Sample.of(1).values(), Set.of("a 1", "b 1")));
    assertThat(difference).isEqualTo(new Sample(Sample.of(2).values(), Set.of("a 1", "b 1")));
    assertThat(difference.diverged()).as("a run on both sides is one").isEqualTo(2);
  }

  /** Of a table without rounds, such as that of layers. */
  @Test
  void severalRowsWithoutRoundsHaveAMeanAndNothingElse() throws Exception {
    Rows rows = rows("seed,norm\n0,1\n0,4\n");
    assertThat(Sample.of(rows, "norm", Reduction.MEAN)).isEqualTo(Sample.of(2.5));
    assertThatThrownBy(() -> Sample.of(rows, "norm", Reduction.LAST))
        .hasMessageContaining("different configurations");
  }

  @Test
  void rowsInAnyOrderMakeOneNumberASeed() throws Exception {
    Rows rows = rows("cell,seed,round,accuracy\nb,1,2,0.6\na,0,1,0.1\na,0,2,0.2\nb,1,1,0.5\n");
    assertThat(Sample.of(rows, "accuracy", Reduction.LAST).values())
        .containsEntry(0L, 0.2)
        .containsEntry(1L, 0.6);
  }

  @Test
  void runsThatDivergedAreCountedAndHaveNoNumber() throws Exception {
    Rows rows =
        rows("cell,seed,round,accuracy,status\na,0,1,0.9,ok\na,0,2,,diverged\nb,1,2,0.6,ok\n");
    Sample best = Sample.of(rows, "accuracy", Reduction.BEST);
    assertThat(best.values()).containsOnlyKeys(1L);
    assertThat(best.diverged()).isEqualTo(1);
  }

  @Test
  void rowsOfDifferentConfigurationsAreRefused() throws Exception {
    Rows cells = rows("cell,seed,round,accuracy\na,0,1,0.1\nb,0,2,0.2\n");
    assertThatThrownBy(() -> Sample.of(cells, "accuracy", Reduction.LAST))
        .isInstanceOf(UserError.class)
        .hasMessage("rounds.csv: rows of different configurations cannot be told apart: [a, b]");
    Rows rates = rows("cell,seed,round,accuracy,training.rate\na,0,1,0.1,0.05\nb,0,2,0.2,0.1\n");
    assertThatThrownBy(() -> Sample.of(rates, "accuracy", Reduction.LAST))
        .hasMessageContaining("they differ in training.rate [0.05, 0.1]: name that as series");
    Rows twice = rows("seed,round,accuracy\n0,1,0.1\n0,1,0.2\n");
    assertThatThrownBy(() -> Sample.of(twice, "accuracy", Reduction.MEAN))
        .hasMessageContaining("different configurations");
  }
}
