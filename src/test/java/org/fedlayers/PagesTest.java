package org.fedlayers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fedlayers.federated.Methods;
import org.fedlayers.nn.Normalisers;
import org.fedlayers.options.Registry;
import org.junit.jupiter.api.Test;

/** What the pages for users and contributors say of the code is true of it. */
class PagesTest {
  private static final Path MAIN = Path.of("src/main/java/org/fedlayers");
  private static final List<String> NUMBERS =
      List.of(
          ("no one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
                  + " fifteen sixteen seventeen eighteen nineteen twenty")
              .split(" "));

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      Stream<Path> top = Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md").map(Path::of);
      return Stream.concat(top, docs.sorted()).toList().stream();
    }
  }

  private static Set<String> found(String pattern, Path page) throws IOException {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(Files.readString(page))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String builtIn(Registry<?> registry, String without) {
    long all = registry.all().stream().filter(Registry.Entry::builtIn).count();
    return NUMBERS.get((int) all - (registry.names().contains(without) ? 1 : 0));
  }

  @Test
  void methodsAndNormalisersAreCounted() throws IOException {
    String numbers = "(?i)\\b(" + String.join("|", NUMBERS) + ") ";
    assertThat(onAnyPage(numbers + "(?:federated )?methods\\b"))
        .isNotEmpty()
        .allMatch(said -> said.toLowerCase(Locale.ROOT).equals(builtIn(Methods.ALL, "")));
    assertThat(onAnyPage(numbers + "normalisers\\b"))
        .isNotEmpty()
        .allMatch(said -> said.equals(builtIn(Normalisers.ALL, "none")));
  }

  /** Of the shell: in a block, or between backticks. */
  @Test
  void everyTargetOfMakeExists() throws IOException {
    assertThat(onAnyPage("(?:^|`)make ([a-z-]+)"))
        .contains("reproduce")
        .isSubsetOf(found("^([a-z-]+):", Path.of("Makefile")));
  }

  private static Set<String> onAnyPage(String pattern) throws IOException {
    Set<String> all = new TreeSet<>();
    for (Path page : pages().toList()) {
      all.addAll(found(pattern, page));
    }
    return all;
  }

  @Test
  void theGuideNamesEveryPackage() throws IOException {
    String guide = Files.readString(Path.of("docs/guide.md"));
    try (Stream<Path> files = Files.walk(MAIN)) {
      for (Path folder : files.filter(Files::isDirectory).filter(one -> one != MAIN).toList()) {
        String name = MAIN.relativize(folder).toString();
        assertThat(guide).as(name).containsPattern("`(…/)?" + name + "`");
      }
    }
  }

  /** A new thing has to be named there, and a new layer be computed there. */
  @Test
  void contributorsAreToldEveryPlaceToTouch() throws IOException {
    String page = Files.readString(Path.of("CONTRIBUTING.md"));
    try (Stream<Path> files = Files.walk(MAIN)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
        String text = Files.readString(file);
        if (text.contains("new Registry<") || text.contains("implements Layer.Visitor<")) {
          assertThat(page).contains("](" + file + ")");
        }
      }
    }
  }
}
