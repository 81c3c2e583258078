package org.fedlayers.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.function.Uncheck;
import org.fedlayers.claims.ClaimsTable;
import org.fedlayers.claims.Judgement;
import org.fedlayers.claims.Verdict;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;
import org.fedlayers.results.ResultsHome;

/** The table of claims as people read it: a page, a table for the README and one for a paper. */
public final class ClaimsPage {
  private static final Map<String, String> HEADINGS =
      Map.of(
          "divergence", "Divergence accumulation (arXiv 2306.02701)",
          "fixbn", "FixBN (arXiv 2303.06530)",
          "man", "MAN (arXiv 2512.08314)",
          "together", "The three papers together (questions of ours)");

  private static final String SECTIONS =
      "# Claims: %s\n\nWritten by `fedlayers claims`; do not edit. "
          + "[All claims, and how a verdict is reached](../claims.md).\n\n";

  private ClaimsPage() {}

  /**
   * Writes {@code claims.md} and {@code claims.tex}, and for each paper {@code claims/PAPER.md}
   * with a section for each claim; each as a whole.
   */
  public static void write(Path results, ClaimsTable verdicts) throws IOException {
    StringBuilder page = new StringBuilder(introduction());
    Path folder = Files.createDirectories(results.resolve("claims"));
    ClaimSections sections = new ClaimSections(results);
    for (Map.Entry<String, List<ClaimsTable.Entry>> paper : byPaper(verdicts).entrySet()) {
      String heading = HEADINGS.getOrDefault(paper.getKey(), paper.getKey());
      page.append("\n## ").append(heading).append("\n\n");
      page.append(found(paper.getValue(), ClaimsPage::linked).markdown());
      AtomicFile.write(
          folder.resolve(paper.getKey() + ".md"),
          paper.getValue().stream()
              .map(sections::of)
              .collect(joining("\n", SECTIONS.formatted(heading), "")));
    }
    AtomicFile.write(results.resolve("claims.md"), page.toString());
    AtomicFile.write(results.resolve("claims.tex"), narrow(verdicts.entries()).latex());
  }

  /** The verdicts on the claims that a reader asks for first, and the number of each verdict. */
  public static String overview(ClaimsTable verdicts) {
    Map<Boolean, List<ClaimsTable.Entry>> run =
        verdicts.entries().stream()
            .filter(entry -> entry.claim().headline())
            .collect(partitioningBy(entry -> entry.judgement().verdict() != Verdict.NOT_RUN));
    var waiting = run.get(false).stream().map(entry -> entry.claim().id()).collect(joining(", "));
    return found(run.get(true), ClaimsPage::linked)
            .markdown()
            .replace("](claims/", "](results/claims/")
        + "\nThese are %s of %s claims and controls%s. All %s.\n"
            .formatted(
                run.get(true).size(),
                verdicts.entries().size(),
                waiting.isEmpty() ? "" : "; central claims that have not run yet: " + waiting,
                counts(verdicts));
  }

  /**
   * A paper's claims, from the checked-in results, as a notebook shows them.
   *
   * @param claims those that are shown, such as {@code D1}; all of the paper's if none is named
   */
  public static TextTable of(String paper, String... claims) {
    return of(ClaimsTable.of(ResultsHome.of("")), paper, claims);
  }

  static TextTable of(ClaimsTable verdicts, String paper, String... claims) {
    Map<String, List<ClaimsTable.Entry>> papers = byPaper(verdicts);
    if (!papers.containsKey(paper)) {
      throw new UserError("no paper '" + paper + "'" + Spelling.hint(paper, papers.keySet()));
    }
    List<String> wanted = List.of(claims);
    List<ClaimsTable.Entry> shown =
        papers.get(paper).stream()
            .filter(entry -> wanted.isEmpty() || wanted.contains(entry.claim().id()))
            .toList();
    if (shown.size() < wanted.size()) {
      throw new UserError("of the claims %s %s has only some".formatted(wanted, paper));
    }
    return found(shown, entry -> entry.claim().id());
  }

  private static String linked(ClaimsTable.Entry entry) {
    String id = entry.claim().id();
    return "[%s](claims/%s.md#%s)"
        .formatted(id, entry.claim().paper(), id.toLowerCase(Locale.ROOT));
  }

  private static String introduction() {
    ClassLoader loader = ClaimsPage.class.getClassLoader();
    return Uncheck.get(
        () -> IOUtils.resourceToString("org/fedlayers/report/claims.md", UTF_8, loader));
  }

  private static Map<String, List<ClaimsTable.Entry>> byPaper(ClaimsTable verdicts) {
    return verdicts.entries().stream()
        .collect(groupingBy(entry -> entry.claim().paper(), LinkedHashMap::new, toList()));
  }

  /** The findings on each claim. */
  private static TextTable found(
      List<ClaimsTable.Entry> entries, Function<ClaimsTable.Entry, String> name) {
    return new TextTable(
        "",
        List.of("claim", "statement", "published", "here", "effect [95 %]", "evidence"),
        entries.stream()
            .map(
                entry ->
                    List.of(
                        name.apply(entry),
                        entry.claim().statement(),
                        entry.claim().published(),
                        verdict(entry),
                        entry.judgement().effect(),
                        evidence(entry)))
            .toList());
  }

  private static String evidence(ClaimsTable.Entry entry) {
    if (entry.judgement().verdict() == Verdict.NOT_RUN) {
      return ""; // that its file is missing says nothing here
    }
    return Stream.concat(Stream.of(entry.judgement().evidence()), entry.caveats().stream())
        .collect(joining("; "));
  }

  /** A table that is narrow enough for a column of a paper. */
  private static TextTable narrow(List<ClaimsTable.Entry> entries) {
    return new TextTable(
        "What came of every claim; *: its rule, or the number of seeds, was fixed or changed after"
            + " these data were seen (claims.md says how)",
        List.of("claim", "verdict", "effect [95 %]", "seeds"),
        entries.stream()
            .map(
                entry ->
                    List.of(
                        entry.claim().id(),
                        verdict(entry) + (entry.caveats().isEmpty() ? "" : " *"),
                        entry.judgement().effect(),
                        entry.scale().isEmpty() ? "" : "" + entry.judgement().interval().n()))
            .toList());
  }

  /** The verdict and the scale of its evidence. */
  static String verdict(ClaimsTable.Entry entry) {
    Judgement judgement = entry.judgement();
    boolean single = judgement.verdict() == Verdict.NO_VERDICT && judgement.interval().n() == 1;
    return (single ? "one seed, no verdict" : judgement.verdict().text())
        + (entry.scale().isEmpty() ? "" : " (" + entry.scale() + ")");
  }

  /** The number of verdicts of each kind: on claims, and on controls, which nobody has claimed. */
  public static String counts(ClaimsTable verdicts) {
    Map<Boolean, List<Verdict>> apart =
        verdicts.entries().stream()
            .collect(
                partitioningBy(
                    entry -> entry.claim().isControl(),
                    mapping(entry -> entry.judgement().verdict(), toList())));
    return "claims: %s; controls: %s".formatted(counts(apart.get(false)), counts(apart.get(true)));
  }

  private static String counts(List<Verdict> verdicts) {
    return verdicts.stream()
        .collect(groupingBy(verdict -> verdict, TreeMap::new, counting()))
        .entrySet()
        .stream()
        .map(count -> count.getValue() + " " + count.getKey().text())
        .collect(joining(", "));
  }
}
