package org.fedlayers.experiment;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.federated.ClientMemory;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.ServerState;

/**
 * All that a cell needs to go on after a crash: the server's state, which file holds what clients
 * remember, and the tables so far. As bytes: magic, version, the cell's id, the length of the
 * payload, the payload, its CRC-32C.
 *
 * @param state of the server after some round
 * @param memory file of each entry of the clients' memory
 * @param tables rows so far
 * @param seconds spent so far
 * @param computedOn what decided its bits, {@link Environment#decisive}
 */
public record Checkpoint(
    ServerState state,
    Map<String, String> memory,
    Tables tables,
    double seconds,
    Map<String, String> computedOn) {
  private static final byte[] MAGIC = "fedlayers checkpoint\n".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 2;

  /** Of the file. */
  static final String NAME = "checkpoint";

  /** Of the folder beside it, where clients' memory lies beyond this size. */
  private static final String MEMORY = "memory";

  private static final long MEMORY_ON_HEAP = 256L << 20;

  /** What was found is no whole checkpoint of this cell. */
  static final class Damaged extends IOException {
    Damaged(String message) {
      super(message);
    }
  }

  /** Memory of clients that goes with a checkpoint in this folder. */
  public static ClientMemory memory(Path folder) {
    return ClientMemory.in(folder.resolve(MEMORY), MEMORY_ON_HEAP);
  }

  /** Deletes a checkpoint and the memory that goes with it. */
  public static void forget(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve(NAME));
    Sweep.delete(folder.resolve(MEMORY));
  }

  /** Writes all that a federation needs to go on into a folder, as a run does. */
  public static void write(Federation federation, Path folder) throws IOException {
    write(federation, new Tables(), 0, Map.of(), folder, "");
  }

  /** As one of a cell, with its rows so far. */
  static void write(
      Federation federation,
      Tables tables,
      double seconds,
      Map<String, String> computedOn,
      Path folder,
      String cell)
      throws IOException {
    Map<String, String> memory = federation.memory().save();
    new Checkpoint(federation.server(), memory, tables, seconds, computedOn)
        .write(folder.resolve(NAME), cell);
    federation.memory().checkpointed(memory);
  }

  /** Writes it whole or not at all. */
  void write(Path file, String cell) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(state.round());
    out.writeLong(state.steps());
    out.writeLong(state.samples());
    writeVector(out, state.weights());
    writeVector(out, state.statistics());
    writeVector(out, state.cohortWeights());
    out.writeInt(state.slots().size());
    for (Map.Entry<String, float[]> slot : state.slots().entrySet()) {
      out.writeUTF(slot.getKey());
      writeVector(out, slot.getValue());
    }
    writeMap(out, memory);
    tables.write(out);
    out.writeDouble(seconds);
    writeMap(out, computedOn);
    byte[] payload = bytes.toByteArray();
    AtomicFile.write(
        file,
        stream -> {
          DataOutputStream whole = new DataOutputStream(stream);
          whole.write(MAGIC);
          whole.writeInt(VERSION);
          whole.writeUTF(cell);
          whole.writeInt(payload.length);
          whole.write(payload);
          whole.writeLong(checksum(payload));
          whole.flush();
        });
  }

  /**
   * @throws Damaged if the file is not a whole checkpoint of this cell
   */
  static Checkpoint read(Path file, String cell) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw new Damaged("it is not a checkpoint");
      }
      int version = in.readInt();
      if (version != VERSION) {
        throw new Damaged("it is of version " + version + ", this program reads " + VERSION);
      }
      String owner = in.readUTF();
      if (!owner.equals(cell)) {
        throw new Damaged("it belongs to cell " + owner);
      }
      byte[] payload = in.readNBytes(in.readInt());
      if (in.readLong() != checksum(payload)) {
        throw new Damaged("its checksum is wrong");
      }
      return parse(new DataInputStream(new ByteArrayInputStream(payload)));
    } catch (EOFException | UTFDataFormatException | IllegalArgumentException e) {
      throw new Damaged("it is damaged or cut short");
    }
  }

  private static Checkpoint parse(DataInputStream in) throws IOException {
    int round = in.readInt();
    long steps = in.readLong();
    long samples = in.readLong();
    float[] weights = readVector(in);
    float[] statistics = readVector(in);
    float[] cohortWeights = readVector(in);
    Map<String, float[]> slots = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      slots.put(in.readUTF(), readVector(in));
    }
    Map<String, String> memory = readMap(in);
    Tables tables = Tables.read(in);
    ServerState state =
        new ServerState(round, steps, samples, weights, statistics, cohortWeights, slots);
    return new Checkpoint(state, memory, tables, in.readDouble(), readMap(in));
  }

  private static void writeMap(DataOutputStream out, Map<String, String> map) throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, String> entry : map.entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeUTF(entry.getValue());
    }
  }

  private static Map<String, String> readMap(DataInputStream in) throws IOException {
    Map<String, String> map = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      map.put(in.readUTF(), in.readUTF());
    }
    return map;
  }

  private static void writeVector(DataOutputStream out, float[] vector) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, vector.length));
    bytes.asFloatBuffer().put(vector);
    out.writeInt(vector.length);
    out.write(bytes.array());
  }

  private static float[] readVector(DataInputStream in) throws IOException {
    float[] vector = new float[in.readInt()];
    ByteBuffer.wrap(in.readNBytes(Float.BYTES * vector.length)).asFloatBuffer().get(vector);
    return vector;
  }

  private static long checksum(byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload);
    return crc.getValue();
  }
}
