package org.fedlayers.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimsTableTest {
  @TempDir Path root;

  @Test
  void everyClaimStandsInItOnceAndPartsHaveLetters() {
    assertThat(ClaimsTable.of(root).entries())
        .extracting(entry -> entry.claim().id())
        .doesNotHaveDuplicates()
        .contains("D1", "D3a", "D3b", "B4a", "B6", "M5a", "M5b", "T4")
        .doesNotContain("D3", "B4", "M5");
  }

  @Test
  void withoutResultsNothingIsDecidedButWhatNeedsNone() {
    for (ClaimsTable.Entry entry : ClaimsTable.of(root).entries()) {
      Verdict expected =
          switch (entry.claim().id()) {
            case "B6", "M5b" -> Verdict.REPRODUCED;
            case "B8" -> Verdict.OUT_OF_SCOPE;
            default -> Verdict.NOT_RUN;
          };
      assertThat(entry.judgement().verdict()).as(entry.claim().id()).isEqualTo(expected);
      assertThat(entry.judgement().evidence()).isNotEmpty();
      assertThat(entry.scale()).isEmpty();
    }
  }

  @Test
  void claimsThatTestsHoldNameTestsThatExist() {
    for (Claim claim : Claims.all()) {
      if (claim.rule() instanceof Settled settled) {
        for (String test : settled.tests()) {
          assertThatCode(() -> Class.forName(test)).doesNotThrowAnyException();
        }
      }
    }
  }

  private HandMade drift(String scale) {
    HandMade results = new HandMade(root);
    for (int depth : new int[] {8, 32}) {
      Map<String, String> net = Map.of("model.name", "resnet-" + depth);
      String path = scale + "/divergence/depth";
      results.accuracy(path, "central-large", "cohort", net, 70, 71, 72);
      results.accuracy(path, "federated", "cohort", net, 70 - depth, 71.1 - depth, 72 - depth);
    }
    return results;
  }

  @Test
  void quickNeverDecides() throws IOException {
    ClaimsTable.Entry entry = drift("quick").judged("D2");
    assertThat(entry.judgement().verdict()).isEqualTo(Verdict.NOT_RUN);
    assertThat(entry.scale()).isEmpty();
  }

  @Test
  void thePublishedProtocolGoesFirst() throws IOException {
    drift("laptop").verdicts();
    assertThat(drift("laptop").judged("D2").scale()).isEqualTo("laptop");
    drift("paper").verdicts();
    assertThat(drift("paper").judged("D2").scale()).isEqualTo("paper");
    assertThat(drift("paper").judged("D2").judgement().verdict()).isEqualTo(Verdict.REPRODUCED);
  }

  @Test
  void someSeedsOfThePublishedProtocolDoNotReplaceAVerdict() throws IOException {
    HandMade results = drift("laptop").seeds(3);
    for (int depth : new int[] {8, 32}) {
      Map<String, String> net = Map.of("model.name", "resnet-" + depth);
      results.accuracy("paper/divergence/depth", "central-large", "cohort", net, 70, 71);
      results.accuracy("paper/divergence/depth", "federated", "cohort", net, 69, 70.1);
    }
    assertThat(results.judged("D2").scale()).isEqualTo("laptop");
  }

  @Test
  void oneSeedOfThePublishedProtocolDoesNotReplaceAnInterval() throws IOException {
    HandMade results = drift("laptop");
    for (int depth : new int[] {8, 32}) {
      Map<String, String> net = Map.of("model.name", "resnet-" + depth);
      results.accuracy("paper/divergence/depth", "central-large", "cohort", net, 70);
      results.accuracy("paper/divergence/depth", "federated", "cohort", net, 69);
    }
    assertThat(results.judged("D2").scale()).isEqualTo("laptop");
  }

  /** Of the claims on this file alone, whether it is of what is measured or of the grid. */
  @ParameterizedTest
  @ValueSource(strings = {"accuracy", "model.name"})
  void aMissingColumnIsNotRun(String column) throws IOException {
    HandMade results = drift("laptop");
    results.verdicts();
    Path file = root.resolve("laptop/divergence/depth/rounds.csv");
    Files.writeString(file, Files.readString(file).replaceFirst(column, "other"));
    ClaimsTable.Entry entry =
        ClaimsTable.of(root, Claims.all(), results).entries().stream()
            .filter(one -> one.claim().id().equals("D2"))
            .findFirst()
            .orElseThrow();
    assertThat(entry.judgement().verdict()).isEqualTo(Verdict.NOT_RUN);
    assertThat(entry.judgement().evidence()).contains("no column " + column);
  }

  @Test
  void equalResultsGiveEqualBytes() throws IOException {
    drift("laptop").verdicts().write(root);
    String csv = Files.readString(root.resolve("claims.csv"));
    drift("laptop").verdicts().write(root);
    assertThat(root.resolve("claims.csv")).hasContent(csv);

    assertThat(csv.lines().findFirst())
        .hasValue(
            "claim,paper,scale,statement,measure,unit,effect,low,high,margin,seeds,verdict,evidence,caveats");
    assertThat(csv.lines()).hasSize(1 + Claims.all().size());
    assertThat(csv)
        .contains("D2,divergence,laptop,Client drift costs more accuracy in deeper nets.,")
        .contains(",10.0000,")
        .contains(
            ",0.5000,3,reproduced,3 seeds; the runs gained 0.0 points over their last third,by an older rule"
                + " inconclusive\n");
  }
}
