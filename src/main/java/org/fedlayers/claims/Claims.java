package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Keys;
import org.fedlayers.experiment.Source;
import org.fedlayers.options.Located;
import org.fedlayers.options.Options;
import org.fedlayers.options.Problems;
import org.fedlayers.options.YamlSource;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Samples;
import org.fedlayers.results.Schema;

/**
 * Reads all claims from the files {@code claims.yaml}. They are read strictly: whatever is unknown
 * or of the wrong type is refused, all of it at once, each with file, line and the nearest
 * spelling.
 */
public final class Claims {
  private static final Options<ClaimOptions> CLAIM = Options.optional(ClaimOptions.class);
  private static final Options<Claim.Change> CHANGE = Options.optional(Claim.Change.class);
  private static final Options<ContrastStep> STEP = Options.optional(ContrastStep.class);

  /** The columns that tell cells from each other, besides the axes of a grid. */
  private static final List<String> COLUMNS =
      List.of("arm", "part", "measure", "index", "model", "layer");

  /** What a step may consist of. */
  private static final List<String> STEPS =
      List.of("minus of", "of saved-by", "at", "best", "slope", "against-others");

  private static final List<String> REDUCTIONS =
      Stream.of(Reduction.NAMED, Reduction.OF_LAYERS)
          .flatMap(named -> named.keySet().stream())
          .toList();

  private static List<Claim> all;

  private final String paper;
  private final Problems problems = new Problems();

  private Claims(String paper) {
    this.paper = paper;
  }

  /** In the order of papers and ids. */
  public static synchronized List<Claim> all() {
    if (all == null) {
      all = Catalogue.papers().stream().flatMap(p -> read(Catalogue.claims(p)).stream()).toList();
    }
    return all;
  }

  /**
   * @throws org.fedlayers.options.UserError with everything that is wrong
   */
  static List<Claim> read(Source source) {
    Claims reader = new Claims(source.paper());
    Located root = YamlSource.document(source.file(), source.text(), reader.problems);
    List<Claim> claims = reader.claims(reader.problems.map(root));
    reader.problems.throwIfAny(source.file());
    return claims;
  }

  private List<Claim> claims(Map<String, Located> written) {
    List<Claim> claims = new ArrayList<>();
    Located defaults = written.getOrDefault("defaults", new Located(Map.of(), ""));
    written.forEach(
        (id, own) -> {
          Map<String, Located> claim = over(defaults, own).map();
          Located parts = claim.remove("parts");
          if (parts == null && own != defaults) {
            claims.add(claim(id, new Located(claim, own.place())));
          } else if (parts != null) {
            // A claim of several parts is several, D3a, D3b and so on.
            char letter = 'a';
            for (Located part : several(parts)) {
              claims.add(claim(id + letter++, over(new Located(claim, own.place()), part)));
            }
          }
        });
    return claims;
  }

  /** The entries of one map, replaced by those of another; whoever has a log has its history. */
  private Located over(Located below, Located above) {
    Map<String, Located> merged = new LinkedHashMap<>(problems.map(below));
    if (problems.map(above).containsKey("log")) {
      merged.remove("changes");
    }
    merged.putAll(problems.map(above));
    return new Located(merged, above.place());
  }

  /** A single value is a list of one. */
  private static List<Located> several(Located written) {
    return written.isList() ? written.list() : List.of(written);
  }

  private Claim claim(String id, Located written) {
    ClaimOptions claim = CLAIM.read(written, problems);
    Map<String, Located> scales = problems.map(claim.scales());
    scales.forEach(
        (scale, own) -> problems.requireKnown(own.place(), "scale", scale, ClaimsTable.SCALES));
    Map<String, Rule> rules = new LinkedHashMap<>();
    boolean runs = (claim.outOfScope() + claim.bench()).isEmpty() && claim.tests().isEmpty();
    String needed = "statement measured log" + (runs ? " experiment margin unit" : "");
    Stream.of((needed + (runs && !claim.described() ? " contrast" : "")).split(" "))
        .filter(key -> !written.map().containsKey(key))
        .filter(key -> written.map().keySet().stream().allMatch(CLAIM::has)) // none is misspelt
        .forEach(key -> problems.add(written.place(), id + " needs " + key));
    for (String scale : runs ? ClaimsTable.SCALES : List.of("")) {
      Located own = scales.containsKey(scale) ? over(written, scales.get(scale)) : written;
      rules.put(scale, rule(own, own == written ? claim : CLAIM.read(own, problems)));
    }
    return new Claim(
        id,
        paper,
        claim.statement(),
        claim.measured(),
        claim.published(),
        claim.headline(),
        rules,
        Stream.of(claim.log(), claim.changes())
            .flatMap(entries -> several(entries).stream())
            .map(entry -> CHANGE.read(entry, problems))
            .sorted(Comparator.comparing(Claim.Change::date))
            .toList(),
        compared(claim));
  }

  private Rule rule(Located written, ClaimOptions claim) {
    if (!claim.outOfScope().isEmpty()) {
      return new Settled(Verdict.OUT_OF_SCOPE, List.of(), claim.outOfScope());
    }
    if (!claim.tests().isEmpty()) {
      return new Settled(
          Verdict.REPRODUCED, claim.tests(), "exact, so tests hold it instead of runs");
    }
    if (!claim.bench().isEmpty()) {
      boolean byPlain = !claim.savedBy().isEmpty();
      return new StepTime(claim.bench(), byPlain, decision(claim), claim.besides());
    }
    check(written, claim);
    List<ContrastStep> contrasts = steps(claim.contrast());
    Measure measure = measure(claim, contrasts);
    if (claim.described()) {
      return new Ranking(measure);
    }
    return new Measured(measure, contrasts, steps(claim.premise()), decision(claim));
  }

  /** Checks that experiment, table, columns and axes exist. */
  private void check(Located written, ClaimOptions claim) {
    List<String> tables = Schema.OF_CELLS.stream().map(Schema::name).toList();
    require(written, "experiment", claim.experiment(), Catalogue.paths());
    require(written, "over", claim.over(), REDUCTIONS);
    require(written, "from", claim.from(), tables);
    if (tables.contains(claim.from())) {
      List<String> columns = Schema.named(claim.from()).columns();
      require(written, "y", claim.y(), columns);
      claim.also().forEach(column -> require(written, "also", column, columns));
      claim.along().values().forEach(column -> require(written, "along", column, columns));
    }
    for (String key : List.of("where", "along", "target", "cells", "except")) {
      several(written.map().getOrDefault(key, new Located("", ""))).forEach(this::checkAxes);
    }
  }

  private void checkAxes(Located point) {
    if (point.isMap()) {
      point.map().forEach((axis, value) -> checkAxis(axis, value.place()));
    }
  }

  private void checkAxis(String axis, String place) {
    if (!Keys.isSetting(axis)) {
      List<String> known = new ArrayList<>(Keys.all().keySet());
      known.addAll(COLUMNS);
      problems.requireKnown(place, "axis", axis, known);
    }
  }

  private void require(Located claim, String key, String word, Collection<String> known) {
    if (!word.isEmpty()) {
      problems.requireKnown(claim.map().getOrDefault(key, claim).place(), key, word, known);
    }
  }

  private Measure measure(ClaimOptions claim, List<ContrastStep> contrasts) {
    Map<String, String> where = new LinkedHashMap<>();
    if (claim.from().equals("rounds")) {
      where.put("model", claim.average());
    }
    if (contrasts.stream().noneMatch(step -> step.isAlong("arm"))) {
      where.put("arm", "federated");
    }
    where.putAll(claim.where());
    if (!(claim.target().content() instanceof Number)) {
      problems.map(claim.target());
    }
    return new Measure(claim, where, claim.y(), claim.over());
  }

  private List<ContrastStep> steps(Located written) {
    for (Located step : several(written)) {
      Map<String, Located> keys = new TreeMap<>(problems.map(step));
      if (keys.keySet().stream().allMatch(STEP::has)
          && !STEPS.contains(String.join(" ", keys.keySet()))) {
        problems.unexpected("a step", step, "the keys of one of " + STEPS);
      }
      for (Located value : keys.values()) {
        checkAxes(value);
        if (value.content() instanceof String axis) {
          checkAxis(axis, value.place());
        }
      }
    }
    return several(written).stream().map(step -> STEP.read(step, problems)).toList();
  }

  /** Its first difference between two values of one axis. */
  private Optional<Claim.Compared> compared(ClaimOptions claim) {
    List<ContrastStep> steps = steps(claim.contrast());
    Decision decision = decision(claim);
    boolean points = claim.y().equals("accuracy") && claim.target().place().isEmpty();
    double unit = points && steps.stream().noneMatch(ContrastStep::isRatio) ? Measure.POINTS : 1;
    List<Double> margins =
        decision.small().stream()
            .filter(side -> side != 0 && steps.size() == 1)
            .map(side -> side * decision.margin() / unit)
            .toList();
    for (ContrastStep step : steps) {
      Map<String, String> subtracted = step.isRatio() ? step.savedBy() : step.minus();
      if (step.of().size() == 1 && !subtracted.isEmpty()) {
        String axis = step.of().keySet().iterator().next();
        String one = step.of().get(axis);
        String other = subtracted.getOrDefault(axis, "");
        // Which value the highest is depends on the cells.
        if (!Samples.isEnd(one) && !Samples.isEnd(other)) {
          return Optional.of(new Claim.Compared(axis, one, other, step.isRatio(), margins));
        }
      }
    }
    return Optional.empty();
  }

  private static Decision decision(ClaimOptions claim) {
    return new Decision(claim.decided(), claim.margin(), claim.unit(), claim.claimed());
  }
}
