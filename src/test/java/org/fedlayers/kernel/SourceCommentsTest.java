package org.fedlayers.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceCommentsTest {
  @TempDir Path root;
  private SourceComments comments;

  @BeforeEach
  void sources() throws Exception {
    Path file = root.resolve("a/b/Box.java");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        """
        package a.b;
        /** A box. */
        public class Box<T> {
          /** Its side. */
          public static final int SIDE = 1;
          /** Puts one. */
          void put(java.util.Map<String, T> one, int at) { }
          /** Puts many. */
          void put(int... many) { }
          int bare() { return 0; }
          /** A lid. */
          record Lid(int size) { }
        }
        """);
    comments = new SourceComments(root);
  }

  @Test
  void findsClassesMembersAndOverloads() {
    assertThat(comments.of("a.b.Box<T>")).hasValue("A box.");
    assertThat(comments.of("a.b.Box.SIDE:int")).hasValue("Its side.");
    assertThat(comments.of("void a.b.Box<T>.put(Map<String, T> one, int at)"))
        .hasValue("Puts one.");
    assertThat(comments.of("void a.b.Box<T>.put(int... many)")).hasValue("Puts many.");
    assertThat(comments.of("a.b.Box.Lid")).hasValue("A lid.");
  }

  @Test
  void fallsBackToTheClass() {
    assertThat(comments.of("int a.b.Box<T>.bare()")).hasValue("A box.");
    assertThat(comments.of("Box()")).hasValue("A box.");
  }

  @Test
  void knowsNothingOfOthers() {
    assertThat(comments.of("String String.substring(int beginIndex)")).isEmpty();
    assertThat(new SourceComments(root.resolve("gone")).of("a.b.Box")).isEmpty();
  }
}
