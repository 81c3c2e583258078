package org.fedlayers.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel through the calls Jupyter's messages end in, without Jupyter. */
@Timeout(60)
public class JavaKernelTest {
  /** Counted down by cells, so that a test knows that its cell runs. */
  public static volatile CountDownLatch running = new CountDownLatch(1);

  public static final Object HELD = new Object();

  private static final List<DisplayData> displayed = new ArrayList<>();
  private static JavaKernel kernel;

  @BeforeAll
  static void start() {
    kernel =
        new JavaKernel(KernelCommand.classPath(Map.of()), Duration.ofMillis(500)) {
          @Override
          public void display(DisplayData data) {
            displayed.add(data);
            super.display(data);
          }
        };
    kernel.onStartup();
  }

  @AfterAll
  static void stop() {
    kernel.onShutdown(false);
  }

  private static Object text(DisplayData data) {
    return data.getData(MIMEType.TEXT_PLAIN);
  }

  private static CellError error(String cell) {
    return catchThrowableOfType(() -> kernel.evalRaw(cell), CellError.class);
  }

  @Test
  void showsTheLastExpressionOnly() {
    assertThat(kernel.evalRaw("int six = 6;\nsix + 1;\nsix * 7")).isEqualTo(42);
    assertThat(kernel.evalRaw("six")).isEqualTo(6);
    assertThat(kernel.evalRaw("six * 2;")).isNull();
    assertThat(kernel.evalRaw("six * 2; // twelve")).isNull();
    assertThat(kernel.evalRaw("six = 8")).isNull();
    assertThat(kernel.evalRaw("six; int seven = 7;")).isNull();
    assertThat(kernel.evalRaw("// nothing")).isNull();
    assertThat(kernel.evalRaw("\"a; // b\"")).isEqualTo("a; // b");
  }

  @Test
  void keepsTheValueItself() {
    Object list =
        kernel.evalRaw(
            "var kept = new ArrayList<Thread>(); kept.add(Thread.currentThread()); kept");
    assertThat(list).isInstanceOf(ArrayList.class);
    assertThat(kernel.evalRaw("kept")).isSameAs(list);
  }

  @Test
  void runsCellsWithTheirOwnClassesInTheContext() {
    assertThat(
            kernel.evalRaw(
                """
                class Local {}
                Thread.currentThread().getContextClassLoader().loadClass(Local.class.getName()) == Local.class"""))
        .isEqualTo(true);
    assertThat(kernel.evalRaw("org.fedlayers.data.UserError.class.getClassLoader()"))
        .isSameAs(getClass().getClassLoader());
  }

  @Test
  void marksWhatDoesNotCompile() {
    CellError error = error("int fine = 1;\n\nint wrong = fine + absent;\n");
    assertThat(error).isInstanceOf(CellError.CompilationError.class);
    assertThat(error.report())
        .anySatisfy(line -> assertThat(line).contains("line 3: cannot find symbol"))
        .containsSequence(
            "    3 | int wrong = fine + absent;", //
            "      |                    ^^^^^^");
    assertThat(kernel.evalRaw("fine")).as("what came before has run").isEqualTo(1);
  }

  @Test
  void marksAnUnfinishedCell() {
    assertThat(error("for (int i = 0; i < 3; i++) {").report().get(0))
        .contains("line 1: reached end of file while parsing");
  }

  @Test
  void pointsAtTheLineThatThrew() {
    kernel.evalRaw("int share(int n) {\n  return 10 / n;\n}");
    CellError error = error("int none = 0;\n\nshare(none);");
    assertThat(error).isInstanceOf(CellError.UncaughtException.class);
    assertThat(error.report().get(0)).isEqualTo("java.lang.ArithmeticException: / by zero");
    assertThat(error.report())
        .contains("--->    2 |   return 10 / n;", "--->    3 | share(none);")
        .anySatisfy(line -> assertThat(line).endsWith("line 2 in share"))
        .noneSatisfy(line -> assertThat(line).containsAnyOf("jdk.jshell", "org.fedlayers.kernel"));
    assertThat(error).hasMessageContaining("share(none)");
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
  void countsLinesFromTheTopOfTheCell(String cell) {
    kernel.evalRaw("int nought = 0;");
    List<String> lines = cell.lines().toList();
    String faulty = lines.stream().filter(l -> l.contains("1 / nought")).findFirst().orElseThrow();
    assertThat(error(cell).report())
        .contains("---> %4d | %s".formatted(lines.indexOf(faulty) + 1, faulty));
  }

  @Test
  void pointsIntoClassesAndLambdasOfCells() {
    kernel.evalRaw(
        "class Box {\n  void open() {\n    throw new IllegalStateException(\"shut\");\n  }\n}");
    assertThat(error("List.of(1).forEach(i ->\n  new Box().open());").report())
        .startsWith("java.lang.IllegalStateException: shut")
        .contains(
            "--->    3 |     throw new IllegalStateException(\"shut\");",
            "--->    2 |   new Box().open());");
  }

  @Test
  void tellsTheCause() {
    assertThat(
            error(
                    "try { List.of().get(0); } catch (Exception e) { throw new RuntimeException(\"outer\", e); }")
                .report())
        .contains("java.lang.RuntimeException: outer")
        .anySatisfy(line -> assertThat(line).startsWith("Caused by: java.lang.ArrayIndexOutOf"));
  }

  @Test
  void spellsOutAUsersMistakeWithoutLibraryFrames() {
    assertThat(error("throw new org.fedlayers.data.UserError(\"no such folder: x\");").report())
        .startsWith("no such folder: x")
        .noneSatisfy(line -> assertThat(line).contains("UserError:"));
  }

  @Test
  void survivesErrorsOfCells() {
    assertThat(error("throw new NoClassDefFoundError(\"gone\");").report().get(0))
        .isEqualTo("java.lang.NoClassDefFoundError: gone");
    assertThat(kernel.evalRaw("1 + 1")).isEqualTo(2);
  }

  @Test
  void saysWhatAMethodStillLacks() {
    assertThat(kernel.evalRaw("int early() { return late(); }")).isNull();
    assertThat(error("early()").report().get(0)).contains("early()").contains("late()");
    assertThat(kernel.evalRaw("int late() { return 5; }\nearly()")).isEqualTo(5);
  }

  @Test
  void printsWhileItRuns() {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true));
    try {
      kernel.evalRaw("System.out.println(\"one\"); printf(\"%d%n\", 2);");
    } finally {
      System.setOut(before);
    }
    assertThat(bytes.toString()).isEqualToNormalizingNewlines("one\n2\n");
  }

  @Test
  void interruptsACellThatWaits() throws Exception {
    assertThat(interrupted("Thread.sleep(60_000); }").report())
        .contains("--->    2 | Thread.sleep(60_000); }")
        .noneSatisfy(line -> assertThat(line).contains("restart"));
    assertThat(kernel.evalRaw("\"usable\"")).isEqualTo("usable");
  }

  @Test
  void interruptsACellThatNeverLooksUpOrLeavesItBehind() throws Exception {
    assertThat(interrupted("long n = 0; while (true) { n++; } }\nint unreached = 1;"))
        .isInstanceOf(CellError.Interrupted.class);
    assertThat(error("unreached")).isInstanceOf(CellError.CompilationError.class);
    assertThat(kernel.evalRaw("\"usable\"")).isEqualTo("usable");
  }

  @Test
  void leavesBehindACellThatReactsToNothing() throws Exception {
    synchronized (HELD) { // neither interrupt nor stop reaches a thread that waits for a monitor
      CellError error =
          interrupted("synchronized (org.fedlayers.kernel.JavaKernelTest.HELD) { } }");
      assertThat(error.report())
          .anySatisfy(line -> assertThat(line).contains("restart the kernel"));
      assertThat(kernel.evalRaw("\"usable\"")).isEqualTo("usable");
    }
  }

  /** Evaluates a cell on another thread, interrupts it once it runs, and waits for its end. */
  private static CellError interrupted(String code) throws Exception {
    running = new CountDownLatch(1);
    CompletableFuture<CellError> ended =
        CompletableFuture.supplyAsync(
            () -> error("{ org.fedlayers.kernel.JavaKernelTest.running.countDown();\n" + code));
    running.await();
    kernel.interrupt();
    CellError error = ended.get(30, TimeUnit.SECONDS);
    assertThat(error).isInstanceOf(CellError.Interrupted.class);
    return error;
  }

  @Test
  void completesFromTheClassPathAndFromEarlierLines() {
    assertThat(completions("org.fedlayers.data.User")).contains("UserError");
    assertThat(completions("String name = \"x\";\nname.toUp")).contains("toUpperCase(");
    assertThat(completions("import java.util.List;\nString s = \"x\";\ns.toUp"))
        .contains("toUpperCase(");
    assertThat(completions("void f() {}\n\"x\".toUp")).contains("toUpperCase(");
    assertThat(completions("nothing.at.a")).isEmpty();
  }

  @Test
  void completesWhereTheCursorStands() {
    String code = "int x = 1;\n\"x\".toUp + 1";
    int cursor = code.indexOf(" + 1");
    ReplacementOptions options = kernel.complete(code, cursor);
    assertThat(options.getReplacements()).contains("toUpperCase(");
    assertThat(options.getSourceStart()).isEqualTo(code.indexOf("toUp"));
    assertThat(options.getSourceEnd()).isEqualTo(cursor);
  }

  private static List<String> completions(String code) {
    return kernel.complete(code, code.length()).getReplacements();
  }

  @Test
  void inspectsWhatStandsAtTheCursor() {
    String code = "int y = 1;\nMath.floorMod(7, 3)";
    assertThat(text(kernel.inspect(code, code.indexOf("floor") + 2, false)).toString())
        .contains("int Math.floorMod(int x, int y)");
    assertThat(text(kernel.inspect("org.fedlayers.data.UserError", 24, false)).toString())
        .contains("UserError", "A mistake of the user's");
    assertThat(kernel.inspect("   ", 1, false)).isNull();
  }

  @Test
  void knowsWhetherACellIsWhole() {
    assertThat(kernel.isComplete("int a = 1;\na + 1")).isEqualTo("complete");
    assertThat(kernel.isComplete("int a = 1;\nfor (;;) {")).isBlank();
    assertThat(kernel.isComplete("int = ;")).isEqualTo("invalid");
    assertThat(kernel.isComplete("")).isEqualTo("complete");
  }

  @Test
  void displaysHtmlPicturesAndNothingTwice() throws Exception {
    displayed.clear();
    assertThat(kernel.evalRaw("display(\"<b>x</b>\", \"text/html\")")).as("its id").isNull();
    assertThat(displayed).hasSize(1);
    assertThat(displayed.get(0).getData(MIMEType.TEXT_HTML)).isEqualTo("<b>x</b>");

    DisplayData picture =
        kernel.eval(
            "new java.awt.image.BufferedImage(7, 5, java.awt.image.BufferedImage.TYPE_INT_RGB)");
    BufferedImage decoded = decoded(picture);
    assertThat(decoded.getWidth()).isEqualTo(7);
    assertThat(decoded.getHeight()).isEqualTo(5);
  }

  @Test
  void drawsCharts() throws Exception {
    kernel.evalRaw(
        """
        var chart = new org.knowm.xchart.XYChartBuilder().width(320).height(200).title("depth").build();
        chart.addSeries("a", new double[] {1, 2}, new double[] {3, 4});""");
    BufferedImage decoded = decoded(kernel.eval("chart"));
    assertThat(decoded.getWidth()).isEqualTo(320);
    displayed.clear();
    kernel.evalRaw("display(chart, \"image/svg+xml\");");
    assertThat(displayed.get(0).getData(MIMEType.parse("image/svg+xml")).toString())
        .contains("<svg", "<ellipse");
  }

  private static BufferedImage decoded(DisplayData data) throws Exception {
    byte[] bytes = Base64.getDecoder().decode(data.getData(MIMEType.IMAGE_PNG).toString());
    return ImageIO.read(new ByteArrayInputStream(bytes));
  }

  @Test
  void laysOutTables() {
    DisplayData data =
        kernel.eval(
            """
            import tech.tablesaw.api.*;
            Table.create("runs", StringColumn.create("model", "a<b"), DoubleColumn.create("accuracy", 0.1 + 0.2))""");
    assertThat(data.getData(MIMEType.TEXT_HTML).toString()).contains("a&lt;b").contains(">0.3<");
    assertThat(text(data).toString()).contains("accuracy");
  }
}
