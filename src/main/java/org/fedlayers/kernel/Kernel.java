package org.fedlayers.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.apache.commons.lang3.function.FailableRunnable;
import org.fedlayers.options.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Serves Jupyter's protocol 5.3 on five sockets of this machine's loopback. Three loops own them:
 * cells and all that needs the compiler; interrupts, shutdown and heart beats; what is broadcast.
 * Where one of them ends, the process ends with status 1, so that no front end takes a dead kernel
 * for alive.
 */
final class Kernel {
  private static final Logger LOG = LoggerFactory.getLogger(Kernel.class);
  private static final long LARGEST_FRAME = 64 << 20;

  /** How long requests sent together with one that failed may be underway. */
  private static final int ABORTING_MILLIS = 50;

  /** For the compiler, whose recursion is as deep as the user's expressions. */
  private static final long STACK = 512L << 20;

  /** What is answered while a cell runs. */
  private static final Set<String> CONTROL =
      Set.of("kernel_info_request", "interrupt_request", "shutdown_request");

  private final ZMQ.Context context = ZMQ.context(1);
  private final Connection connection;
  private final ZMQ.Socket shell;
  private final ZMQ.Socket control;
  private final ZMQ.Socket stdin;
  private final ZMQ.Socket heart;
  private final Broadcast broadcast;
  private final Session session;
  private int executions;
  private final Queue<List<byte[]>> queued = new ArrayDeque<>();
  private boolean aborting;

  /**
   * @throws UserError if a port is already in use
   */
  Kernel(Connection connection, String classPath, long graceMillis) throws CellError {
    this.connection = connection;
    context.setUncaughtExceptionHandler((thread, thrown) -> die(thread.getName(), thrown));
    context.setNotificationExceptionHandler((thread, thrown) -> LOG.warn("a socket", thrown));
    shell = bind(SocketType.ROUTER, "shell");
    control = bind(SocketType.ROUTER, "control");
    stdin = bind(SocketType.ROUTER, "stdin");
    heart = bind(SocketType.ROUTER, "hb");
    broadcast = new Broadcast(bind(SocketType.PUB, "iopub"), connection);
    Notebook.connect(broadcast);
    session = new Session(classPath, graceMillis, broadcast);
    System.setOut(broadcast.stream("stdout"));
    System.setErr(broadcast.stream("stderr"));
    System.setIn(InputStream.nullInputStream()); // Jupyter's is a pipe that never says anything
  }

  private ZMQ.Socket bind(SocketType type, String name) {
    ZMQ.Socket socket = context.socket(type);
    socket.setMaxMsgSize(LARGEST_FRAME);
    String address = "tcp://127.0.0.1:" + connection.port(name);
    try {
      socket.bind(address);
    } catch (ZMQException e) {
      throw new UserError(
          address + " is already in use, or forbidden: no kernel can listen there", e);
    }
    return socket;
  }

  /** Starts to serve, for as long as the process lives. */
  void start() {
    ZMQ.Poller poller = context.poller(3);
    for (ZMQ.Socket socket : List.of(control, stdin, heart)) {
      socket.setReceiveTimeOut(0); // what can be read may turn out to be no message
      poller.register(socket, ZMQ.Poller.POLLIN);
    }
    loop("control", () -> serveControl(poller));
    loop("broadcast", broadcast::sendNext);
    loop("shell", this::serveShell);
  }

  private static void loop(String name, FailableRunnable<Exception> turn) {
    Runnable turns =
        () -> {
          try {
            while (true) {
              turn.run();
            }
          } catch (Throwable e) {
            die(name, e);
          }
        };
    new Thread(null, turns, name, STACK).start();
  }

  private static void die(String thread, Throwable thrown) {
    try {
      LOG.error("the kernel ends, because its thread {} did", thread, thrown);
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }

  private void serveControl(ZMQ.Poller poller) throws InterruptedException {
    poller.poll();
    if (poller.pollin(0)) {
      serve(control, receive(control), CONTROL);
    }
    if (poller.pollin(1)) {
      serve(stdin, receive(stdin), Set.of());
    }
    if (poller.pollin(2)) {
      send(heart, receive(heart));
    }
  }

  private void serveShell() throws InterruptedException {
    serve(shell, queued.isEmpty() ? receive(shell) : queued.remove(), null);
    aborting &= !queued.isEmpty();
  }

  /** Receives what was sent before the sender could know that a cell has failed. */
  private void abortQueued() {
    aborting = true;
    shell.setReceiveTimeOut(ABORTING_MILLIS);
    for (List<byte[]> next = receive(shell); !next.isEmpty(); next = receive(shell)) {
      queued.add(next);
    }
    shell.setReceiveTimeOut(-1);
  }

  /** The frames of the next message; none if it took too long to come. */
  private static List<byte[]> receive(ZMQ.Socket socket) {
    List<byte[]> frames = new ArrayList<>();
    for (byte[] frame = socket.recv(); frame != null; ) {
      frames.add(frame);
      frame = socket.hasReceiveMore() ? socket.recv() : null;
    }
    return frames;
  }

  /** Whether the socket has taken a message. */
  static boolean send(ZMQ.Socket socket, List<byte[]> frames) {
    boolean taken = true;
    for (int i = 0; taken && i < frames.size(); i++) {
      taken = socket.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE : 0);
    }
    return taken;
  }

  /**
   * Answers a message. What is not signed with our key, or makes no sense, is logged and ignored.
   *
   * @param accepted the types of request that this socket takes; null for all
   */
  private void serve(ZMQ.Socket socket, List<byte[]> frames, Set<String> accepted)
      throws InterruptedException {
    if (frames.isEmpty()) {
      return;
    }
    Connection.Message request;
    try {
      request = connection.message(frames);
    } catch (IOException e) {
      LOG.warn("ignored a message: {}", e.getMessage());
      return;
    }
    String type = request.type();
    if (accepted != null && !accepted.contains(type)) {
      LOG.warn("ignored a message: this socket does not take a {}", type);
      return;
    }
    broadcast.status("busy", request.header());
    Object content = answer(request);
    if (content != null) {
      String reply = type.replace("_request", "_reply");
      send(socket, connection.frames(request.route(), reply, request.header(), content));
    }
    broadcast.status("idle", request.header());
    if (type.equals("shutdown_request")) {
      Thread.sleep(200); // the answer is underway
      System.exit(0);
    }
  }

  /** The content of the answer; null if the message wants none. */
  private Object answer(Connection.Message request) {
    String code = request.content().path("code").asText();
    int cursor = request.content().path("cursor_pos").asInt();
    Assistant assistant = new Assistant(session.analysis());
    try {
      return switch (request.type()) {
        case "execute_request" -> execute(request, code);
        case "complete_request" -> assistant.complete(code, cursor);
        case "inspect_request" -> assistant.inspect(code, cursor);
        case "is_complete_request" -> assistant.isComplete(code);
        case "kernel_info_request" -> info();
        case "comm_info_request" -> Map.of("status", "ok", "comms", Map.of());
        case "history_request" -> Map.of("status", "ok", "history", List.of());
        case "shutdown_request" ->
            Map.of("status", "ok", "restart", request.content().path("restart").asBoolean());
        case "interrupt_request" -> session.interrupt();
        default -> null;
      };
    } catch (Throwable e) { // of the compiler, while the user types
      return error(e.getClass().getName(), String.valueOf(e.getMessage()), List.of());
    }
  }

  private static Object info() {
    Map<String, String> details =
        Map.of(
            "name", "java",
            "version", Runtime.version().toString(),
            "mimetype", "text/x-java-source",
            "file_extension", ".jshell",
            "pygments_lexer", "java",
            "codemirror_mode", "text/x-java");
    return Map.of(
        "status", "ok",
        "protocol_version", "5.3",
        "implementation", "fedlayers",
        "implementation_version", "1",
        "language_info", details,
        "banner", "Java " + Runtime.version(),
        "help_links", List.of());
  }

  private Object execute(Connection.Message request, String code) {
    boolean silent = request.content().path("silent").asBoolean();
    if (aborting) {
      return Map.of("status", "aborted", "execution_count", executions);
    }
    if (!silent && request.content().path("store_history").asBoolean(true)) {
      executions++;
    }
    broadcast.begin(silent ? null : request.header());
    broadcast.show("execute_input", Map.of("code", code, "execution_count", executions));
    Map<String, Object> reply = new HashMap<>();
    try {
      Map<String, String> data = session.evaluate(new NotebookCell(executions, code));
      if (data != null) {
        broadcast.show(
            "execute_result",
            Map.of("execution_count", executions, "data", data, "metadata", Map.of()));
      }
      reply.putAll(Map.of("status", "ok", "user_expressions", Map.of(), "payload", List.of()));
    } catch (CellError e) {
      if (request.content().path("stop_on_error").asBoolean(true)) {
        abortQueued();
      }
      reply.putAll(error(e.name, e.getMessage(), e.report));
      broadcast.show("error", reply);
    }
    reply.put("execution_count", executions);
    return reply;
  }

  private static Map<String, Object> error(String name, String value, List<String> report) {
    return Map.of("status", "error", "ename", name, "evalue", value, "traceback", report);
  }
}
