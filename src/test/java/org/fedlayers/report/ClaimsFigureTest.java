package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fedlayers.claims.ClaimsTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsFigureTest {
  @TempDir Path root;

  @Test
  void equalResultsGiveEqualBytesAndWhatWasNotRunIsNotDrawn() throws IOException {
    ClaimsTable none = ClaimsTable.of(root);
    int empty = ClaimsFigure.of(none).height();
    SyntheticResults.write(root);
    ClaimsTable verdicts = ClaimsPageTest.verdicts(root, 2);
    Page figure = ClaimsFigure.of(verdicts);
    // D1, D2 and three parts of D10 have effects with intervals; all others were not run.
    assertThat(figure.height()).isBetween(empty + 5 * 35, empty + 5 * 50 + 50);
    assertThat(figure.context())
        .contains("claims: ", "controls: ", "not run", "Right supports the statement");
    assertThat(ClaimsFigure.draw(root, verdicts))
        .containsExactly(root.resolve("claims.svg"), root.resolve("claims.png"));
    String svg = Files.readString(root.resolve("claims.svg"));
    assertThat(new Svg(svg).texts())
        .contains("D2", "reproduced", "5.00 [5.00, 5.00] points per 10 layers");
    ClaimsFigure.draw(root, verdicts);
    assertThat(root.resolve("claims.svg")).hasContent(svg);
  }
}
