package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A claim of several parts, at least one of which needs runs: reproduced if all are, not reproduced
 * if one is not. The effect shown is that of the part that decides.
 */
record AllOf(List<Part> parts) implements Rule {

  record Part(String name, Rule rule) {}

  static AllOf of(String first, Rule one, String second, Rule other) {
    return new AllOf(List.of(new Part(first, one), new Part(second, other)));
  }

  @Override
  public Judgement judge(Evidence evidence) {
    Judgement deciding = null;
    boolean anyRun = false;
    List<String> missing = new ArrayList<>();
    for (Part part : parts) {
      try {
        Judgement own = part.rule().judge(evidence);
        anyRun |= part.rule().needsRuns();
        if (deciding == null
            || EveryCell.rank(own.verdict()) > EveryCell.rank(deciding.verdict())) {
          deciding =
              new Judgement(
                  own.verdict(), own.estimate(), own.margin(), part.name() + ": " + own.evidence());
        }
      } catch (MissingEvidenceException e) {
        missing.add(part.name() + " not run (" + e.getMessage() + ")");
      }
    }
    if (!anyRun) {
      throw new MissingEvidenceException(String.join("; ", missing));
    }
    if (missing.isEmpty()) {
      return deciding;
    }
    Verdict verdict =
        deciding.verdict() == Verdict.REPRODUCED ? Verdict.INCONCLUSIVE : deciding.verdict();
    return new Judgement(
        verdict,
        deciding.estimate(),
        deciding.margin(),
        deciding.evidence() + "; " + String.join("; ", missing));
  }

  @Override
  public String words() {
    return parts.stream()
        .map(part -> part.name() + ": " + part.rule().words())
        .collect(Collectors.joining("; "));
  }
}
