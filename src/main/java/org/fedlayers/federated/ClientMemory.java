package org.fedlayers.federated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.data.SealedFile;
import org.fedlayers.options.UserError;

/**
 * What clients remember between rounds besides the model: vectors by client and slot. A client that
 * never wrote takes no space. Vectors stay on the heap up to a limit; beyond it each goes to a file
 * of its own.
 *
 * <p>Writes of a round are staged and become visible together by {@link #commit()}, which moves no
 * data and cannot fail half-way. A file never changes once it is written, and is not deleted while
 * the last checkpoint names it, so a crash at any instant leaves a whole state behind. Its name
 * ends with its length and checksum: a checkpoint accepts no other content.
 */
public final class ClientMemory {
  /** A vector on the heap or in a file; in both if it was on the heap at a checkpoint. */
  private record Entry(float[] onHeap, String file) {
    long heapBytes() {
      return onHeap == null ? 0 : (long) Float.BYTES * onHeap.length;
    }
  }

  private final Path folder;
  private final long heapLimit;
  private long heapBytes;
  private long version;
  private final Map<String, Entry> entries = new TreeMap<>();
  private final Map<String, Entry> staged = new TreeMap<>();
  private final Set<String> checkpointed = new HashSet<>();

  private ClientMemory(Path folder, long heapLimit) {
    this.folder = folder;
    this.heapLimit = heapLimit;
  }

  /** A memory on the heap only, for short runs that are never resumed. */
  public static ClientMemory onHeap() {
    return new ClientMemory(null, Long.MAX_VALUE);
  }

  /**
   * @param folder for vectors beyond the limit and for checkpoints; made when first needed, and
   *     used by this memory alone: files that no state names are deleted
   * @param heapLimit bytes of vectors that may stay on the heap
   */
  public static ClientMemory in(Path folder, long heapLimit) {
    return new ClientMemory(folder, heapLimit);
  }

  private static String key(int client, String slot) {
    return slot + "-" + client;
  }

  /**
   * The committed vector, not to be changed, or null if none was ever written. Several threads may
   * read while one stages.
   */
  public float[] get(int client, String slot) {
    Entry entry = entries.get(key(client, slot));
    try {
      return entry == null ? null : entry.onHeap != null ? entry.onHeap : read(entry.file);
    } catch (IOException e) {
      throw new UserError(
          e.getMessage()
              + "; if another run has gone on there meanwhile, start this one again from there",
          e);
    }
  }

  /** The committed vector, or another one if none was ever written. */
  float[] get(int client, String slot, float[] otherwise) {
    return Objects.requireNonNullElse(get(client, slot), otherwise);
  }

  /** Stages a vector for {@link #commit()}; the array now belongs to this memory. */
  public void stage(int client, String slot, float[] vector) {
    String key = key(client, slot);
    discard(staged.remove(key));
    Entry entry = new Entry(vector, null);
    if (heapBytes + entry.heapBytes() > heapLimit) {
      entry = new Entry(null, store(key, vector));
    }
    heapBytes += entry.heapBytes();
    staged.put(key, entry);
  }

  /** Replaces what was remembered by what was staged. Not to be called while others read. */
  public void commit() {
    staged.forEach((key, entry) -> discard(entries.put(key, entry)));
    staged.clear();
  }

  /** Discards what was staged. */
  public void rollBack() {
    staged.values().forEach(this::discard);
    staged.clear();
  }

  /** Writes what is not yet in a file and returns every entry's file, for a checkpoint to name. */
  public Map<String, String> save() throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      float[] onHeap = each.getValue().onHeap;
      if (each.getValue().file == null) {
        each.setValue(new Entry(onHeap, store(each.getKey(), onHeap)));
      }
      files.put(each.getKey(), each.getValue().file);
    }
    if (!files.isEmpty()) {
      AtomicFile.sync(folder);
    }
    return files;
  }

  /** To be called once a checkpoint that names {@code files} is on disk: deletes older files. */
  public void checkpointed(Map<String, String> files) {
    checkpointed.clear();
    checkpointed.addAll(files.values());
    if (folder == null || !Files.isDirectory(folder)) {
      return;
    }
    Set<String> live = new HashSet<>(checkpointed);
    entries.values().forEach(entry -> live.add(entry.file));
    staged.values().forEach(entry -> live.add(entry.file));
    try (Stream<Path> there = Files.list(folder)) {
      there
          .map(path -> path.getFileName().toString())
          .filter(name -> !live.contains(name))
          .forEach(name -> discard(new Entry(null, name)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tidy client memory in " + folder, e);
    }
  }

  /**
   * Continues from the state that a checkpoint names. The folder stays as it is: another process
   * may be training there, and what no state names goes with the next checkpoint.
   *
   * @throws IOException that names a file that is missing or not the one that was saved
   */
  public void restore(Map<String, String> files) throws IOException {
    Map<String, Entry> restored = new TreeMap<>();
    for (Map.Entry<String, String> named : files.entrySet()) {
      String file = named.getValue();
      read(file);
      restored.put(named.getKey(), new Entry(null, file));
      String[] parts = file.split("\\.");
      version = Math.max(version, Long.parseLong(parts[parts.length - 2]));
    }
    staged.clear();
    entries.clear();
    heapBytes = 0;
    entries.putAll(restored);
    checkpointed.clear();
    checkpointed.addAll(files.values());
  }

  /** Bytes of vectors held on the heap. */
  long heapBytes() {
    return heapBytes;
  }

  /** Writes a vector to a file of its own, whose name is returned. */
  private String store(String key, float[] vector) {
    if (folder == null) {
      throw new IllegalStateException("this client memory lives on the heap only");
    }
    byte[] content = new byte[Math.multiplyExact(Float.BYTES, vector.length)];
    SealedFile.floats(content).put(vector);
    String file = key + "." + ++version + "." + SealedFile.seal(content);
    try {
      AtomicFile.writeSynced(AtomicFile.folder(folder).resolve(file), out -> out.write(content));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep client memory in " + folder, e);
    }
    return file;
  }

  private float[] read(String file) throws IOException {
    Path path = folder.resolve(file);
    byte[] content = SealedFile.bytes(path);
    if (!file.endsWith("." + SealedFile.seal(content))) {
      throw new IOException(path + " is damaged: its checksum is wrong");
    }
    float[] vector = new float[content.length / Float.BYTES];
    SealedFile.floats(content).get(vector);
    return vector;
  }

  /** Forgets an entry; its file stays if the last checkpoint names it. */
  private void discard(Entry entry) {
    heapBytes -= entry == null ? 0 : entry.heapBytes();
    if (entry == null || entry.file == null || checkpointed.contains(entry.file)) {
      return;
    }
    try {
      Files.deleteIfExists(folder.resolve(entry.file));
    } catch (IOException e) {
      // It only takes space; the next checkpoint tries again.
    }
  }
}
