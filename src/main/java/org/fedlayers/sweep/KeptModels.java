package org.fedlayers.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.data.SealedFile;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.federated.Federation.ModelState;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Tensor;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Json;
import org.fedlayers.results.Schema;
import org.fedlayers.sweep.CellBuilder.Built;

/**
 * The final models of the cells of an experiment, a folder for each cell: weights and then
 * statistics as little-endian floats, one file an average, and a manifest that says whose they are,
 * their shapes and their SHA-256. It is written last, so that a folder with one is whole.
 */
final class KeptModels {
  static final String MANIFEST = "manifest.json";
  private static final int FORMAT = 1;

  private final Path folder;

  KeptModels(Path home, Experiment experiment) {
    folder = experiment.in(home);
  }

  Path folder() {
    return folder;
  }

  boolean has(String cell) {
    return Files.isRegularFile(folder.resolve(cell).resolve(MANIFEST));
  }

  /** Whether a cell came to its last round without leaving a model. */
  boolean lacks(FinishedCell done) {
    return !has(done.id()) && done.tables().divergence().isEmpty();
  }

  /** Keeps the averages of a cell that has come to its end. */
  void keep(Cell cell, FinishedCell done, Built built, Map<String, ModelState> averages) {
    Path own = folder.resolve(cell.id());
    try {
      Files.deleteIfExists(own.resolve(MANIFEST));
      AtomicFile.folder(own);
      Map<String, String> digests = new LinkedHashMap<>();
      for (Map.Entry<String, ModelState> average : averages.entrySet()) {
        byte[] bytes = bytes(average.getValue());
        AtomicFile.write(own.resolve(file(average.getKey())), out -> out.write(bytes));
        digests.put(file(average.getKey()), DigestUtils.sha256Hex(bytes));
      }
      Map<String, Object> manifest = new LinkedHashMap<>();
      manifest.put("format", FORMAT);
      manifest.put("cell", cell.id());
      manifest.put("arm", cell.arm().text());
      manifest.put("seed", cell.seed());
      manifest.put("round", cell.configuration().rounds());
      manifest.put("data", built.data().name());
      manifest.put("data_sha256", built.data().sha256());
      manifest.put("configuration", cell.configuration().chosen());
      manifest.put("rounds_sha256", digest(done));
      manifest.put("sha256", digests);
      manifest.put("weights", shapes(built.network().weights()));
      manifest.put("statistics", shapes(built.network().statistics()));
      AtomicFile.write(own.resolve(MANIFEST), Json.pretty(manifest));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep models in " + own, e);
    }
  }

  /**
   * A finished cell with the rows, too, that its run would have written at its end.
   *
   * @param environment what they are measured on
   * @param workers threads to compute on
   */
  FinishedCell measure(
      Cell cell, FinishedCell done, Built built, Map<String, Object> environment, int workers) {
    CellTables tables = done.tables().copy();
    ModelState model = read(cell, done, built.network(), built.data().sha256());
    new Measurements(cell, built, workers)
        .atEnd(
            Measurements.missingAtEnd(cell, tables), model, cell.configuration().rounds(), tables);
    Map<String, String> before = Environment.decisive(done.environment());
    return done.with(tables, Environment.after(before, environment));
  }

  /**
   * The average that is scored first.
   *
   * @param done the rows that it goes with
   * @param sha256 of the images as they are here
   * @throws UserError if the average is not there, not whole, or of other images or rows
   */
  ModelState read(Cell cell, FinishedCell done, Network network, String sha256) {
    Path own = folder.resolve(cell.id());
    String average = cell.model();
    if (!has(cell.id())) {
      throw new UserError(
          "no model of it in " + folder + "; 'run --keep-models --fresh' leaves one");
    }
    Map<String, Object> manifest = Json.read(own.resolve(MANIFEST));
    if (!(manifest.get("sha256") instanceof Map<?, ?> digests)
        || !cell.id().equals(manifest.get("cell"))
        || !digests.containsKey(file(average))) {
      throw new UserError(
          "%s: no manifest of the %s average of cell %s"
              .formatted(own.resolve(MANIFEST), average, cell.id()));
    }
    if (!sha256.equals(manifest.get("data_sha256"))) {
      throw new UserError(own + ": the images here are not those it was trained on");
    }
    Object rounds = manifest.get("rounds_sha256"); // manifests of old have none
    if (rounds != null && !rounds.equals(digest(done))) {
      throw new UserError(
          own
              + ": a model of another run than that of the rows; 'run --keep-models --fresh' leaves"
              + " both");
    }
    Path file = own.resolve(file(average));
    try {
      byte[] bytes = SealedFile.bytes(file);
      float[] weights = new float[network.weightCount()];
      float[] statistics = new float[network.statisticsCount()];
      if (!DigestUtils.sha256Hex(bytes).equals(digests.get(file(average)))
          || bytes.length != Float.BYTES * (weights.length + statistics.length)) {
        throw new UserError(file + " is damaged: its SHA-256 is not the manifest's; copy it again");
      }
      SealedFile.floats(bytes).get(weights).get(statistics);
      return new ModelState(weights, statistics);
    } catch (IOException e) {
      throw new UserError(e.getMessage(), e);
    }
  }

  /** Of a run's rounds: runs of equal settings may differ by code or machine. */
  private static String digest(FinishedCell done) {
    return DigestUtils.sha256Hex(Json.line(done.tables().of(Schema.ROUNDS)));
  }

  private static String file(String average) {
    return average + ".f32";
  }

  private static byte[] bytes(ModelState average) {
    int count = average.weights().length + average.statistics().length;
    byte[] bytes = new byte[Math.multiplyExact(Float.BYTES, count)];
    SealedFile.floats(bytes).put(average.weights()).put(average.statistics());
    return bytes;
  }

  private static List<Object> shapes(List<Tensor> tensors) {
    List<Object> shapes = new ArrayList<>();
    tensors.forEach(tensor -> shapes.add(Map.of(tensor.name(), tensor.dimensions())));
    return shapes;
  }
}
