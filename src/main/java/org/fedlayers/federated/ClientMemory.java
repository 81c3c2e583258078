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
import org.fedlayers.data.SealedFile;

/**
 * What clients remember between rounds, by client and slot, outside the model. Nothing is held for
 * a client that was never written. Vectors stay on the heap up to a limit and go to files of their
 * own beyond it.
 *
 * <p>A round's writes are staged and become visible together, by {@link #commit()}, which moves no
 * data and cannot fail half-way. A file is never changed once written and never deleted while the
 * last checkpoint names it, so a crash at any instant leaves a whole state behind. Its name ends
 * with its length and checksum: whoever names it takes no other content.
 */
public final class ClientMemory {
  /** A vector on the heap or in a file; in both when a checkpoint was written while it was held. */
  private static final class Entry {
    float[] onHeap;
    String file;
  }

  private final Path folder;
  private final long heapLimit;
  private long heapBytes;
  private long version;
  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private final TreeMap<String, Entry> staged = new TreeMap<>();
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
   * @param folder for vectors beyond the limit and for checkpoints; made when first needed, and
   *     this memory's alone: files that no state names are deleted
   * @param heapLimit bytes of vectors that may stay on the heap
   */
  public static ClientMemory in(Path folder, long heapLimit) {
    return new ClientMemory(folder, heapLimit);
  }

  private static String key(int client, String slot) {
    return slot + "-" + client;
  }

  /**
   * The committed vector, not to be changed, or null if none was ever written. Safe to call from
   * several threads while one stages.
   */
  public float[] get(int client, String slot) {
    Entry entry = entries.get(key(client, slot));
    if (entry == null) {
      return null;
    }
    try {
      return entry.onHeap != null ? entry.onHeap : read(entry.file);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** The same, but another vector if none was ever written. */
  float[] get(int client, String slot, float[] otherwise) {
    float[] own = get(client, slot);
    return own != null ? own : otherwise;
  }

  /** Puts a vector aside for {@link #commit()}; the array now belongs to this memory. */
  public void stage(int client, String slot, float[] vector) {
    String key = key(client, slot);
    forget(staged.remove(key));
    Entry entry = new Entry();
    entry.onHeap = vector;
    heapBytes += bytes(entry);
    if (heapBytes > heapLimit) {
      store(key, entry);
      heapBytes -= bytes(entry);
      entry.onHeap = null;
    }
    staged.put(key, entry);
  }

  /** Replaces what was remembered by what was staged. Not while others read. */
  public void commit() {
    Map<String, Entry> accepted = new TreeMap<>(staged);
    staged.clear();
    accepted.forEach((key, entry) -> forget(entries.put(key, entry)));
  }

  /** Forgets what was staged. */
  public void rollBack() {
    staged.values().forEach(this::forget);
    staged.clear();
  }

  /** Writes what is not yet in a file and returns every entry's file, for a checkpoint to name. */
  public Map<String, String> save() throws IOException {
    Map<String, String> files = new TreeMap<>();
    entries.forEach(
        (key, entry) -> {
          if (entry.file == null) {
            store(key, entry);
          }
          files.put(key, entry.file);
        });
    if (!files.isEmpty()) {
      AtomicFile.sync(folder);
    }
    return files;
  }

  /** To be called once a checkpoint that names {@code files} is on disk: older files go. */
  public void checkpointed(Map<String, String> files) {
    checkpointed.clear();
    checkpointed.addAll(files.values());
    sweep();
  }

  /**
   * Takes up the state that a checkpoint names and forgets any other.
   *
   * @throws IOException that names a file that is missing or not the one that was saved
   */
  public void restore(Map<String, String> files) throws IOException {
    TreeMap<String, Entry> restored = new TreeMap<>();
    for (Map.Entry<String, String> named : files.entrySet()) {
      Entry entry = new Entry();
      entry.file = named.getValue();
      read(entry.file);
      restored.put(named.getKey(), entry);
      String[] parts = entry.file.split("\\.");
      version = Math.max(version, Long.parseLong(parts[parts.length - 2]));
    }
    staged.clear();
    entries.clear();
    heapBytes = 0;
    entries.putAll(restored);
    checkpointed(files);
  }

  /** Bytes of vectors held on the heap. */
  long heapBytes() {
    return heapBytes;
  }

  private static long bytes(Entry entry) {
    return entry.onHeap == null ? 0 : (long) Float.BYTES * entry.onHeap.length;
  }

  private void forget(Entry entry) {
    if (entry == null) {
      return;
    }
    heapBytes -= bytes(entry);
    if (entry.file != null && !checkpointed.contains(entry.file)) {
      delete(entry.file);
    }
  }

  private void store(String key, Entry entry) {
    if (folder == null) {
      throw new IllegalStateException("this client memory lives on the heap only");
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(bytes(entry))).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(entry.onHeap);
    byte[] content = bytes.array();
    String file = key + "." + ++version + "." + SealedFile.seal(content);
    try {
      AtomicFile.writeSynced(AtomicFile.folder(folder).resolve(file), out -> out.write(content));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep client memory in " + folder, e);
    }
    entry.file = file;
  }

  private float[] read(String file) throws IOException {
    Path path = folder.resolve(file);
    byte[] content = SealedFile.bytes(path);
    if (!file.endsWith("." + SealedFile.seal(content))) {
      throw new IOException(path + " is damaged: its checksum is wrong");
    }
    float[] vector = new float[content.length / Float.BYTES];
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    return vector;
  }

  private void delete(String file) {
    try {
      Files.deleteIfExists(folder.resolve(file));
    } catch (IOException e) {
      // It only takes space; the next checkpoint tries again.
    }
  }

  private void sweep() {
    if (folder == null || !Files.isDirectory(folder)) {
      return;
    }
    Set<String> live = new HashSet<>(checkpointed);
    entries.values().forEach(entry -> live.add(entry.file));
    staged.values().forEach(entry -> live.add(entry.file));
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
