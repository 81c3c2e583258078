package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fedlayers.results.NotMeasuredException;

/**
 * A claim of several parts, at least one of which needs runs: reproduced if all are, not reproduced
 * if one is not. The effect shown is that of the part that decides.
 */
record AllOf(Map<String, Rule> parts) implements Rule {

  @Override
  public Judgement judge(Evidence evidence) {
    Judgement deciding = null;
    boolean anyRun = false;
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Rule> part : parts.entrySet()) {
      try {
        Judgement own = part.getValue().judge(evidence);
        anyRun |= part.getValue().needsRuns();
        if (deciding == null || own.verdict().rank() > deciding.verdict().rank()) {
          deciding = own.saying(own.verdict(), part.getKey() + ": " + own.evidence());
        }
      } catch (NotMeasuredException e) {
        missing.add(part.getKey() + " not run (" + e.getMessage() + ")");
      }
    }
    if (!anyRun) {
      throw new NotMeasuredException(String.join("; ", missing));
    }
    if (missing.isEmpty()) {
      return deciding;
    }
    Verdict verdict =
        deciding.verdict() == Verdict.REPRODUCED ? Verdict.INCONCLUSIVE : deciding.verdict();
    return deciding.saying(verdict, deciding.evidence() + "; " + String.join("; ", missing));
  }

  @Override
  public String words() {
    return parts.entrySet().stream()
        .map(part -> part.getKey() + ": " + part.getValue().words())
        .collect(Collectors.joining("; "));
  }
}
