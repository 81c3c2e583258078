package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.claims.Decision.Kind;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Located;
import org.fedlayers.experiment.Problems;
import org.fedlayers.experiment.Source;
import org.fedlayers.experiment.YamlSource;
import org.fedlayers.results.Reduction;

/**
 * Every claim there is, as the files {@code claims.yaml} state them. They are read strictly: what
 * is unknown or of the wrong type is refused, all of it at once, each with file, line and the
 * nearest spelling.
 */
public final class Claims {
  private static final List<String> OF_CLAIM = List.of("statement", "measured", "parts", "scales");
  private static final List<String> OF_RULE =
      List.of(
          ("experiment from where average y over skip along target contrast cells except at in"
                  + " decided margin unit bench besides tests out-of-scope")
              .split(" "));
  private static final List<String> COLUMNS = List.of("part", "measure", "index", "model", "layer");
  private static final List<Claim> ALL =
      Catalogue.papers().stream().flatMap(paper -> read(Catalogue.claims(paper)).stream()).toList();

  private final Problems problems = new Problems();

  private Claims() {}

  /** In the order of papers and ids. */
  public static List<Claim> all() {
    return ALL;
  }

  /** The papers, {@code together} last. */
  public static List<String> papers() {
    return ALL.stream().map(Claim::paper).distinct().toList();
  }

  /**
   * @throws org.fedlayers.data.UserError with everything that is wrong
   */
  static List<Claim> read(Source source) {
    Claims reader = new Claims();
    Located root = YamlSource.document(source.file(), source.text(), reader.problems);
    List<Claim> claims = new ArrayList<>();
    Options.of(root, reader.problems)
        .values()
        .forEach((id, claim) -> claims.add(reader.claim(id, source.paper(), claim)));
    reader.problems.throwIfAny(source.file());
    return claims;
  }

  private Claim claim(String id, String paper, Located claim) {
    List<String> known = new ArrayList<>(OF_CLAIM);
    known.addAll(OF_RULE);
    Options own = Options.of(claim, problems).knowing(known);
    Options scales = own.map("scales").knowing(Ledger.SCALES);
    Map<String, Rule> rules = new LinkedHashMap<>();
    for (String scale : Ledger.SCALES) {
      rules.put(scale, rule(own.with(scales.map(scale).knowing(OF_RULE))));
    }
    return new Claim(id, paper, own.text("statement", ""), own.text("measured", ""), rules);
  }

  private Rule rule(Options claim) {
    if (!claim.has("parts")) {
      return simple(claim);
    }
    Map<String, Rule> parts = new LinkedHashMap<>();
    Options whole = claim.without("parts");
    Options named = claim.map("parts");
    named
        .values()
        .keySet()
        .forEach(part -> parts.put(part, simple(whole.with(named.map(part).knowing(OF_RULE)))));
    return new AllOf(parts);
  }

  private Rule simple(Options rule) {
    if (rule.has("out-of-scope")) {
      return new Settled(Verdict.OUT_OF_SCOPE, List.of(), rule.text("out-of-scope", ""));
    }
    if (rule.has("tests")) {
      return new Settled(
          Verdict.REPRODUCED, rule.words("tests"), "exact, so tests hold it instead of runs");
    }
    if (rule.has("bench")) {
      return new StepTime(
          rule.text("bench", ""), rule.number("margin", 0), rule.text("besides", ""));
    }
    Measured measured =
        new Measured(
            measure(rule),
            rule.maps("contrast").stream().map(Claims::contrast).toList(),
            rule.maps("cells").stream().map(cell -> cell.axes(List.of())).toList(),
            rule.axes("except", List.of()),
            rule.axes("at", List.of()),
            rule.choice("in", "", List.of("every cell")).equals("every cell"),
            decision(rule));
    return rule.text("decided", "").equals("described") ? new Ranking(measured) : measured;
  }

  private static Measure measure(Options rule) {
    Map<String, String> where = new LinkedHashMap<>();
    String from = rule.choice("from", "rounds", List.of("layers", "gradients", "curvature"));
    if (from.equals("rounds")) {
      where.put("model", rule.choice("average", "cohort", List.of("all")));
    }
    if (!rule.values().toString().contains("arm=")) {
      where.put("arm", "federated");
    }
    where.putAll(rule.axes("where", COLUMNS));
    List<String> reductions = new ArrayList<>(Reduction.NAMED.keySet());
    reductions.addAll(Measure.OF_LAYERS);
    return new Measure(
        rule.choice("experiment", null, Catalogue.paths()),
        from,
        where,
        rule.text("y", "accuracy"),
        rule.choice("over", "last10", reductions),
        (int) rule.number("skip", 0),
        rule.axes("along", COLUMNS),
        rule.axes("target", List.of()));
  }

  private static Contrast contrast(Options step) {
    step.knowing(List.of("of", "minus", "saved-by", "at", "best", "slope", "against-others"));
    if (step.has("at")) {
      return new Contrast.At(step.axes("at", List.of()));
    }
    if (step.has("best")) {
      return new Contrast.Best(step.axis("best"));
    }
    if (step.has("slope")) {
      return new Contrast.Slope(step.axis("slope"));
    }
    if (step.has("against-others")) {
      return new Contrast.AgainstOthers(step.axes("against-others", List.of()));
    }
    Map<String, String> of = step.axes("of", List.of());
    return step.has("saved-by")
        ? new Contrast.Saving(of, step.axes("saved-by", List.of()))
        : new Contrast.Difference(of, step.axes("minus", List.of()));
  }

  private static Decision decision(Options rule) {
    List<String> kinds = new ArrayList<>(List.of("described"));
    for (Kind kind : Kind.values()) {
      kinds.add(kind.text());
    }
    String decided = rule.choice("decided", Kind.SUPERIOR.text(), kinds);
    int kind = Math.max(0, kinds.indexOf(decided) - 1);
    return new Decision(Kind.values()[kind], rule.number("margin", 0), rule.text("unit", ""));
  }
}
