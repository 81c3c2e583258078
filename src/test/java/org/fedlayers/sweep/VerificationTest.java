package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fedlayers.Folders;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Source;
import org.fedlayers.results.Csv;
import org.fedlayers.results.Schema;
import org.fedlayers.sweep.RunOptions.Start;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cells are run again from what a results folder says of them. */
class VerificationTest {
  @TempDir private static Path original;
  @TempDir private Path folder;
  private Path reference;

  private static Experiment experiment() {
    return ExperimentReader.read(
        new Source("own", "tiny", "tiny.yaml", SweepTest.YAML), "quick", List.of(), List.of());
  }

  @BeforeAll
  static void run() {
    RunOptions options = RunOptions.into(original.resolve("out")).on(original, 2, Executor.AUTO);
    assertThat(new Sweep(experiment(), options, new SweepProgress() {}).run().failed()).isEmpty();
  }

  @BeforeEach
  void copy() throws IOException {
    reference = folder.resolve("out");
    Folders.copy(original.resolve("out"), reference);
  }

  /** Versions before this one had fewer columns; what they wrote is still evidence. */
  @Test
  void rowsOfOlderVersionsAreKeptAndVerified() throws IOException {
    Path place = reference.resolve("quick/own/tiny");
    Path rounds = place.resolve("rounds.csv");
    Path layers = place.resolve("layers.csv");
    List<String> written = Files.readAllLines(rounds);
    Files.write(rounds, written.stream().map(line -> without(line, 12)).toList());
    List<String> measured = Files.readAllLines(layers);
    Files.write(layers, measured.stream().map(line -> without(without(line, 12), 12)).toList());
    Verification verification = new Verification(place);
    assertThat(
            verification
                .verify(verification.quickest(), folder, 1, Executor.AUTO, new SweepProgress() {})
                .finding())
        .containsPattern("equal bytes in (8 rows of rounds|16 rows of layers, rounds)");
    RunOptions keep = RunOptions.into(reference).on(folder, 1, Executor.AUTO).from(Start.RESULTS);
    assertThat(new Sweep(experiment(), keep, new SweepProgress() {}).run().ran()).isZero();
    assertThat(Files.readAllLines(rounds))
        .containsExactlyElementsOf(
            written.stream().map(line -> line.replace(",ok,0.000000,", ",ok,,")).toList());
    assertThat(Files.readAllLines(layers)).isEqualTo(measured);
    // Columns that were empty in all rows of a table are no difference either.
    assertThat(
            new Verification(place)
                .verify(verification.quickest(), folder, 1, Executor.AUTO, new SweepProgress() {})
                .finding())
        .startsWith("equal bytes in");
  }

  private static String without(String line, int field) {
    List<String> fields = new ArrayList<>(Csv.fields(line));
    fields.remove(field);
    return Csv.line(fields);
  }

  @Test
  void provenanceIsEnoughToRunACellAgain() {
    Path place = reference.resolve("quick/own/tiny");
    Provenance provenance = Provenance.read(place.resolve("provenance.json"));
    assertThat(provenance.experiment()).isEqualTo("own/tiny");
    assertThat(provenance.cells()).hasSize(8);
    provenance.cells().forEach(entry -> assertThat(entry.asCell().id()).isEqualTo(entry.cell()));
    Verification verification = new Verification(place);
    for (String cell : List.of(verification.quickest(), provenance.cells().get(7).cell())) {
      Verification.Verdict verdict =
          verification.verify(cell, folder, 2, Executor.AUTO, new SweepProgress() {});
      assertThat(verdict.passed()).isTrue();
      assertThat(verdict.finding())
          .containsPattern("equal bytes in (8 rows of rounds|16 rows of layers, rounds)");
    }
  }

  /** What is added is measured less; what was there before is verified as it was. */
  @Test
  void anotherSeedWithOtherMeasuresChangesNothingOfTheFirst() {
    Source source = new Source("own", "tiny", "tiny.yaml", SweepTest.YAML);
    Experiment more = ExperimentReader.read(source, "quick", List.of("measure=none"), List.of(2L));
    RunOptions into = RunOptions.into(reference).on(folder, 2, Executor.AUTO);
    assertThat(new Sweep(more, into, new SweepProgress() {}).run().ran()).isEqualTo(4);
    Path place = reference.resolve("quick/own/tiny");
    String federated = Provenance.read(place.resolve("provenance.json")).cells().get(0).cell();
    Verification.Verdict verdict =
        new Verification(place).verify(federated, folder, 2, Executor.AUTO, new SweepProgress() {});
    assertThat(verdict.finding()).isEqualTo("equal bytes in 16 rows of layers, rounds");
  }

  @Test
  void verifyNoticesAnEditedNumber() throws IOException {
    Path place = reference.resolve("quick/own/tiny");
    String cell = Provenance.read(place.resolve("provenance.json")).cells().get(0).cell();
    Path rounds = place.resolve("rounds.csv");
    String line =
        Files.readAllLines(rounds).stream().filter(row -> row.startsWith(cell)).findFirst().get();
    List<String> fields = Csv.fields(line);
    String edited = line.replace("," + fields.get(7) + ",", ",0.987654,");
    Files.writeString(rounds, Files.readString(rounds).replace(line, edited));
    Verification.Verdict verdict =
        new Verification(place).verify(cell, folder, 1, Executor.AUTO, new SweepProgress() {});
    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.finding())
        .contains(
            "other bytes in rounds although",
            "(first accuracy in the cell's row 1 of rounds.csv: %s here, 0.987654 there)"
                .formatted(fields.get(7)));
  }

  /** What is derived, and what is measured besides accuracy, is compared as well. */
  @ParameterizedTest
  @CsvSource({"layers, other bytes in layers although", "summary, summary.csv is not that of"})
  void verifyNoticesAnEditedTable(String table, String finding) throws IOException {
    Path place = reference.resolve("quick/own/tiny");
    String cell = Provenance.read(place.resolve("provenance.json")).cells().get(0).cell();
    Path file = place.resolve(table + ".csv");
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    List<String> fields = new ArrayList<>(Csv.fields(lines.get(1)));
    int last = Csv.fields(lines.get(0)).indexOf(table.equals("layers") ? "update" : "best");
    fields.set(last, "0.987654");
    lines.set(1, Csv.line(fields));
    Files.write(file, lines);
    Verification.Verdict verdict =
        new Verification(place).verify(cell, folder, 1, Executor.AUTO, new SweepProgress() {});
    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.finding()).startsWith(finding);
  }

  @Test
  void verifyNoticesAnEditedConfiguration() throws IOException {
    Path place = reference.resolve("quick/own/tiny");
    Path file = place.resolve("provenance.json");
    Files.writeString(
        file, Files.readString(file).replaceFirst("\"rounds\" : 4", "\"rounds\" : 5"));
    String cell = Provenance.read(file).cells().get(0).cell();
    Verification.Verdict verdict =
        new Verification(place).verify(cell, folder, 1, Executor.AUTO, new SweepProgress() {});
    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.finding()).contains("the provenance was changed");
  }

  @Test
  void onAnotherMachineClosenessIsEnough() {
    CellTables published = CellTables.of(Map.of("rounds", List.of(row(0.50))));
    CellTables close = CellTables.of(Map.of("rounds", List.of(row(0.52))));
    CellTables far = CellTables.of(Map.of("rounds", List.of(row(0.54))));
    List<String> other = List.of("instructions (AVX2 here, AVX-512 there)");
    assertThat(Verification.compare("a", published, close, other).passed()).isTrue();
    assertThat(Verification.compare("a", published, close, other).finding())
        .contains("close enough", "AVX-512 there");
    assertThat(Verification.compare("a", published, far, other).passed()).isFalse();
    assertThat(Verification.compare("a", published, close, List.of()).passed()).isFalse();
  }

  private static List<Object> row(double accuracy) {
    return Schema.ROUNDS.row(
        "a", "federated", 0, 1, 10, 100, "cohort", accuracy, 1.0, 1.0, 3, "ok", 0.0);
  }
}
