package org.fedlayers.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/** A Jupyter front end: starts a kernel as a process of its own and speaks to its sockets. */
final class FrontEnd implements AutoCloseable {
  /** Another build's class path, to see a test fail on it. */
  static final String CLASS_PATH =
      System.getProperty("kernel.class.path", System.getProperty("java.class.path"));

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SOCKETS = List.of("shell", "control", "stdin", "hb", "iopub");
  private static final int PATIENCE_MILLIS = Integer.getInteger("kernel.patience", 90_000);

  /** What a kernel sent: its type, what it is about, and the id of the request it belongs to. */
  record Received(String type, JsonNode content, String parent) {}

  /** A cell that has run: its answer, and all that was broadcast from busy to idle. */
  record Ran(JsonNode reply, List<Received> shown) {
    String text(String stream) {
      StringBuilder text = new StringBuilder();
      for (Received message : shown) {
        if (message.type.equals("stream") && message.content.path("name").asText().equals(stream)) {
          text.append(message.content.path("text").asText());
        }
      }
      return text.toString();
    }

    List<JsonNode> of(String type) {
      return shown.stream().filter(m -> m.type.equals(type)).map(Received::content).toList();
    }

    String result() {
      return of("execute_result").stream()
          .map(content -> content.at("/data/text~1plain").asText())
          .findFirst()
          .orElse(null);
    }

    String error() {
      return reply.path("ename").asText() + ": " + reply.path("evalue").asText();
    }
  }

  private static final Random RANDOM = new Random();
  private static final Set<Integer> GIVEN = new HashSet<>();

  final Process process;
  final Path log;
  private final Map<String, Integer> ports = new HashMap<>();
  private final String key = UUID.randomUUID().toString();
  private final ZContext context = new ZContext();
  private final Map<String, ZMQ.Socket> sockets = new HashMap<>();

  private FrontEnd(Path folder, List<String> jvm, List<String> prefix) throws IOException {
    for (String name : SOCKETS) {
      ports.put(name, freePort());
    }
    log = Files.createTempFile(folder, "kernel", ".log");
    Path file = Files.createTempFile(folder, "connection", ".json");
    Files.writeString(file, JSON.writeValueAsString(connection(ports, key)));
    List<String> command = new ArrayList<>(prefix);
    command.addAll(command(jvm, file));
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    for (String name : SOCKETS) {
      sockets.put(name, connect(name));
    }
    awaitLife();
  }

  static FrontEnd start(Path folder, String... jvm) throws IOException {
    return new FrontEnd(folder, List.of(jvm), List.of());
  }

  /** Starts the kernel by way of a command that gets its command line as further arguments. */
  static FrontEnd startBy(List<String> prefix, Path folder) throws IOException {
    return new FrontEnd(folder, List.of(), prefix);
  }

  static List<String> command(List<String> jvm, Path connection) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseParallelGC", "-Djava.awt.headless=true"));
    command.addAll(jvm);
    command.addAll(List.of("-cp", CLASS_PATH, KernelCommand.class.getName(), "run"));
    command.add(connection.toString());
    return command;
  }

  static Map<String, Object> connection(Map<String, Integer> ports, String key) {
    Map<String, Object> file = new HashMap<>();
    ports.forEach((name, port) -> file.put(name + "_port", port));
    file.put("ip", "127.0.0.1");
    file.put("transport", "tcp");
    file.put("key", key);
    file.put("signature_scheme", "hmac-sha256");
    return file;
  }

  /** One that nobody listens on, below those that systems give to outgoing connections. */
  static synchronized int freePort() {
    while (true) {
      int port = 10_000 + RANDOM.nextInt(20_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        if (GIVEN.add(port)) {
          return socket.getLocalPort();
        }
      } catch (IOException taken) {
        // Another one, then.
      }
    }
  }

  int port(String socket) {
    return ports.get(socket);
  }

  /** Another connection to one of the kernel's sockets. */
  ZMQ.Socket connect(String name) {
    ZMQ.Socket socket =
        context.createSocket(
            name.equals("iopub")
                ? SocketType.SUB
                : name.equals("hb") ? SocketType.REQ : SocketType.DEALER);
    socket.setLinger(0);
    socket.setReceiveTimeOut(PATIENCE_MILLIS);
    if (name.equals("iopub")) {
      socket.setRcvHWM(0);
      socket.subscribe(new byte[0]);
    }
    socket.connect("tcp://127.0.0.1:" + port(name));
    return socket;
  }

  /** Whether the kernel ends a connection because of what comes over it. */
  boolean hangsUp(ZMQ.Socket peer, Runnable send) {
    String at = "inproc://" + UUID.randomUUID();
    peer.monitor(at, ZMQ.EVENT_DISCONNECTED);
    try (ZMQ.Socket events = context.createSocket(SocketType.PAIR)) {
      events.setReceiveTimeOut(PATIENCE_MILLIS);
      events.connect(at);
      send.run();
      boolean ended = events.recv() != null;
      // Or the next such event would wait for a reader, and all sockets for it.
      peer.monitor(null, 0);
      return ended;
    }
  }

  /** Asks until both the answer and the status arrive: then every subscription is in place. */
  private void awaitLife() {
    sockets.get("iopub").setReceiveTimeOut(200);
    for (int i = 0; i < 300; i++) {
      String id = send("shell", "kernel_info_request", Map.of());
      if (i == 0) {
        sockets.get("shell").setReceiveTimeOut(60_000); // a JVM starts
        reply("shell", id);
        sockets.get("shell").setReceiveTimeOut(PATIENCE_MILLIS);
      }
      while (true) {
        Received status = receive("iopub");
        if (status == null) {
          break;
        }
        if (status.parent.equals(id)
            && status.content.path("execution_state").asText().equals("idle")) {
          sockets.get("iopub").setReceiveTimeOut(PATIENCE_MILLIS);
          return;
        }
      }
    }
    throw new AssertionError("the kernel did not start: " + log());
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static byte[] bytes(Object json) {
    try {
      return json instanceof String text
          ? text.getBytes(StandardCharsets.UTF_8)
          : JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  byte[] sign(List<byte[]> parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      parts.forEach(mac::update);
      return HexFormat.of().formatHex(mac.doFinal()).getBytes(StandardCharsets.US_ASCII);
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The frames of a message, signed; strings are taken as they are, the rest becomes JSON. */
  List<byte[]> frames(Object header, Object content) {
    List<byte[]> parts = List.of(bytes(header), bytes("{}"), bytes("{}"), bytes(content));
    List<byte[]> frames = new ArrayList<>(List.of(bytes("<IDS|MSG>"), sign(parts)));
    frames.addAll(parts);
    return frames;
  }

  static Map<String, Object> header(String id, String type) {
    return Map.of(
        "msg_id",
        id,
        "msg_type",
        type,
        "session",
        "s",
        "username",
        "u",
        "version",
        "5.3",
        "date",
        "2026-01-01T00:00:00Z");
  }

  void sendRaw(String socket, List<byte[]> frames) {
    ZMsg message = new ZMsg();
    frames.forEach(message::add);
    message.send(sockets.get(socket));
  }

  String send(String socket, String type, Object content) {
    String id = UUID.randomUUID().toString();
    sendRaw(socket, frames(header(id, type), content));
    return id;
  }

  /** The next message; null if none comes. */
  Received receive(String socket) {
    return receive(sockets.get(socket));
  }

  Received receive(ZMQ.Socket socket) {
    ZMsg message = ZMsg.recvMsg(socket);
    if (message == null) {
      return null;
    }
    List<byte[]> frames = message.stream().map(frame -> frame.getData()).toList();
    int at = 0;
    while (!Arrays.equals(frames.get(at), bytes("<IDS|MSG>"))) {
      at++;
    }
    List<byte[]> parts = frames.subList(at + 2, at + 6);
    if (!Arrays.equals(frames.get(at + 1), sign(parts))) {
      throw new AssertionError("wrongly signed");
    }
    try {
      return new Received(
          JSON.readTree(parts.get(0)).path("msg_type").asText(),
          JSON.readTree(parts.get(3)),
          JSON.readTree(parts.get(1)).path("msg_id").asText());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The content of the answer to a request. */
  JsonNode reply(String socket, String id) {
    while (true) {
      Received message = receive(socket);
      if (message == null) {
        throw new AssertionError("no answer on " + socket + "; log: " + log());
      }
      if (message.parent.equals(id)) {
        return message.content;
      }
    }
  }

  JsonNode ask(String socket, String type, Object content) {
    return reply(socket, send(socket, type, content));
  }

  String execute(String code) {
    return execute(code, Map.of());
  }

  String execute(String code, Map<String, Object> more) {
    Map<String, Object> content = new HashMap<>(Map.of("code", code));
    content.putAll(more);
    return send("shell", "execute_request", content);
  }

  Ran run(String code) {
    return ran(execute(code));
  }

  Ran run(String code, Map<String, Object> more) {
    return ran(execute(code, more));
  }

  /** Waits for the answer to a request and for all that is broadcast of it. */
  Ran ran(String id) {
    JsonNode reply = reply("shell", id);
    return new Ran(reply, shown(id, FrontEnd::isIdle));
  }

  static boolean isIdle(Received message) {
    return message.content.path("execution_state").asText().equals("idle");
  }

  /** What is broadcast of a request, up to and including a certain message. */
  List<Received> shown(String id, Predicate<Received> last) {
    return shown(sockets.get("iopub"), id, last);
  }

  List<Received> shown(ZMQ.Socket socket, String id, Predicate<Received> last) {
    List<Received> shown = new ArrayList<>();
    while (true) {
      Received message = receive(socket);
      if (message == null) {
        throw new AssertionError("nothing more is broadcast, after " + shown.size());
      }
      if (message.parent.equals(id)) {
        shown.add(message);
        if (last.test(message)) {
          return shown;
        }
      }
    }
  }

  byte[] heartBeat(byte[] beat) {
    sockets.get("hb").send(beat);
    return sockets.get("hb").recv();
  }

  /** The exit status; the test fails if the kernel lives on. */
  int exit() throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("the kernel lives on");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    context.close();
  }
}
