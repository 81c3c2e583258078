package org.fedlayers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every link between two pages of this repository leads to a file, and to a heading of it. */
class LinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  @TestFactory
  Stream<DynamicTest> everyLinkLeadsSomewhere() throws IOException {
    return pages().stream()
        .map(page -> DynamicTest.dynamicTest(page.toString(), () -> check(page)));
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(Path.of(""));
        Stream<Path> notebooks = Files.list(Path.of("notebooks"));
        Stream<Path> docs = Files.list(Path.of("docs"));
        Stream<Path> results = Files.walk(Path.of("results"))) {
      return Stream.of(top, docs, results, notebooks)
          .flatMap(files -> files)
          .filter(file -> file.toString().matches(".*[.](md|ipynb)"))
          .sorted()
          .toList();
    }
  }

  private static void check(Path page) throws IOException {
    Path folder = page.toAbsolutePath().getParent();
    for (String link : found(LINK, Files.readString(page))) {
      if (link.matches("[a-z]+:.*")) {
        continue;
      }
      String[] parts = link.split("#", 2);
      Path file = parts[0].isEmpty() ? page : folder.resolve(parts[0]);
      assertThat(file).as(link).exists();
      if (parts.length > 1) {
        assertThat(anchors(file)).as(link).contains(parts[1]);
      }
    }
  }

  private static Set<String> anchors(Path file) throws IOException {
    return found(HEADING, Files.readString(file)).stream()
        .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", ""))
        .map(heading -> heading.replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult result) -> result.group(1)).toList();
  }
}
