package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fedlayers.data.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExhibitTest {
  @TempDir Path root;

  @Test
  void saysWhatIsNotRunAndHowToRunIt() {
    Exhibit exhibit = Exhibit.of(root, "man/zeta");
    assertThat(exhibit.isThere()).isFalse();
    assertThat(exhibit.html())
        .contains("man/zeta is not run yet", "run man/zeta --scale laptop", "18 cells", "hours");
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
  void theLedgerSaysWhereTheEvidenceIsOrWillBe() throws IOException {
    Path ledger =
        Files.writeString(
            root.resolve("claims.csv"),
            """
            claim,paper,scale,statement,measure,effect,low,high,seeds,verdict,evidence
            B6,fixbn,,"Exact, always.",difference,,,,0,reproduced,a test
            M1,man,laptop,Better.,points,2.5,1.25,3.75,3,reproduced,weakest of 4 cells
            M8,man,,A range.,points,,,,0,not run,no file
            """);
    TextTable table = Verdicts.of(ledger, "man");
    assertThat(table.rows())
        .containsExactly(
            List.of(
                "M1",
                "Better.",
                "reproduced",
                "2.50 [1.25, 3.75]",
                "3",
                "laptop",
                "points",
                "man/cifar-100, man/controls, man/methods"),
            List.of("M8", "A range.", "not run", "", "", "", "points", "man/zeta"));
    assertThat(Verdicts.of(ledger, "fixbn").rows().get(0)).endsWith("difference", "a test");
    assertThatThrownBy(() -> Verdicts.of(ledger, "mann"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("man");
  }
}
