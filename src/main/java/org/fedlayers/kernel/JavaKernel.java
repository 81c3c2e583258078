package org.fedlayers.kernel;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.HelpLink;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.magic.MagicsRegistry;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;

/** Jupyter's requests, answered by a JShell session. */
class JavaKernel extends BaseKernel {
  /** What every cell may use without importing it: IJava's imports and display functions. */
  private static final String PRELUDE =
      """
      import java.util.*;
      import java.io.*;
      import java.math.*;
      import java.net.*;
      import java.util.concurrent.*;
      import java.util.prefs.*;
      import java.util.regex.*;
      import static org.dflib.jjava.jupyter.kernel.BaseNotebookStatics.display;
      import static org.dflib.jjava.jupyter.kernel.BaseNotebookStatics.render;
      import static org.dflib.jjava.jupyter.kernel.BaseNotebookStatics.updateDisplay;
      import static org.dflib.jjava.jupyter.kernel.BaseNotebookStatics.printf;
      """;

  private final CellEvaluator cells;
  private final CodeAssistant assistant;
  private volatile String displayed;

  /**
   * @param classPath what cells are compiled against and run with
   * @param grace how long an interrupted cell may take to end in order
   */
  JavaKernel(List<String> classPath, Duration grace) {
    super(
        "fedlayers",
        version(),
        new LanguageInfo.Builder("java")
            .version(Runtime.version().toString())
            .mimetype("text/x-java-source")
            .fileExtension(".jshell")
            .pygments("java")
            .codemirror("text/x-java")
            .build(),
        List.of(new HelpLink("Java API", "https://docs.oracle.com/en/java/javase/17/docs/api/")),
        null,
        new JupyterIO(StandardCharsets.UTF_8),
        new CommManager(),
        new Renderer(),
        null,
        new MagicsRegistry(),
        false,
        new StringStyler.Builder().build());
    RichDisplay.register(getRenderer());
    cells = new CellEvaluator(classPath, grace);
    cells.evaluate(new Cell(0, PRELUDE));
    assistant = new CodeAssistant(cells.analysis(), new SourceComments(sources()));
  }

  private static Path sources() {
    return Path.of(System.getProperty("fedlayers.home", "."), "src", "main", "java");
  }

  private static String version() {
    String version = JavaKernel.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public Object evalRaw(String source) {
    Object result = cells.evaluate(new Cell(executionCount.get() - 1, source));
    return displayed != null && displayed.equals(result) ? null : result;
  }

  /** Remembers the picture's id, so that {@code display(x)} as a last line does not print it. */
  @Override
  public void display(DisplayData data) {
    displayed = data.getDisplayId();
    super.display(data);
  }

  @Override
  public DisplayData eval(String source) {
    try {
      return super.eval(source);
    } catch (Error e) { // of a renderer; without an answer the notebook would wait forever
      throw new IllegalStateException("The result cannot be shown: " + e, e);
    }
  }

  @Override
  public DisplayData inspect(String code, int at, boolean extraDetail) {
    String text = assistant.inspect(code, at);
    return text.isEmpty() ? null : new DisplayData(text);
  }

  @Override
  public ReplacementOptions complete(String code, int at) {
    CodeAssistant.Completion completion = assistant.complete(code, at);
    return new ReplacementOptions(completion.replacements(), completion.start(), at);
  }

  @Override
  public String isComplete(String code) {
    return switch (assistant.completeness(code)) {
      case COMPLETE, COMPLETE_WITH_SEMI, EMPTY -> IS_COMPLETE_YES;
      case DEFINITELY_INCOMPLETE, CONSIDERED_INCOMPLETE -> "  ";
      case UNKNOWN -> IS_COMPLETE_BAD;
    };
  }

  @Override
  public List<String> formatError(Throwable thrown) {
    return thrown instanceof CellError error ? error.report() : super.formatError(thrown);
  }

  @Override
  public void interrupt() {
    cells.interrupt();
  }

  @Override
  public void onShutdown(boolean isRestarting) {
    super.onShutdown(isRestarting);
    cells.close();
  }
}
