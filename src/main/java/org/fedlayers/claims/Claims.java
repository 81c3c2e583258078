package org.fedlayers.claims;

import java.util.List;
import java.util.stream.Stream;

/** Every claim there is. */
public final class Claims {
  private static final List<Claim> ALL =
      Stream.of(DivergenceClaims.all(), FixBnClaims.all(), ManClaims.all(), TogetherClaims.all())
          .flatMap(List::stream)
          .toList();

  private Claims() {}

  /** In the order of papers and ids. */
  public static List<Claim> all() {
    return ALL;
  }

  /** The papers, {@code together} last. */
  public static List<String> papers() {
    return ALL.stream().map(Claim::paper).distinct().toList();
  }
}
