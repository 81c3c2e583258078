package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.fedlayers.claims.Decision.Kind;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Source;
import org.fedlayers.options.Located;
import org.fedlayers.options.Problems;
import org.fedlayers.options.YamlSource;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Samples;
import org.fedlayers.results.Schema;

/**
 * Every claim there is, as the files {@code claims.yaml} state them. They are read strictly: what
 * is unknown or of the wrong type is refused, all of it at once, each with file, line and the
 * nearest spelling.
 */
public final class Claims {
  private static final List<String> OF_CLAIM =
      List.of(
          ("statement measured parts scales published log changes also experiment from where average y over skip"
                  + " along target contrast cells except apart premise decided margin unit claimed"
                  + " bench saved-by besides tests out-of-scope headline described")
              .split(" "));

  private static final List<String> OF_CONTRAST =
      List.of("of", "minus", "saved-by", "at", "best", "slope", "against-others");

  /** Axes along which cells are not alike, unless a claim says otherwise. */
  private static final List<String> APART = List.of("partition", "layer", "model.normaliser");

  private static final List<String> COLUMNS = List.of("part", "measure", "index", "model", "layer");
  private static final List<String> REDUCTIONS =
      Stream.of(Reduction.NAMED, Reduction.OF_LAYERS)
          .flatMap(named -> named.keySet().stream())
          .toList();

  private static final List<String> ENDS = List.of(Samples.HIGHEST, Samples.LOWEST);

  private static List<Claim> all;

  private Claims() {}

  /** In the order of papers and ids. */
  public static synchronized List<Claim> all() {
    if (all == null) {
      all =
          Catalogue.papers().stream()
              .flatMap(paper -> read(Catalogue.claims(paper)).stream())
              .toList();
    }
    return all;
  }

  /**
   * @throws org.fedlayers.options.UserError with everything that is wrong
   */
  static List<Claim> read(Source source) {
    Problems problems = new Problems();
    Located root = YamlSource.document(source.file(), source.text(), problems);
    Map<String, Located> all = Options.of(root, problems).values();
    List<Claim> claims = new ArrayList<>();
    Options defaults = Options.of(all.get("defaults"), problems).knowing(OF_CLAIM);
    all.forEach(
        (id, value) -> {
          Options claim = defaults.with(Options.of(value, problems).knowing(OF_CLAIM));
          List<Options> parts = claim.maps("parts");
          // A claim of several parts is several, D3a, D3b and so on.
          for (int part = 0; part < parts.size(); part++) {
            Options own = claim.with(parts.get(part).knowing(OF_CLAIM));
            claims.add(claim(id + (char) ('a' + part), source.paper(), own));
          }
          if (parts.isEmpty() && !id.equals("defaults")) {
            claims.add(claim(id, source.paper(), claim));
          }
        });
    problems.throwIfAny(source.file());
    return claims;
  }

  private static Claim claim(String id, String paper, Options claim) {
    Options scales = claim.map("scales").knowing(Ledger.SCALES);
    Map<String, Rule> rules = new LinkedHashMap<>();
    boolean runs = Stream.of("out-of-scope", "tests", "bench").noneMatch(claim::has);
    for (String scale : runs ? Ledger.SCALES : List.of("")) {
      rules.put(scale, rule(claim.with(scales.map(scale).knowing(OF_CLAIM))));
    }
    return new Claim(
        id,
        paper,
        claim.text("statement", ""),
        claim.text("measured", ""),
        claim.text("published", ""),
        claim.text("headline", "").equals("true"),
        rules,
        Stream.of("log", "changes")
            .flatMap(key -> claim.maps(key).stream())
            .map(Claims::change)
            .toList(),
        compared(claim));
  }

  private static Claim.Change change(Options change) {
    return new Claim.Change(
        change.text("date", ""),
        change.text("rule", ""),
        change.text("data", ""),
        change.text("reading", ""));
  }

  private static Rule rule(Options rule) {
    if (rule.has("out-of-scope")) {
      return new Settled(Verdict.OUT_OF_SCOPE, List.of(), rule.text("out-of-scope", ""));
    }
    if (rule.has("tests")) {
      return new Settled(
          Verdict.REPRODUCED, rule.words("tests"), "exact, so tests hold it instead of runs");
    }
    Decision decision = decision(rule);
    if (rule.has("bench")) {
      return new StepTime(
          rule.text("bench", ""), rule.has("saved-by"), decision, rule.text("besides", ""));
    }
    Measure measure = measure(rule, rule.text("y", "accuracy"));
    if (rule.has("described")) {
      return new Ranking(measure);
    }
    return new Measured(
        measure,
        contrasts(rule, "contrast"),
        points(rule, "cells"),
        points(rule, "except"),
        rule.has("apart") ? rule.words("apart") : APART,
        rule.maps("contrast").stream().anyMatch(step -> step.has("saved-by")),
        contrasts(rule, "premise"),
        decision,
        rule.words("also").stream().map(y -> measure(rule, y)).toList());
  }

  private static List<Map<String, String>> points(Options rule, String key) {
    return rule.maps(key).stream().map(point -> point.axes(COLUMNS)).toList();
  }

  private static Measure measure(Options rule, String y) {
    Map<String, String> where = new LinkedHashMap<>();
    String from =
        rule.choice("from", "rounds", Schema.OF_CELLS.stream().map(Schema::name).toList());
    if (from.equals("rounds")) {
      where.put("model", rule.choice("average", "cohort", List.of("all")));
    }
    if (!String.valueOf(rule.values().get("contrast")).contains("arm=")) {
      where.put("arm", "federated");
    }
    where.putAll(rule.map("where").axes(COLUMNS));
    boolean goal = rule.isNumber("target");
    return new Measure(
        rule.choice("experiment", null, Catalogue.paths()),
        from,
        where,
        y,
        rule.choice("over", "last10", REDUCTIONS),
        (int) rule.number("skip", 0),
        rule.map("along").axes(COLUMNS),
        goal ? Map.of() : rule.map("target").axes(List.of()),
        goal ? rule.number("target", 0) : Double.NaN);
  }

  private static List<UnaryOperator<Samples>> contrasts(Options rule, String key) {
    return rule.maps(key).stream().map(step -> contrast(step.knowing(OF_CONTRAST))).toList();
  }

  /** A step from what was measured at each point of a grid towards the effect that is claimed. */
  private static UnaryOperator<Samples> contrast(Options step) {
    if (step.has("best")) {
      String axis = step.axis("best");
      return samples -> samples.bestAlong(axis);
    }
    if (step.has("slope")) {
      String axis = step.axis("slope");
      return samples -> samples.slope(axis);
    }
    if (step.has("against-others")) {
      Map<String, String> corner = step.map("against-others").axes(List.of());
      return samples -> samples.againstOthers(corner);
    }
    Map<String, String> of = step.map(step.has("at") ? "at" : "of").axes(List.of());
    if (step.has("at")) {
      return samples -> samples.at(of);
    }
    boolean ratio = step.has("saved-by");
    Map<String, String> other = step.map(ratio ? "saved-by" : "minus").axes(List.of());
    return samples ->
        samples.at(of).pairedWith(samples.at(other), ratio ? Sample::logRatio : Sample::minus);
  }

  /** Its first difference between two values of one axis. */
  private static Optional<Claim.Compared> compared(Options claim) {
    List<Options> steps = claim.maps("contrast");
    Decision decision = decision(claim);
    double sign = decision.kind() == Kind.NOT_INFERIOR ? -1 : 1;
    double unit = claim.text("y", "accuracy").equals("accuracy") ? Measure.POINTS : 1;
    double margin = steps.size() == 1 ? sign * decision.margin() / unit : Double.NaN;
    for (Options step : steps) {
      Map<String, String> of = step.map("of").axes(List.of());
      if (of.size() == 1 && step.has("minus")) {
        String axis = of.keySet().iterator().next();
        String other = step.map("minus").text(axis, "");
        if (ENDS.contains(of.get(axis)) || ENDS.contains(other)) {
          continue; // which value it is depends on the cells
        }
        return Optional.of(new Claim.Compared(axis, of.get(axis), other, margin));
      }
    }
    return Optional.empty();
  }

  private static Decision decision(Options rule) {
    List<String> kinds = Stream.of(Kind.values()).map(Kind::text).toList();
    int kind = kinds.indexOf(rule.choice("decided", kinds.get(0), kinds));
    return new Decision(
        Kind.values()[Math.max(0, kind)],
        rule.number("margin", 0),
        rule.text("unit", ""),
        rule.number("claimed", 0));
  }
}
