package org.fedlayers.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fedlayers.options.Located;
import org.fedlayers.options.Problems;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;
import org.fedlayers.options.YamlSource;

/** Finds experiments by the names that people give on the command line. */
public final class Catalogue {
  static final String ROOT = "experiments";
  static final String ENDING = ".yaml";
  static final String CLAIMS = "/claims";

  private static final Set<String> CLAIM_IDS = new TreeSet<>();

  private Catalogue() {}

  /** Every built-in experiment as {@code paper/experiment}, in alphabetical order. */
  public static List<String> paths() {
    try {
      URI root = Catalogue.class.getResource("/" + ROOT).toURI();
      if (root.getScheme().equals("jar")) {
        try (FileSystem jar = FileSystems.newFileSystem(root, Map.of())) {
          return paths(jar.getPath("/" + ROOT));
        }
      }
      return paths(Path.of(root));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the built-in experiments", e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> paths(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root, 2)) {
      return files
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.endsWith(ENDING) && !name.endsWith(CLAIMS + ENDING))
          .map(name -> name.substring(0, name.length() - ENDING.length()))
          .sorted()
          .toList();
    }
  }

  /** The papers that have experiments. */
  public static List<String> papers() {
    return paths().stream().map(path -> path.substring(0, path.indexOf('/'))).distinct().toList();
  }

  /** The claims of a paper. */
  public static Source claims(String paper) {
    return Source.resource(paper + CLAIMS);
  }

  /** The ids of all claims, such as D3, and of their parts, D3a and so on. */
  static synchronized Set<String> claimIds() {
    if (CLAIM_IDS.isEmpty()) {
      for (String paper : papers()) {
        Source claims = claims(paper);
        Located ids = YamlSource.document(claims.file(), claims.text(), new Problems());
        ids.map().forEach((id, claim) -> CLAIM_IDS.addAll(withParts(id, claim.map())));
      }
      CLAIM_IDS.remove("defaults");
    }
    return Collections.unmodifiableSet(CLAIM_IDS);
  }

  private static List<String> withParts(String id, Map<String, Located> claim) {
    List<String> ids = new ArrayList<>(List.of(id));
    int parts = claim.containsKey("parts") ? claim.get("parts").list().size() : 0;
    IntStream.range(0, parts).forEach(part -> ids.add(id + (char) ('a' + part)));
    return ids;
  }

  /**
   * What a target names.
   *
   * @param target {@code all}, a paper, {@code paper/experiment}, or a user's own file, ending in
   *     .yaml or .yml
   * @throws UserError if there is nothing of that name
   */
  public static List<Source> find(String target) {
    if (target.endsWith(".yaml") || target.endsWith(".yml")) {
      return List.of(Source.own(Path.of(target)));
    }
    if (target.contains("/")) {
      return List.of(Source.builtIn(target));
    }
    List<Source> found =
        paths().stream()
            .filter(path -> target.equals("all") || path.startsWith(target + "/"))
            .map(Source::builtIn)
            .toList();
    if (found.isEmpty()) {
      List<String> known =
          Stream.of(Stream.of("all"), papers().stream(), paths().stream())
              .flatMap(names -> names)
              .toList();
      throw new UserError("no experiment or paper '" + target + "'" + Spelling.hint(target, known));
    }
    return found;
  }
}
