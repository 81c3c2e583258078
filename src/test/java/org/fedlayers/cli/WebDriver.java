package org.fedlayers.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A headless Chromium, driven over the W3C's WebDriver protocol. */
final class WebDriver implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process driver;
  private final String session;

  /**
   * @param profile a new folder for what the browser keeps
   */
  WebDriver(Path profile) throws Exception {
    driver =
        new ProcessBuilder("chromedriver", "--port=0")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .start();
    String sessions = "http://127.0.0.1:" + port(driver.inputReader()) + "/session";
    List<String> flags =
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1200,900",
            "--user-data-dir=" + profile);
    Map<String, ?> chrome = Map.of("goog:chromeOptions", Map.of("args", flags));
    JsonNode made = post(sessions, Map.of("capabilities", Map.of("firstMatch", List.of(chrome))));
    session = sessions + "/" + made.get("sessionId").asText();
  }

  private static String port(BufferedReader output) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher matcher = PORT.matcher(line);
      if (matcher.find()) {
        return matcher.group(1);
      }
    }
    throw new IOException("chromedriver did not start");
  }

  void open(String address) throws Exception {
    post(session + "/url", Map.of("url", address));
  }

  /** The value of a JavaScript function's body in the page. */
  JsonNode evaluate(String script) throws Exception {
    return post(session + "/execute/sync", Map.of("script", script, "args", List.of()));
  }

  /** PNG. */
  byte[] screenshot() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(session + "/screenshot")).build();
    return value(request).binaryValue();
  }

  private JsonNode post(String address, Object body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address))
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    return value(request);
  }

  private JsonNode value(HttpRequest request) throws Exception {
    HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    JsonNode value = JSON.readTree(response.body()).get("value");
    if (response.statusCode() != 200) {
      throw new IOException(value.path("message").asText());
    }
    return value;
  }

  @Override
  public void close() {
    HttpRequest end = HttpRequest.newBuilder(URI.create(session)).DELETE().build();
    client.sendAsync(end, HttpResponse.BodyHandlers.discarding()).join();
    driver.destroy();
  }
}
