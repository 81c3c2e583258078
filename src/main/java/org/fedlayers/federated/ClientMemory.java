package org.fedlayers.federated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fedlayers.data.AtomicFile;

/**
 * What clients remember between rounds, by client and slot, outside the model. Nothing is held for
 * a client that was never written. Vectors stay on the heap up to a limit and go to files of their
 * own beyond it. A file is never changed once written and never deleted while the last checkpoint
 * names it, so a crash at any instant leaves a whole state behind.
 */
public final class ClientMemory {
  private static final class Entry {
    float[] onHeap;
    String file;
  }

  private final Path folder;
  private final long heapLimit;
  private long heapBytes;
  private long version;
  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private final Set<String> checkpointed = new HashSet<>();

  private ClientMemory(Path folder, long heapLimit) {
    this.folder = folder;
    this.heapLimit = heapLimit;
  }

  /** On the heap only: for short runs that are never resumed. */
  public static ClientMemory onHeap() {
    return new ClientMemory(null, Long.MAX_VALUE);
  }

  /**
   * @param folder for vectors beyond the limit and for checkpoints; made when first needed
   * @param heapLimit bytes of vectors that may stay on the heap
   */
  public static ClientMemory in(Path folder, long heapLimit) {
    return new ClientMemory(folder, heapLimit);
  }

  private static String key(int client, String slot) {
    return slot + "-" + client;
  }

  /**
   * The vector, not to be changed, or null if none was ever written. Safe to call from several
   * threads between writes.
   */
  public float[] get(int client, String slot) {
    Entry entry = entries.get(key(client, slot));
    if (entry == null) {
      return null;
    }
    return entry.onHeap != null ? entry.onHeap : read(entry.file);
  }

  /** Replaces the vector; the array now belongs to this memory. */
  public void put(int client, String slot, float[] vector) {
    String key = key(client, slot);
    Entry entry = entries.computeIfAbsent(key, none -> new Entry());
    if (entry.onHeap != null) {
      heapBytes -= 4L * entry.onHeap.length;
    }
    String old = entry.file;
    entry.onHeap = vector;
    entry.file = null;
    heapBytes += 4L * vector.length;
    if (heapBytes > heapLimit) {
      store(key, entry);
      heapBytes -= 4L * vector.length;
      entry.onHeap = null;
    }
    if (old != null && !checkpointed.contains(old)) {
      delete(old);
    }
  }

  /**
   * Writes what is not yet in a file and returns the file of every entry, for a checkpoint to name.
   */
  public Map<String, String> save() {
    Map<String, String> files = new TreeMap<>();
    entries.forEach(
        (key, entry) -> {
          if (entry.file == null) {
            store(key, entry);
          }
          files.put(key, entry.file);
        });
    return files;
  }

  /** To be called once a checkpoint that names {@code files} is on disk: older files go. */
  public void committed(Map<String, String> files) {
    checkpointed.clear();
    checkpointed.addAll(files.values());
    sweep();
  }

  /** Takes up the state that a checkpoint names and forgets any other. */
  public void restore(Map<String, String> files) {
    entries.clear();
    heapBytes = 0;
    files.forEach(
        (key, file) -> {
          Entry entry = new Entry();
          entry.file = file;
          entries.put(key, entry);
          version = Math.max(version, Long.parseLong(file.substring(file.lastIndexOf('.') + 1)));
        });
    committed(files);
  }

  private void store(String key, Entry entry) {
    if (folder == null) {
      throw new IllegalStateException("this client memory lives on the heap only");
    }
    String file = key + "." + ++version;
    ByteBuffer bytes = ByteBuffer.allocate(4 * entry.onHeap.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(entry.onHeap);
    try {
      AtomicFile.write(folder.resolve(file), out -> out.write(bytes.array()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep client memory in " + folder, e);
    }
    entry.file = file;
  }

  private float[] read(String file) {
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(Files.readAllBytes(folder.resolve(file))).order(ByteOrder.LITTLE_ENDIAN);
      float[] vector = new float[bytes.capacity() / 4];
      bytes.asFloatBuffer().get(vector);
      return vector;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read client memory " + file + " in " + folder, e);
    }
  }

  private void delete(String file) {
    try {
      Files.deleteIfExists(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete old client memory " + file, e);
    }
  }

  private void sweep() {
    if (folder == null || !Files.isDirectory(folder)) {
      return;
    }
    Set<String> live = new HashSet<>(checkpointed);
    entries.values().forEach(entry -> live.add(entry.file));
    try (Stream<Path> files = Files.list(folder)) {
      files
          .map(path -> path.getFileName().toString())
          .filter(name -> !live.contains(name))
          .forEach(this::delete);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tidy client memory in " + folder, e);
    }
  }
}
