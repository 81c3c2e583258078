package org.fedlayers.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code make lab}, as whoever types it for the first time finds it. */
class LabTest {
  private static final Pattern ADDRESS =
      Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/(?:tree)?\\?token=(\\w+)");

  @TempDir private Path temporary;

  /** What the page has to show: this program's kernel, on this checkout's class path. */
  private static final String CELL =
      "Class.forName(\"org.fedlayers.data.Randomness\").getSimpleName() + 6 * 7";

  @Test
  @Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void opensTheNotebooksInABrowserAndRunsACell() throws Exception {
    for (String wanted :
        List.of("make", "setsid", "chromium", "chromedriver", "jupyter-notebook")) {
      assumeThat(onPath(wanted)).as("%s, to try make lab in a browser", wanted).isTrue();
    }
    Process lab = start();
    try (var browser = new WebDriver(Files.createDirectory(temporary.resolve("browser")))) {
      Matcher address = address(lab.inputReader());
      browser.open(address.group(1) + "/tree?token=" + address.group(2));
      awaited(browser, "return document.body.innerText.includes('00-start-here.ipynb')");
      browser.open(address.group(1) + "/notebooks/00-start-here.ipynb");
      awaited(browser, "return window.Jupyter?.notebook?.kernel?.is_connected() ?? false");
      assertThat(browser.evaluate("return Jupyter.notebook.kernel.name").asText())
          .isEqualTo("java");
      browser.evaluate(
          "Jupyter.notebook.insert_cell_at_index('code', 0).set_text('%s');".formatted(CELL)
              + "Jupyter.notebook.execute_cells([0])");
      JsonNode output =
          awaited(
              browser,
              "let o = Jupyter.notebook.get_cell(0).output_area.outputs;"
                  + "return o.length == 0 ? false : JSON.stringify(o)");
      assertThat(output.asText()).contains("Randomness42").doesNotContain("\"error\"");
      Files.write(Path.of("target", "lab.png"), browser.screenshot());
    } finally {
      interrupt(lab);
    }
    assertThat(ProcessHandle.allProcesses())
        .as("servers and kernels that Ctrl-C left")
        .noneMatch(process -> process.info().commandLine().orElse("").contains("" + temporary));
  }

  private Process start() throws IOException {
    // A group of its own that hears Ctrl-C, however Maven was started; built already.
    var builder =
        new ProcessBuilder("setsid", "env", "--default-signal=INT", "make", "-o", "build", "lab");
    Map<String, String> environment = builder.environment();
    for (String folder : List.of("DATA", "RUNTIME", "CONFIG")) {
      environment.put("JUPYTER_" + folder + "_DIR", temporary.resolve(folder).toString());
    }
    environment.keySet().removeAll(List.of("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "MAKEFLAGS"));
    return builder.redirectErrorStream(true).start();
  }

  private static Matcher address(BufferedReader output) throws IOException {
    var said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      Matcher matcher = ADDRESS.matcher(line);
      if (matcher.find()) {
        return matcher;
      }
    }
    throw new AssertionError("make lab gave no address:\n" + said);
  }

  /** Asks until the answer is neither false nor null, or the test's time is over. */
  private static JsonNode awaited(WebDriver browser, String script) throws Exception {
    JsonNode answer = browser.evaluate(script);
    while (answer.isNull() || answer.isBoolean() && !answer.asBoolean()) {
      Thread.sleep(100);
      answer = browser.evaluate(script);
    }
    return answer;
  }

  private static void interrupt(Process lab) throws Exception {
    new ProcessBuilder("kill", "-INT", "--", "-" + lab.pid()).inheritIO().start().waitFor();
    boolean ended = lab.waitFor(20, TimeUnit.SECONDS);
    lab.descendants().forEach(ProcessHandle::destroyForcibly);
    assertThat(ended).as("make lab ended by Ctrl-C").isTrue();
  }

  private static boolean onPath(String command) {
    return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }
}
