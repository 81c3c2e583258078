package org.fedlayers.cli;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.fedlayers.data.DataHome;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.Partitions;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.ExperimentReader;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fedlayers list}. */
@Command(
    name = "list",
    description = {"List what there is: names as experiment files spell them.", ""},
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  fedlayers list", "  fedlayers list methods"})
final class ListCommand implements Callable<Integer> {
  private static final List<String> KINDS =
      List.of(
          "experiments",
          "methods",
          "models",
          "normalisers",
          "partitions",
          "data",
          "settings",
          "runs");

  @Parameters(
      paramLabel = "KIND",
      arity = "0..1",
      defaultValue = "experiments",
      description =
          "experiments, methods, models, normalisers, partitions, data, settings, or runs: what was"
              + " run and what it cost (default: experiments)")
  private String kind;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (kind.equals("runs")) {
      spec.commandLine().getOut().println(RunsTable.of(Home.resolve("results")).plain());
      return 0;
    }
    List<List<String>> rows =
        switch (kind) {
          case "experiments" -> experiments();
          case "methods" -> registered(Methods.ALL);
          case "models" -> models();
          case "normalisers" -> normalisers();
          case "partitions" -> registered(Partitions.ALL);
          case "data" -> data();
          case "settings" -> settings();
          default -> throw new UserError("cannot list '" + kind + "'" + Spelling.hint(kind, KINDS));
        };
    List<String> header = Collections.nCopies(rows.get(0).size(), "");
    spec.commandLine().getOut().println(new TextTable("", header, rows).plain());
    return 0;
  }

  private static List<List<String>> experiments() {
    return Catalogue.find("all").stream()
        .map(source -> ExperimentReader.read(source, "quick", List.of(), List.of()))
        .map(
            experiment ->
                List.of(
                    experiment.path(), String.join(" ", experiment.claims()), experiment.title()))
        .toList();
  }

  private static List<List<String>> registered(Registry<?> registry) {
    return registry.all().stream()
        .map(
            entry ->
                List.of(entry.name(), options(entry.keys()), entry.paper(), entry.description()))
        .toList();
  }

  private static List<List<String>> data() {
    Path home = DataHome.resolve(null);
    return DataSets.ALL.all().stream()
        .map(
            set ->
                List.of(
                    set.name(), DataSets.place(set.name(), home), set.paper(), set.description()))
        .toList();
  }

  private static List<List<String>> models() {
    return Architectures.all().stream()
        .map(
            model ->
                List.of(model.name(), options(model.keys()), model.source(), model.description()))
        .toList();
  }

  private static String options(List<Key> keys) {
    return keys.stream()
        .map(key -> key.required() ? key.name() : key.name() + "=" + key.standard())
        .collect(Collectors.joining(" "));
  }

  private static List<List<String>> normalisers() {
    return Normalisers.all().stream()
        .map(named -> List.of(named.name(), named.source(), named.description()))
        .toList();
  }

  private static List<List<String>> settings() {
    return Keys.all().values().stream()
        .map(
            key ->
                List.of(
                    key.name(),
                    key.standard() == null ? "" : String.valueOf(key.standard()),
                    key.values().expected(),
                    key.meaning()))
        .toList();
  }
}
