package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkedBlockTest {
  @TempDir Path folder;

  @Test
  void replacesWhatIsBetweenItsMarkersAndNothingElse() throws IOException {
    Path page = folder.resolve("README.md");
    Files.writeString(
        page,
        "before\n<!-- table:a -->\nold\n<!-- /table -->\nbetween\n"
            + "<!-- table:b -->\nkept\n<!-- /table -->\nafter\n");
    MarkedBlock.replace(page, "a", "| new |\n");
    String expected =
        "before\n<!-- table:a -->\n\n| new |\n\n<!-- /table -->\nbetween\n"
            + "<!-- table:b -->\nkept\n<!-- /table -->\nafter\n";
    assertThat(page).hasContent(expected);
    Files.setLastModifiedTime(page, FileTime.fromMillis(0));
    MarkedBlock.replace(page, "a", "| new |\n");
    assertThat(Files.getLastModifiedTime(page).toMillis()).as("left alone").isZero();
    assertThat(page).hasContent(expected);
  }

  @Test
  void refusesABlockWithoutAnEndAndLeavesOtherPagesAlone() throws IOException {
    String text = "<!-- table:a -->\n<!-- table:b -->\nkept\n<!-- /table -->\n";
    Path page = Files.writeString(folder.resolve("README.md"), text);
    assertThatThrownBy(() -> MarkedBlock.replace(page, "a", "x"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("README.md")
        .hasMessageContaining("<!-- table:a -->");
    MarkedBlock.replace(page, "c", "x");
    MarkedBlock.replace(folder.resolve("absent.md"), "a", "x");
    assertThat(page).hasContent(text);
    assertThat(folder.resolve("absent.md")).doesNotExist();
  }
}
