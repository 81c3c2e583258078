package org.fedlayers.cluster;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.fedlayers.data.DataHome;
import org.fedlayers.data.DataSets;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.Arm;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Configuration;
import org.fedlayers.federated.Problem;
import org.fedlayers.federated.Setting;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Json;
import org.fedlayers.sweep.CellBuilder;
import org.fedlayers.sweep.DataCache;
import org.fedlayers.sweep.Environment;

/**
 * A run that another process builds again from a description in words: its configuration, arm and
 * seed, the hash of its images, and what decides its bits. No object is sent.
 *
 * @param problem with images that this process read
 * @param setting all else that decides a client's training
 */
record RemoteCell(Problem problem, Setting setting) {
  private static final Map<Path, DataCache> CACHES = new ConcurrentHashMap<>();

  /**
   * Builds the described run; image sets are read once a process, from where the describing process
   * has them, else from this one's own data folder.
   *
   * @throws UserError if images, instruction set, Java or executor are others here, so that the
   *     bytes would be
   */
  static RemoteCell of(String description) {
    Map<String, Object> all = read(description);
    @SuppressWarnings("unchecked") // as Sweep describes it
    Map<String, Object> configuration = (Map<String, Object>) all.get("configuration");
    @SuppressWarnings("unchecked")
    Map<String, String> there = (Map<String, String>) all.get("environment");
    Executor executor = Executor.named(there.get("executor"));
    require("computes on", there, Environment.decisive(Environment.here(executor)));
    long seed = ((Number) all.get("seed")).longValue();
    Cell cell =
        new Cell(
            Configuration.of(configuration), Arm.named((String) all.get("arm")), seed, Map.of());
    Path named = Path.of((String) all.get("data"));
    boolean isThere = DataSets.isIn(cell.configuration().data().set(), named);
    Path data = isThere ? named : DataHome.resolve(null);
    DataCache cache = CACHES.computeIfAbsent(data, DataCache::new);
    CellBuilder.Built built = new CellBuilder(cache, executor).build(cell);
    require("has images in " + data + " with SHA-256", all.get("sha256"), built.data().sha256());
    return new RemoteCell(built.problem(), built.setting());
  }

  private static Map<String, Object> read(String description) {
    try {
      byte[] bytes = description.getBytes(StandardCharsets.UTF_8);
      return Json.read(bytes, new TypeReference<Map<String, Object>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void require(String what, Object there, Object here) {
    if (!there.equals(here)) {
      throw new UserError(
          "a worker %s %s, where the run was started: %s; bytes would differ, so let all be alike"
              .formatted(what, here, there));
    }
  }
}
