package org.fedlayers.kernel;

import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.zeromq.ZMQ;

/**
 * Publishes the output of cells to every front end, in order. Printed text is collected for a tenth
 * of a second or up to 8 KiB. A front end that reads slowly slows down the cells that print, so
 * that nothing is lost and memory stays bounded; one that has stopped reading is waited for once
 * and then loses what does not fit.
 */
final class Broadcast {
  private static final int GATHERED_MILLIS = 100;
  private static final int GATHERED_BYTES = 8192;
  private static final int WAITING_MESSAGES = 1000;
  private static final int PATIENCE_MILLIS = 10_000;

  private final ZMQ.Socket socket;
  private final Connection connection;
  private final BlockingQueue<List<byte[]>> waiting = new LinkedBlockingQueue<>();
  private final ByteBuffer gathered = ByteBuffer.allocate(GATHERED_BYTES);
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE);
  private String stream = "stdout";
  private final Set<Thread> silenced = Collections.newSetFromMap(new WeakHashMap<>());
  private Object cell;
  private int patience = PATIENCE_MILLIS;

  Broadcast(ZMQ.Socket socket, Connection connection) {
    this.socket = socket;
    this.connection = connection;
  }

  /** From now on, output belongs to the cell of another request; null if it is not shown. */
  synchronized void begin(Object header) {
    flush();
    cell = header;
  }

  /** Shows something of the current cell. */
  synchronized void show(String type, Object content) {
    endSilenced();
    flush();
    publish(type, cell, content);
  }

  synchronized void status(String state, Object header) {
    flush();
    publish("status", header, Map.of("execution_state", state));
  }

  private void publish(String type, Object header, Object content) {
    if (header != null) {
      waiting.add(connection.frames(List.of(), type, header, content));
    }
  }

  /** Waits until slow front ends have caught up. */
  void awaitRoom() throws InterruptedIOException {
    try {
      while (waiting.size() >= WAITING_MESSAGES) {
        Thread.sleep(5);
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  /** A stream to print to: {@code stdout} or {@code stderr}. */
  PrintStream stream(String name) {
    OutputStream gatherer =
        new OutputStream() {
          @Override
          public void write(int value) throws InterruptedIOException {
            write(new byte[] {(byte) value}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws InterruptedIOException {
            for (int done = 0; done < length; ) {
              awaitRoom();
              done += gather(name, bytes, from + done, length - done);
            }
          }
        };
    return new PrintStream(gatherer, false, StandardCharsets.UTF_8);
  }

  /**
   * Ends a cell's thread by force, but never in the midst of what it shows: a queue that it left
   * locked would silence the notebook for good. From now on whatever it shows ends it, which is all
   * that JDK 20 and later can do.
   */
  @SuppressWarnings({"deprecation", "removal"}) // the only way to end a loop that never waits
  synchronized void end(Thread thread) {
    silenced.add(thread);
    try {
      thread.stop();
    } catch (UnsupportedOperationException | NoSuchMethodError e) {
      // Unless it shows something, the caller leaves the thread behind.
    }
  }

  private void endSilenced() {
    if (silenced.contains(Thread.currentThread())) {
      throw new ThreadDeath();
    }
  }

  private synchronized int gather(String name, byte[] bytes, int from, int length) {
    endSilenced();
    if (!name.equals(stream) || !gathered.hasRemaining()) {
      flush();
      stream = name;
    }
    int fitting = Math.min(length, gathered.remaining());
    gathered.put(bytes, from, fitting);
    return fitting;
  }

  /** Publishes the text gathered so far, except a character of which bytes are missing. */
  private void flush() {
    CharBuffer text = CharBuffer.allocate(gathered.position());
    decoder.decode(gathered.flip(), text, false);
    gathered.compact();
    if (text.flip().hasRemaining()) {
      publish("stream", cell, Map.of("name", stream, "text", text.toString()));
    }
  }

  /** One turn of the loop that owns the socket. */
  void sendNext() throws InterruptedException {
    List<byte[]> message = waiting.poll(GATHERED_MILLIS, TimeUnit.MILLISECONDS);
    if (message == null) {
      synchronized (this) {
        flush();
      }
      return;
    }
    socket.setXpubNoDrop(true);
    socket.setSendTimeOut(patience);
    boolean fits = Kernel.send(socket, message);
    patience = fits ? PATIENCE_MILLIS : 0;
    if (!fits) {
      socket.setXpubNoDrop(false);
      Kernel.send(socket, message);
    }
  }
}
