package org.fedlayers.report;

import static java.util.Map.entry;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
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
  private static final String LINKED = "claim, linked";

  /** What the columns of tables say of a claim, by their names. */
  private static final Map<String, Function<Ledger.Entry, String>> COLUMNS =
      Map.ofEntries(
          entry("claim", one -> one.claim().id()),
          entry(LINKED, LedgerPage::linked),
          entry("statement", one -> one.claim().statement()),
          entry("published", one -> one.claim().published()),
          entry("verdict", LedgerPage::verdict),
          entry("here", LedgerPage::verdict),
          entry("effect [95 %]", one -> one.judgement().effect()),
          entry("seeds", one -> one.scale().isEmpty() ? "" : "" + one.judgement().interval().n()),
          entry(BRIEF_EVIDENCE, LedgerPage::brief));

  private static final String FOUND = ";statement;published;here;effect [95 %];" + BRIEF_EVIDENCE;

  /** Narrow enough for a column of a paper. */
  private static final String NARROW = "claim;verdict;effect [95 %];seeds";

  private static final Map<String, String> HEADINGS =
      Map.of(
          "divergence", "Divergence accumulation (arXiv 2306.02701)",
          "fixbn", "FixBN (arXiv 2303.06530)",
          "man", "MAN (arXiv 2512.08314)",
          "together", "The three papers together (questions of ours)");

  private static final String SECTIONS =
      "# Claims: %s\n\nWritten by `fedlayers claims`; do not edit. "
          + "[All claims, and how a verdict is reached](../claims.md).\n\n";

  private LedgerPage() {}

  /**
   * Writes {@code claims.md} and {@code claims.tex}, and for each paper {@code claims/PAPER.md}
   * with a section for each claim; each as a whole.
   */
  public static void write(Path results, Ledger ledger) throws IOException {
    StringBuilder page = new StringBuilder(introduction());
    Path sections = Files.createDirectories(results.resolve("claims"));
    for (Map.Entry<String, List<Ledger.Entry>> paper : byPaper(ledger).entrySet()) {
      String heading = HEADINGS.getOrDefault(paper.getKey(), paper.getKey());
      page.append("\n## ").append(heading).append("\n\n");
      page.append(table("", paper.getValue(), LINKED + FOUND).markdown());
      AtomicFile.write(
          sections.resolve(paper.getKey() + ".md"),
          paper.getValue().stream()
              .map(entry -> ClaimSections.of(results, entry))
              .collect(joining("\n", SECTIONS.formatted(heading), "")));
    }
    AtomicFile.write(results.resolve("claims.md"), page.toString());
    AtomicFile.write(
        results.resolve("claims.tex"),
        table("What came of every claim", ledger.entries(), NARROW).latex());
  }

  /**
   * What came of the claims that a reader asks for first, and how many there are of each verdict.
   */
  public static String overview(Ledger ledger) {
    Map<Boolean, List<Ledger.Entry>> run =
        ledger.entries().stream()
            .filter(entry -> entry.claim().headline())
            .collect(partitioningBy(entry -> entry.judgement().verdict() != Verdict.NOT_RUN));
    String waiting =
        run.get(false).stream().map(entry -> entry.claim().id()).collect(joining(", "));
    return table("", run.get(true), LINKED + FOUND)
            .markdown()
            .replace("](claims/", "](results/claims/")
        + "\nThese are %s of %s claims and controls%s. All: %s.\n"
            .formatted(
                run.get(true).size(),
                ledger.entries().size(),
                waiting.isEmpty() ? "" : "; as central, and not run yet, are " + waiting,
                counts(ledger));
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
    return table("", shown, "claim" + FOUND);
  }

  private static String linked(Ledger.Entry entry) {
    String id = entry.claim().id();
    return "[%s](claims/%s.md#%s)"
        .formatted(id, entry.claim().paper(), id.toLowerCase(Locale.ROOT));
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

  private static TextTable table(String caption, List<Ledger.Entry> entries, String columns) {
    List<String> names = List.of(columns.split(";"));
    return new TextTable(
        caption,
        names.stream().map(name -> name.replaceAll(", .*", "")).toList(),
        entries.stream()
            .map(entry -> names.stream().map(name -> COLUMNS.get(name).apply(entry)).toList())
            .toList());
  }

  /** The verdict and the scale of its evidence. */
  static String verdict(Ledger.Entry entry) {
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
