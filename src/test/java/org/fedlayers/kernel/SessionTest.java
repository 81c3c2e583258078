package org.fedlayers.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells evaluated in this JVM, without Jupyter. */
@Timeout(60)
public class SessionTest {
  /** Counted down by cells, so that a test knows that its cell runs. */
  public static volatile CountDownLatch running = new CountDownLatch(1);

  public static final Object HELD = new Object();

  private static Session session;
  private static int cells;

  @BeforeAll
  static void start() throws Exception {
    session = new Session(KernelCommand.classPath(Map.of()), 500, new Broadcast(null, null));
  }

  private static Map<String, String> evaluate(String cell) throws CellError {
    return session.evaluate(new NotebookCell(++cells, cell));
  }

  /** The text of a cell's value; null if it has none. */
  private static Object value(String cell) throws CellError {
    Map<String, String> forms = evaluate(cell);
    return forms == null ? null : forms.get("text/plain");
  }

  private static CellError error(String cell) {
    return catchThrowableOfType(() -> evaluate(cell), CellError.class);
  }

  @Test
  void showsTheLastExpressionOnly() throws Exception {
    assertThat(value("int six = 6;\nsix + 1;\nsix * 7")).isEqualTo("42");
    assertThat(value("six")).isEqualTo("6");
    assertThat(value("six * 2;")).isNull();
    assertThat(value("six * 2; // twelve")).isNull();
    assertThat(value("six = 8")).isNull();
    assertThat(value("six; int seven = 7;")).isNull();
    assertThat(value("// nothing")).isNull();
    assertThat(value("\"a; // b\"")).isEqualTo("a; // b");
  }

  @Test
  void runsCellsWithTheirOwnClassesInTheContext() throws Exception {
    assertThat(
            value(
                """
class Local {}
Thread.currentThread().getContextClassLoader().loadClass(Local.class.getName()) == Local.class\
"""))
        .isEqualTo("true");
    assertThat(value("org.fedlayers.options.UserError.class.getClassLoader()"))
        .isEqualTo(getClass().getClassLoader().toString());
  }

  @Test
  void marksWhatDoesNotCompile() throws Exception {
    CellError error = error("int fine = 1;\n\nint wrong = fine + absent;\n");
    assertThat(error.name).isEqualTo("CompilationError");
    assertThat(error.report)
        .anySatisfy(line -> assertThat(line).contains("line 3: cannot find symbol"))
        .containsSequence(
            "    int wrong = fine + absent;", //
            "                       ^^^^^^");
    assertThat(value("fine")).as("what came before has run").isEqualTo("1");
  }

  /** As in IJava, what shows values throws nothing that a method would have to declare. */
  @Test
  void methodsOfANotebookMayShowValues() throws Exception {
    value(
        "void table(String html) {\n  display(html, \"text/html\");\n"
            + "  updateDisplay(\"id\", render(html));\n  printf(\"%s\", html);\n}");
  }

  @Test
  void marksAnUnfinishedCell() throws Exception {
    assertThat(error("for (int i = 0; i < 3; i++) {").report.get(0))
        .contains("line 1: reached end of file while parsing");
  }

  @Test
  void pointsAtTheLineThatThrew() throws Exception {
    value("int share(int n) {\n  return 10 / n;\n}");
    CellError error = error("int none = 0;\n\nshare(none);");
    assertThat(error.report.get(0)).isEqualTo("java.lang.ArithmeticException: / by zero");
    assertThat(error.report.get(1)).endsWith("line 2 in share: return 10 / n;");
    assertThat(error.report.get(2)).endsWith("line 3: share(none);");
    assertThat(error.report).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 / nought",
        "// why\n/* and\nhow */\n\n1 / nought",
        "int ok = 1;\n\n// why\nint quotient = 1 / nought;\nint after = 2;",
        "for (int i = 0; i < 2; i++) {\n  int q = 1 / nought;\n}",
        "int ok = 1; // one\nif (ok == 1)\n  System.out.println(1 / nought);"
      })
  void countsLinesFromTheTopOfTheCell(String cell) throws Exception {
    value("int nought = 0;");
    List<String> lines = cell.lines().toList();
    String faulty = lines.stream().filter(l -> l.contains("1 / nought")).findFirst().orElseThrow();
    assertThat(error(cell).report)
        .anySatisfy(
            line ->
                assertThat(line)
                    .endsWith("line %d: %s".formatted(lines.indexOf(faulty) + 1, faulty.strip())));
  }

  @Test
  void pointsIntoClassesAndLambdasOfCells() throws Exception {
    value("class Box {\n  void open() {\n    throw new IllegalStateException(\"shut\");\n  }\n}");
    assertThat(error("List.of(1).forEach(i ->\n  new Box().open());").report)
        .startsWith("java.lang.IllegalStateException: shut")
        .anySatisfy(
            line ->
                assertThat(line)
                    .endsWith("line 3 in open: throw new IllegalStateException(\"shut\");"))
        .anySatisfy(line -> assertThat(line).endsWith("line 2: new Box().open());"));
  }

  @Test
  void tellsTheCause() throws Exception {
    assertThat(
            error(
                    "try { List.of().get(0); } catch (Exception e) { throw new"
                        + " RuntimeException(\"outer\", e); }")
                .report)
        .contains("java.lang.RuntimeException: outer")
        .anySatisfy(line -> assertThat(line).startsWith("Caused by: java.lang.ArrayIndexOutOf"));
  }

  @Test
  void spellsOutAUsersMistakeWithoutLibraryFrames() throws Exception {
    assertThat(error("throw new org.fedlayers.options.UserError(\"no such folder: x\");").report)
        .startsWith("no such folder: x")
        .noneSatisfy(line -> assertThat(line).contains("UserError:"));
  }

  @Test
  void survivesErrorsOfCells() throws Exception {
    assertThat(error("throw new NoClassDefFoundError(\"gone\");").report.get(0))
        .isEqualTo("java.lang.NoClassDefFoundError: gone");
    assertThat(value("1 + 1")).isEqualTo("2");
  }

  @Test
  void saysWhatAMethodStillLacks() throws Exception {
    assertThat(value("int early() { return late(); }")).isNull();
    assertThat(error("early()").report.get(0)).contains("early()").contains("late()");
    assertThat(value("int late() { return 5; }\nearly()")).isEqualTo("5");
  }

  @Test
  void interruptsACellThatWaits() throws Exception {
    assertThat(interrupted("Thread.sleep(60_000); }").report)
        .anySatisfy(line -> assertThat(line).endsWith("line 2: Thread.sleep(60_000); }"))
        .noneSatisfy(line -> assertThat(line).contains("restart"));
    assertThat(value("\"usable\"")).isEqualTo("usable");
  }

  @Test
  void interruptsACellThatNeverLooksUpOrLeavesItBehind() throws Exception {
    interrupted("long n = 0; while (true) { n++; } }\nint unreached = 1;");
    assertThat(error("unreached").name).isEqualTo("CompilationError");
    assertThat(value("\"usable\"")).isEqualTo("usable");
  }

  @Test
  void leavesBehindACellThatReactsToNothing() throws Exception {
    synchronized (HELD) { // neither interrupt nor stop reaches a thread that waits for a monitor
      CellError error = interrupted("synchronized (org.fedlayers.kernel.SessionTest.HELD) { } }");
      assertThat(error.report).anySatisfy(line -> assertThat(line).contains("restart the kernel"));
      assertThat(value("\"usable\"")).isEqualTo("usable");
    }
  }

  /** Evaluates a cell on another thread, interrupts it once it runs, and waits for its end. */
  private static CellError interrupted(String code) throws Exception {
    running = new CountDownLatch(1);
    CompletableFuture<CellError> ended =
        CompletableFuture.supplyAsync(
            () -> error("{ org.fedlayers.kernel.SessionTest.running.countDown();\n" + code));
    running.await();
    session.interrupt();
    CellError error = ended.get(30, TimeUnit.SECONDS);
    assertThat(error.name).isEqualTo("Interrupted");
    return error;
  }

  @Test
  void completesFromTheClassPathAndFromEarlierLines() throws Exception {
    assertThat(completions("org.fedlayers.options.User")).contains("UserError");
    assertThat(completions("String name = \"x\";\nname.toUp")).contains("toUpperCase(");
    assertThat(completions("import java.util.List;\nString s = \"x\";\ns.toUp"))
        .contains("toUpperCase(");
    assertThat(completions("void f() {}\n\"x\".toUp")).contains("toUpperCase(");
    assertThat(completions("nothing.at.a")).isEqualTo("[]");
  }

  private static String completions(String code) {
    return assistant().complete(code, code.length()).get("matches").toString();
  }

  private static Assistant assistant() {
    return new Assistant(session.analysis());
  }

  @Test
  void inspectsWhatStandsAtTheCursor() throws Exception {
    String code = "int y = 1;\nMath.floorMod(7, 3)";
    assertThat(assistant().inspect(code, code.indexOf("floor") + 2).get("data").toString())
        .contains("int Math.floorMod(int x, int y)");
    assertThat(assistant().inspect("org.fedlayers.options.UserError", 24).get("data").toString())
        .contains("UserError");
    assertThat(assistant().inspect("   ", 1)).containsEntry("found", false);
  }

  @ParameterizedTest
  @CsvSource({
    "'int a = 1;\na + 1', complete",
    "'int a = 1;\nfor (;;) {', incomplete",
    "int = ;, invalid",
    "'', complete"
  })
  void knowsWhetherACellIsWhole(String code, String status) throws Exception {
    assertThat(assistant().isComplete(code)).containsEntry("status", status);
  }
}
