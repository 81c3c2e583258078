package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fedlayers.claims.Ledger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerFigureTest {
  @TempDir Path root;

  @Test
  void equalResultsGiveEqualBytesAndWhatWasNotRunIsNotDrawn() throws IOException {
    Ledger none = Ledger.of(root);
    int empty = new LedgerFigure(none, Style.WEB).height();
    SyntheticResults.write(root);
    Ledger ledger = LedgerPageTest.ledger(root, 2);
    LedgerFigure figure = new LedgerFigure(ledger, Style.WEB);
    // D1, D2 and three parts of D10 have effects with intervals; all others were not run.
    assertThat(figure.height()).isBetween(empty + 5 * 35, empty + 5 * 50 + 50);
    assertThat(figure.context())
        .contains("laptop scale", "not run", "right supports the statement");
    assertThat(LedgerFigure.draw(root, ledger, Style.WEB))
        .containsExactly(root.resolve("claims.svg"), root.resolve("claims.png"));
    String svg = Files.readString(root.resolve("claims.svg"));
    LedgerFigure.draw(root, ledger, Style.WEB);
    assertThat(root.resolve("claims.svg")).hasContent(svg);
  }
}
