package org.fedlayers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.fedlayers.Folders;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results, figures, claims and messages of a machine that stands elsewhere. */
class LocaleTest {
  private static final String YAML =
      """
      title: Tiny
      settings:
        data: {train: 120, test: 60}
        model: {name: mlp-2, width: 0.05}
        federation: {clients: 3}
        training: {epochs: 1, batch: 10}
        rounds: 4
        measure: {what: [divergence, curvature, landscape, gradients], images: 30, steps: 1}
      grid:
        training.rate: [0.05, 0.1]
      seeds: [0, 1]
      figures:
        - {kind: table, name: rates, title: Rates, rows: training.rate}
        - {kind: curves, name: curves, title: Curves, x: round, series: training.rate}
      """;

  @TempDir private static Path folder;
  private static Map<String, byte[]> expected;

  @BeforeAll
  static void atHome() throws Exception {
    expected = results("home", List.of("-Duser.language=en", "-Duser.country=US"));
    assertThat(expected)
        .containsKeys(
            "claims.csv",
            "runs.md",
            "bench/throughput.svg",
            "laptop/together/depth/depth-table.md",
            "quick/own/tiny/curvature.csv",
            "quick/own/tiny/provenance.json",
            "quick/own/tiny/rates.tex",
            "quick/own/tiny/curves.svg");
  }

  /** Runs, draws and judges; what then stands in the results folder. */
  private static Map<String, byte[]> results(String name, List<String> locale) throws Exception {
    Path out = folder.resolve(name);
    Path yaml = Files.writeString(folder.resolve("tiny.yaml"), YAML);
    Folders.copy(Path.of("results/laptop/together"), out.resolve("laptop/together"));
    Folders.copy(Path.of("results/bench"), out.resolve("bench"));
    String run = "run " + yaml + " --workers 1 --out " + out;
    String draw = "figures " + yaml + " --out " + out + " -- figures --out " + out;
    java(
        name,
        locale,
        CommandLineProcess.class,
        (run + " -- " + draw + " -- claims --results " + out).split(" "));
    Map<String, byte[]> files = new TreeMap<>();
    for (Path file : Folders.files(out)) {
      if (!file.endsWith("timings.jsonl")) {
        files.put(out.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private static String java(String name, List<String> locale, Class<?> main, String... arguments)
      throws Exception {
    Path log = folder.resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(locale);
    command.addAll(
        List.of(
            "-Xmx1g",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("OMP_NUM_THREADS", "1");
    Process process = builder.start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    String said = Files.readString(log);
    assertThat(process.exitValue()).as(said).isZero();
    return said.replaceAll("(?m)^\\d\\d:\\d\\d:\\d\\d ", "");
  }

  /** Other digits, another comma, another small letter for I, another calendar. */
  @ParameterizedTest
  @CsvSource({"ar, EG, ''", "fa, IR, ''", "tr, TR, ''", "th, TH, u-nu-thai"})
  void everyByteIsTheSameEverywhere(String language, String country, String extensions)
      throws Exception {
    Map<String, byte[]> found = results(language, locale(language, country, extensions));
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((file, bytes) -> assertThat(found.get(file)).as(file).isEqualTo(bytes));
  }

  private static List<String> locale(String language, String country, String extensions) {
    return List.of(
        "-Duser.language=" + language,
        "-Duser.country=" + country,
        "-Duser.extensions=" + extensions);
  }

  @Test
  void messagesToo() throws Exception {
    List<String> arabic = locale("ar", "EG", "");
    Path yaml = folder.resolve("tiny.yaml");
    String out = folder.resolve("home").toString();
    String[] again = {"resume", yaml.toString(), "--out", out};
    assertThat(java("said-there", arabic, Main.class, again))
        .isEqualTo(java("said-here", List.of(), Main.class, again))
        .contains("4 cells, 4 of them finished before");
  }
}
