package org.fedlayers.sweep;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.io.function.Uncheck;
import org.fedlayers.data.SealedFile;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Configuration;
import org.fedlayers.federated.ClientMemory;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.ServerState;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Json;

/**
 * All that a cell needs to go on after a crash: the server's state, which file holds what clients
 * remember, and the tables so far. As a {@link SealedFile}; the names of the clients' files in it
 * hold their checksums.
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
    CellTables tables,
    double seconds,
    Map<String, String> computedOn) {
  private static final String KIND = "checkpoint 4 ";

  /** Of the file. */
  static final String NAME = "checkpoint";

  /** The folder beside the checkpoint, for clients' memory that exceeds {@link #MEMORY_ON_HEAP}. */
  private static final String MEMORY = "memory";

  private static final long MEMORY_ON_HEAP = 256L << 20;

  /** Memory of clients that goes with a checkpoint in this folder. */
  public static ClientMemory memory(Path folder) {
    return ClientMemory.in(folder.resolve(MEMORY), MEMORY_ON_HEAP);
  }

  /**
   * Moves the folder of a checkpoint that is not whole, or of another version, out of the way: it
   * may hold hours.
   *
   * @return where to
   */
  static Path setAside(Path folder) {
    Path aside = folder.resolveSibling("unused");
    CellStore.delete(aside);
    return Uncheck.get(() -> Files.move(folder, aside), () -> "cannot set aside " + folder);
  }

  /** Whether a cell has a checkpoint of any owner, each of which has a folder of its own. */
  static boolean isIn(Path cell) {
    if (!Files.isDirectory(cell)) {
      return false;
    }
    try (Stream<Path> owners = Files.list(cell)) {
      return owners.anyMatch(owner -> Files.exists(owner.resolve(NAME)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into " + cell, e);
    }
  }

  /** Writes all that a cell needs to go on, with its rows so far. */
  static void write(
      Federation federation,
      CellTables tables,
      double seconds,
      Map<String, String> computedOn,
      Path folder,
      String owner)
      throws IOException {
    Map<String, String> memory = federation.memory().save();
    new Checkpoint(federation.server(), memory, tables, seconds, computedOn)
        .write(folder.resolve(NAME), owner);
    federation.memory().checkpointed(memory);
  }

  /**
   * Keeps a federation in a folder, for {@link #load}. Its memory is that of {@link #memory} in
   * this folder.
   *
   * @param owner names all that decides its numbers, see {@link #owner}
   */
  public static void save(Federation federation, Path folder, String owner) throws IOException {
    write(federation, new CellTables(), 0, Map.of(), folder, owner);
  }

  /**
   * Brings a federation to where it was kept, if it was.
   *
   * @throws UserError if the folder holds another run, or a damaged one
   */
  public static void load(Federation federation, Path folder, String owner) {
    if (Files.exists(folder.resolve(NAME))) {
      try {
        read(folder.resolve(NAME), owner).restore(federation);
      } catch (IOException e) {
        throw new UserError(
            e.getMessage()
                + "; keep the run in another folder, or delete this one (for more rounds of the"
                + " same run leave 'rounds' as it was, and call rounds(more) once it is finished)",
            e);
      }
    }
  }

  /** When the checkpoint in a folder was written; null if there is none. */
  public static FileTime written(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    return Files.exists(file) ? Files.getLastModifiedTime(file) : null;
  }

  /** Brings a federation to where it was. */
  void restore(Federation federation) throws IOException {
    federation.memory().restore(memory);
    federation.restore(state);
  }

  /** Whose it is: all that decides a cell's rows, the images and what is measured included. */
  public static String owner(Cell cell, String sha256) {
    return Configuration.hash(Json.line(List.of(cell.id(), cell.configuration().chosen(), sha256)));
  }

  /** Writes it whole or not at all. */
  void write(Path file, String owner) throws IOException {
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
    for (Object text : List.of(memory, tables, seconds, computedOn)) {
      byte[] json = Json.line(text).getBytes(StandardCharsets.UTF_8);
      out.writeInt(json.length);
      out.write(json);
    }
    SealedFile.write(file, KIND + owner, bytes.toByteArray());
  }

  /**
   * @throws IOException that names the file, if it is not a whole checkpoint of this owner
   */
  static Checkpoint read(Path file, String owner) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(SealedFile.read(file, KIND + owner)));
    ServerState state =
        new ServerState(
            in.readInt(),
            in.readLong(),
            in.readLong(),
            readVector(in),
            readVector(in),
            readVector(in),
            new TreeMap<>());
    for (int left = in.readInt(); left > 0; left--) {
      state.slots().put(in.readUTF(), readVector(in));
    }
    return new Checkpoint(
        state,
        read(in, new TypeReference<>() {}),
        read(in, new TypeReference<>() {}),
        read(in, new TypeReference<>() {}),
        read(in, new TypeReference<>() {}));
  }

  private static <T> T read(DataInputStream in, TypeReference<T> type) throws IOException {
    return Json.read(in.readNBytes(in.readInt()), type);
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
}
