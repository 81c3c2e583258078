package org.fedlayers.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.experiment.Source;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands in a file of claims, and what is wrong with it. */
class ClaimsTest {
  /** Those that newcomers are shown. */
  private static final String TEN_LINES = fromThePageForContributors();

  @TempDir Path root;

  private static String fromThePageForContributors() {
    try {
      String page = Files.readString(Path.of("CONTRIBUTING.md"));
      return page.replaceFirst("(?s).*?```yaml\n(.*?)```.*", "$1");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Claim> read(String text) {
    return Claims.read(new Source("divergence", "claims", "claims.yaml", text));
  }

  @Test
  void tenLinesAreAClaim() throws Exception {
    assertThat(TEN_LINES.lines()).hasSize(10);
    Claim claim = read(TEN_LINES).get(0);
    assertThat(claim.id()).isEqualTo("X1");
    assertThat(claim.log())
        .containsExactly(new Claim.Change("2026-11-26", "first rule", "none", "", false));
    HandMade results = new HandMade(root);
    results.accuracy("laptop/divergence/width", "federated", "cohort", width("0.5"), 60, 61, 62);
    results.accuracy("laptop/divergence/width", "federated", "cohort", width("2"), 63, 64, 65.3);
    Judgement judgement = claim.rule().judge(results.evidence("laptop"));
    assertThat(judgement.verdict()).isEqualTo(Verdict.REPRODUCED);
    assertThat(judgement.effect()).isEqualTo("3.10 [2.67, 3.53] points");
    assertThat(judgement.evidence()).isEqualTo("3 seeds");
  }

  @Test
  void aMethodThatRanWithTwoOptionsIsNamedWithThem() throws Exception {
    Claim claim = read(TEN_LINES.replace("federated}", "federated, method: fedprox}")).get(0);
    HandMade results = new HandMade(root);
    for (String method : new String[] {"fedprox mu=0.1", "fedprox mu=1"}) {
      for (String width : new String[] {"0.5", "2"}) {
        Map<String, String> cell = Map.of("method", method, "model.width", width);
        results.accuracy("laptop/divergence/width", "federated", "cohort", cell, 60, 61);
      }
    }
    Evidence evidence = results.evidence("laptop");
    assertThatThrownBy(() -> claim.rule().judge(evidence))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("which is meant, ", "fedprox mu=0.1", "fedprox mu=1");
  }

  private static Map<String, String> width(String factor) {
    return Map.of("model.width", factor);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "statement: | statment: | claims.yaml:2: unknown key statment; did you mean 'statement'?",
        "divergence/width | divergence/with | claims.yaml:4: experiment: there is no 'divergence/with'; did",
        "model.width: highest | model.wdith: highest | claims.yaml:6: axis: there is no 'model.wdith'; did",
        "minus: | mius: | claims.yaml:6: unknown key mius; did you mean 'minus'?",
        "margin: 1 | margin: one | claims.yaml:7: margin is 'one', expected a number",
        "unit: points | decided: superor | claims.yaml:8: decided is 'superor', expected one of superior,",
        "where: {arm: federated} | where: federated | claims.yaml:5: where is 'federated', expected a map",
        "unit: points | over: last1 | claims.yaml:8: over: there is no 'last1'; did you mean 'last",
        "X1: | X1: [ | claims.yaml:",
        "rule: first | rul: first | claims.yaml:10: unknown key rul; did you mean 'rule'?",
        "first rule | [first, rule] | claims.yaml:10: rule is [first, rule], expected a word",
        "unit: points | y: acuracy | claims.yaml:8: y: there is no 'acuracy'; did you mean 'accuracy'?",
        "unit: points | also: [loss, los] | claims.yaml:8: also: there is no 'los'; did you mean 'loss'?",
        "unit: points | also: {y: loss} | claims.yaml:8: also is {y=loss}, expected",
        "unit: points | skip: 1.5 | claims.yaml:8: skip is 1.5, expected a whole number",
        "unit: points | along: {layer: lost} | claims.yaml:8: along: there is no 'lost'; did you mean 'loss'?",
        "unit: points | scales: {papr: {}} | claims.yaml:8: scale: there is no 'papr'; did you mean 'paper'?",
        "unit: points | scales: {paper: {over: lst}} | claims.yaml:8: over: there is no 'lst'; did you mean",
        "unit: points | headline: yess | claims.yaml:8: headline is 'yess', expected true or false",
        "unit: points | average: al | claims.yaml:8: average is 'al', expected one of cohort, all",
        "log: | changes: | claims.yaml:1: X1 needs log",
        "  measured: accuracy | # accuracy | claims.yaml:1: X1 needs measured",
        "  statement: | # | claims.yaml:1: X1 needs statement",
        "  experiment: | # | claims.yaml:1: X1 needs experiment",
        "  contrast: | # | claims.yaml:1: X1 needs contrast",
        "  margin: | # | claims.yaml:1: X1 needs margin",
        "  unit: | # | claims.yaml:1: X1 needs unit",
        "margin: 1 | margin: -1 | claims.yaml:7: margin is -1, expected a number from 0",
        "margin: 1 | claimed: -1 | claims.yaml:7: claimed is -1, expected a number from 0",
        "', minus: {model.width: lowest}' | '' | claims.yaml:6: a step is {of={model.width=highest}}, expected",
        "unit: points | premise: {at: {arm: federated}, best: arm} | claims.yaml:8: a step is {at=",
        "unit: points | cells: [iid] | claims.yaml:8: cells is [iid], expected",
      })
  void mistakesAreNamedByFileAndLine(String right, String wrong, String message) {
    assertThatThrownBy(() -> read(TEN_LINES.replace(right, wrong)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message);
  }

  @Test
  void allMistakesAreNamedAtOnce() {
    String wrong = TEN_LINES.replace("margin: 1", "margin: one").replace("unit:", "units:");
    assertThatThrownBy(() -> read(wrong)).hasMessageContaining("claims.yaml has 2 problems");
  }

  @Test
  void partsShareWhatTheClaimSays() {
    List<Claim> parts =
        read(TEN_LINES.replace("X1:", "X1:\n  parts:\n    - {}\n    - {margin: 2}"));
    assertThat(parts).extracting(Claim::id).containsExactly("X1a", "X1b");
    assertThat(parts.get(0).rule().words()).contains("reaches 1 point,");
    assertThat(parts.get(1).rule().words()).contains("reaches 2 points");
  }

  @Test
  void everyExperimentFeedsTheRulesThatItNames() {
    Map<String, Set<String>> fed = new TreeMap<>();
    for (Claim claim : Claims.all()) {
      for (Rule rule : claim.rules().values()) {
        fed.computeIfAbsent(rule.experiment(), none -> new TreeSet<>()).add(claim.whole());
      }
    }
    fed.remove(""); // of rules that no runs decide
    assertThat(fed.keySet()).containsExactlyElementsOf(Catalogue.paths());
    for (String path : Catalogue.paths()) {
      Experiment experiment = ExperimentReader.builtIn(path, "laptop");
      assertThat(new TreeSet<>(experiment.claims())).as(path).isEqualTo(fed.get(path));
      assertThat(experiment.figures())
          .as(path)
          .flatExtracting(FigureSpec::claims)
          .allMatch(id -> fed.get(path).contains(id.replaceFirst("[a-z]$", "")));
    }
  }

  @Test
  void theHistoryOfARuleIsInTheOrderOfTime() {
    String older = "X1:\n  changes: [{date: 2026-11-25, rule: older, data: none}]";
    assertThat(read(TEN_LINES.replace("X1:", older)).get(0).log())
        .extracting(Claim.Change::date)
        .containsExactly("2026-11-25", "2026-11-26");
  }

  @Test
  void seedsThatWereAddedAfterALookAreKnown() {
    String more = "X1:\n  changes: [{date: 2026-11-27, rule: more, data: some, more-seeds: true}]";
    assertThat(read(TEN_LINES).get(0).hasMoreSeeds()).isFalse();
    assertThat(read(TEN_LINES.replace("X1:", more)).get(0).hasMoreSeeds()).isTrue();
  }

  @Test
  void aPartWithALogOfItsOwnHasNoChangesOfItsClaims() {
    String change = "{date: 2026-11-27, rule: other, data: none}";
    List<Claim> parts =
        read(
            TEN_LINES.replace(
                "X1:",
                "X1:\n  changes: [%s]\n  parts:\n    - {}\n    - {log: [%s]}"
                    .formatted(change, change.replace("none", "a seed"))));
    assertThat(parts).extracting(part -> part.log().size()).containsExactly(2, 1);
    assertThat(parts).extracting(Claim::isAfterData).containsExactly(false, true);
  }
}
