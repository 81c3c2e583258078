package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fedlayers.claims.ClaimsTable;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExhibitTest {
  @TempDir Path root;

  @Test
  void saysWhatIsNotRunAndHowToRunIt() {
    Exhibit exhibit = Exhibit.of(root, "man/zeta");
    assertThat(exhibit.isThere()).isFalse();
    assertThat(exhibit.html())
        .contains("man/zeta is not run yet", "run man/zeta --scale laptop", "21 cells", "hours");
    assertThat(exhibit.pictures()).isEmpty();
  }

  @Test
  void showsWhatWasFoundAndOmitsWhatWasNotMeasured() throws IOException {
    SyntheticResults.write(root);
    Exhibit exhibit = Exhibit.of(root.resolve("results"), "divergence/depth");
    assertThat(exhibit.isThere()).isTrue();
    assertThat(exhibit.html())
        .contains("ResNet-20", "Federated", "Central, large batch", "laptop scale, 3 seeds")
        .doesNotContain("not run");
    assertThat(exhibit.pictures("D2")).hasSize(1); // what drift costs
    assertThat(exhibit.pictures("D4")).isEmpty(); // needs layers.csv
    assertThat(exhibit.pictures("D1", "D2")).hasSize(3);
    assertThat(exhibit.pictures()).hasSize(4); // and who has which images
  }

  @Test
  void theScaleOfWhichMoreHasRunIsShown() throws IOException {
    Path laptop = SyntheticResults.write(root);
    Path paper = Files.createDirectories(root.resolve("results/paper/divergence/depth"));
    for (String file : new String[] {"summary.csv", "rounds.csv", "provenance.json"}) {
      Files.copy(laptop.resolve(file), paper.resolve(file));
    }
    Exhibit published = Exhibit.of(root.resolve("results"), "divergence/depth");
    assertThat(published.html()).as("of equally many").contains("paper scale, 3 seeds");
    Path summary = paper.resolve("summary.csv");
    Files.writeString(summary, String.join("\n", Files.readAllLines(summary).subList(0, 2)) + "\n");
    assertThat(Exhibit.of(root.resolve("results"), "divergence/depth").html())
        .contains("laptop scale, 3 seeds");
  }

  @Test
  void namesTheMeasurementsThatAreMissing() throws IOException {
    Path folder = SyntheticResults.write(root);
    Path width = Files.createDirectories(root.resolve("results/laptop/divergence/width"));
    String summary = Files.readString(folder.resolve("summary.csv"));
    Files.writeString(width.resolve("summary.csv"), summary.replace("model.name", "model.width"));
    assertThat(Exhibit.of(root.resolve("results"), "divergence/width").html())
        .contains("These runs did not measure layers.csv");
  }

  @Test
  void refusesWhatIsNoExperiment() {
    assertThatThrownBy(() -> Exhibit.of(root, "man/zetta"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("man/zeta");
  }

  @Test
  void thePageOfAPaperShowsItsClaims() {
    ClaimsTable verdicts = ClaimsTable.of(root);
    assertThat(ClaimsPage.of(verdicts, "man").rows().get(0)).startsWith("M1a").contains("not run");
    assertThatThrownBy(() -> ClaimsPage.of(verdicts, "mann"))
        .isInstanceOf(UserError.class)
        .hasMessage("no paper 'mann'; did you mean 'man'?");
    assertThat(ClaimsPage.of(verdicts, "man", "M2", "M1a").rows())
        .extracting(row -> row.get(0))
        .containsExactly("M1a", "M2");
    assertThatThrownBy(() -> ClaimsPage.of(verdicts, "man", "M2", "D1"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("[M2, D1]");
  }
}
