package org.fedlayers.cli;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.fedlayers.data.DataHome;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.Partitions;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.experiment.Keys;
import org.fedlayers.federated.Methods;
import org.fedlayers.nn.Architectures;
import org.fedlayers.nn.Normalisers;
import org.fedlayers.options.Key;
import org.fedlayers.options.Registry;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;
import org.fedlayers.report.RunsTable;
import org.fedlayers.report.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code fedlayers list}. */
@Command(
    name = "list",
    description = {"List what there is: names as experiment files spell them.", ""},
    footer = {"", "Examples:", "  fedlayers list", "  fedlayers list methods"})
final class ListCommand extends Subcommand {
  @Parameters(
      paramLabel = "KIND",
      arity = "0..1",
      defaultValue = "experiments",
      description =
          "experiments, methods, models, normalisers, partitions, data, settings, figures (their options), or runs: what was"
              + " run and what it cost (default: experiments)")
  private String kind;

  @Override
  public Integer call() {
    Map<String, Supplier<TextTable>> kinds = new LinkedHashMap<>();
    kinds.put("experiments", ListCommand::experiments);
    kinds.put("methods", () -> registered(Methods.ALL.all()));
    kinds.put("models", () -> registered(Architectures.all()));
    kinds.put("normalisers", () -> registered(Normalisers.ALL.all()));
    kinds.put("partitions", () -> registered(Partitions.ALL.all()));
    kinds.put("data", ListCommand::data);
    kinds.put("settings", ListCommand::settings);
    kinds.put("figures", ListCommand::figures);
    kinds.put("runs", () -> RunsTable.of(Home.resolve("results")));
    if (!kinds.containsKey(kind)) {
      throw new UserError("cannot list '" + kind + "'" + Spelling.hint(kind, kinds.keySet()));
    }
    out().println(kinds.get(kind).get().plain());
    return 0;
  }

  /** A row for each thing, without names of columns. */
  private static <T> TextTable table(Collection<T> things, Function<T, List<String>> row) {
    List<List<String>> rows = things.stream().map(row).distinct().toList();
    return new TextTable("", Collections.nCopies(rows.get(0).size(), ""), rows);
  }

  private static TextTable experiments() {
    return table(
        Catalogue.find("all"),
        source -> {
          Experiment one = ExperimentReader.read(source, "quick", List.of(), List.of());
          return List.of(one.path(), String.join(" ", one.claims()), one.title());
        });
  }

  private static <T> TextTable registered(List<Registry.Entry<T>> things) {
    return table(
        things, one -> List.of(one.name(), options(one.keys()), one.paper(), one.description()));
  }

  private static TextTable data() {
    Path home = DataHome.resolve(null);
    return table(
        DataSets.ALL.all(),
        set ->
            List.of(set.name(), DataSets.place(set.name(), home), set.paper(), set.description()));
  }

  private static String options(List<Key> keys) {
    return keys.stream()
        .map(key -> key.required() ? key.name() : key.name() + "=" + key.standard())
        .collect(Collectors.joining(" "));
  }

  private static TextTable figures() {
    return table(
        FigureSpec.options().entrySet(),
        one ->
            List.of(one.getKey().name(), String.join(" ", one.getValue()), one.getKey().meaning()));
  }

  private static TextTable settings() {
    return table(
        Keys.listed(),
        key ->
            List.of(
                key.name(),
                Objects.toString(key.standard(), ""),
                key.values().expected(),
                key.meaning()));
  }
}
