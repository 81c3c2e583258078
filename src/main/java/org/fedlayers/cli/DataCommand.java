package org.fedlayers.cli;

import java.nio.file.Path;
import java.util.List;
import org.fedlayers.data.DataHome;
import org.fedlayers.data.DataSets;
import org.fedlayers.options.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedlayers data}. */
@Command(
    name = "data",
    description = {
      "Fetch image sets from their homes, verify and unpack them; sets that are there and whole"
          + " are only verified.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  fedlayers data                                  all sets",
      "  fedlayers data cifar-10 --from cifar-10-binary.tar.gz"
    })
final class DataCommand extends Subcommand {

  @Parameters(
      paramLabel = "SET",
      arity = "0..*",
      description = "image sets (default: all); see 'fedlayers list data'")
  private List<String> sets = DataSets.ALL.names();

  @Option(
      names = "--from",
      paramLabel = "PATH",
      description = "take the one set from this archive or folder instead of the network")
  private Path from;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "where to put them (default: FEDLAYERS_DATA, else the user's cache folder)")
  private Path data;

  @Override
  public Integer call() {
    sets.forEach(DataSets.ALL::named);
    if (from != null && sets.size() != 1) {
      throw new UserError("--from needs the name of the one set it holds, for example cifar-10");
    }
    Path home = DataHome.resolve(data);
    for (String set : sets) {
      out().println(DataSets.install(set, home, from, new TransferProgress(System.err)));
    }
    return 0;
  }
}
