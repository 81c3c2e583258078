package org.fedlayers.report;

import static java.util.Map.entry;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.fedlayers.claims.Claim;
import org.fedlayers.claims.Judgement;
import org.fedlayers.claims.Ledger;
import org.fedlayers.claims.Verdict;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.experiment.ResultsHome;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;

/** The table of claims for people: a page of it all, a table for the README and one for a paper. */
public final class LedgerPage {
  private static final String BRIEF_EVIDENCE = "evidence, in brief";

  /** What the columns of tables say of a claim, by their names. */
  private static final Map<String, Function<Ledger.Entry, String>> COLUMNS =
      Map.ofEntries(
          entry("claim", one -> one.claim().id()),
          entry("statement", one -> one.claim().statement()),
          entry("what is measured", one -> one.claim().measure()),
          entry("published", one -> one.claim().published()),
          entry("how it is decided", one -> one.claim().rule().words()),
          entry("verdict", LedgerPage::verdict),
          entry("here", LedgerPage::verdict),
          entry("effect [95 %]", one -> one.judgement().effect()),
          entry("seeds", one -> one.scale().isEmpty() ? "" : "" + one.judgement().interval().n()),
          entry("evidence", one -> one.judgement().words()),
          entry(BRIEF_EVIDENCE, LedgerPage::brief));

  private static final String OVERVIEW =
      "claim;statement;published;here;effect [95 %];" + BRIEF_EVIDENCE;
  private static final String NOTEBOOK =
      "claim;statement;verdict;effect [95 %];evidence;what is measured";
  private static final String WHOLE =
      "claim;statement;verdict;effect [95 %];evidence;published;what is measured;how it is decided";

  /** Narrow enough for a column of a paper. */
  private static final String NARROW = "claim;verdict;effect [95 %];seeds";

  private static final Map<String, String> HEADINGS =
      Map.of(
          "divergence", "Divergence accumulation (arXiv 2306.02701)",
          "fixbn", "FixBN (arXiv 2303.06530)",
          "man", "MAN (arXiv 2512.08314)",
          "together", "The three papers together (questions of ours)");

  private LedgerPage() {}

  /** Writes {@code claims.md} and {@code claims.tex}, each as a whole. */
  public static void write(Path results, Ledger ledger) throws IOException {
    AtomicFile.write(results.resolve("claims.md"), page(ledger));
    AtomicFile.write(
        results.resolve("claims.tex"),
        table("What came of every claim", ledger.entries(), NARROW).latex());
  }

  /** The claims that a reader asks for first, and how many there are of each verdict. */
  public static String overview(Ledger ledger) {
    List<Ledger.Entry> first =
        ledger.entries().stream().filter(entry -> entry.claim().headline()).toList();
    return table("", first, OVERVIEW).markdown()
        + "\nThese are %s of %s claims and controls. All: %s.\n"
            .formatted(first.size(), ledger.entries().size(), counts(ledger));
  }

  /**
   * A paper's claims, from the checked-in results, as a notebook shows them.
   *
   * @param claims those that are shown, such as {@code D1}; all of the paper's if none is named
   */
  public static TextTable of(String paper, String... claims) {
    return of(Ledger.of(ResultsHome.of("")), paper, claims);
  }

  static TextTable of(Ledger ledger, String paper, String... claims) {
    Map<String, List<Ledger.Entry>> papers = byPaper(ledger);
    if (!papers.containsKey(paper)) {
      throw new UserError("no paper '" + paper + "'" + Spelling.hint(paper, papers.keySet()));
    }
    List<String> wanted = List.of(claims);
    List<Ledger.Entry> shown =
        papers.get(paper).stream()
            .filter(entry -> wanted.isEmpty() || wanted.contains(entry.claim().id()))
            .toList();
    if (shown.size() < wanted.size()) {
      throw new UserError("of the claims %s %s has only some".formatted(wanted, paper));
    }
    return table("", shown, wanted.isEmpty() ? NOTEBOOK : OVERVIEW);
  }

  private static String page(Ledger ledger) {
    StringBuilder page = new StringBuilder(introduction());
    byPaper(ledger)
        .forEach(
            (paper, entries) ->
                page.append("\n## ")
                    .append(HEADINGS.getOrDefault(paper, paper))
                    .append("\n\n")
                    .append(table("", entries, WHOLE).markdown())
                    .append("\nRules, and their changes:\n\n")
                    .append(log(entries)));
    return page.toString();
  }

  private static String introduction() {
    try (InputStream in = LedgerPage.class.getResourceAsStream("claims.md")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, List<Ledger.Entry>> byPaper(Ledger ledger) {
    return ledger.entries().stream()
        .collect(groupingBy(entry -> entry.claim().paper(), LinkedHashMap::new, toList()));
  }

  private static String log(List<Ledger.Entry> entries) {
    Map<Claim.Change, List<String>> claims = new LinkedHashMap<>();
    for (Ledger.Entry entry : entries) {
      for (Claim.Change change : entry.claim().log()) {
        claims.computeIfAbsent(change, none -> new ArrayList<>()).add(entry.claim().id());
      }
    }
    StringBuilder log = new StringBuilder();
    claims.forEach(
        (change, ids) -> {
          String whose = ids.size() == entries.size() ? "all" : String.join(", ", ids);
          log.append("- %s, %s, data seen: ".formatted(change.date(), whose))
              .append("%s. %s.".formatted(change.data(), change.rule()))
              .append(change.reading().isEmpty() ? "" : " By the rule before: ")
              .append(change.reading().isEmpty() ? "\n" : change.reading() + ".\n");
        });
    return log.toString();
  }

  private static TextTable table(String caption, List<Ledger.Entry> entries, String columns) {
    List<String> names = List.of(columns.split(";"));
    return new TextTable(
        caption,
        names.stream().map(name -> name.replace(BRIEF_EVIDENCE, "evidence")).toList(),
        entries.stream()
            .map(entry -> names.stream().map(name -> COLUMNS.get(name).apply(entry)).toList())
            .toList());
  }

  private static String verdict(Ledger.Entry entry) {
    Judgement judgement = entry.judgement();
    boolean single = judgement.verdict() == Verdict.NO_VERDICT && judgement.interval().n() == 1;
    return (single ? "one seed, no verdict" : judgement.verdict().text())
        + (entry.scale().isEmpty() ? "" : " (" + entry.scale() + ")");
  }

  /** Nothing of what has not been run: the missing file says nothing to a first reader. */
  private static String brief(Ledger.Entry entry) {
    Judgement judgement = entry.judgement();
    return judgement.verdict() == Verdict.NOT_RUN ? "" : judgement.evidence();
  }

  /** On which scales, and how many claims have each verdict. */
  public static String counts(Ledger ledger) {
    Map<Verdict, Integer> counts = new TreeMap<>();
    TreeSet<String> scales = new TreeSet<>();
    for (Ledger.Entry entry : ledger.entries()) {
      counts.merge(entry.judgement().verdict(), 1, Integer::sum);
      scales.add(entry.scale().isEmpty() ? "" : entry.scale() + " scale; ");
    }
    return counts.entrySet().stream()
        .map(count -> count.getValue() + " " + count.getKey().text())
        .collect(joining(", ", String.join("", scales), ""));
  }
}
