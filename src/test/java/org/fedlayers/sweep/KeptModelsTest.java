package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.io.file.PathUtils;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Source;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Cells leave their averages, which give later the rows that the run would have given. */
class KeptModelsTest {
  private static final String YAML =
      """
      settings:
        data: {train: 60, test: 30}
        model: {name: mlp-2, width: 0.05}
        federation: {clients: 3}
        training: {epochs: 1, batch: 10, rate: 0.05}
        rounds: 2
        scoring: {averages: [all, server]}
        arms: [federated, central-large]
        measure: {what: [divergence, gradients, curvature, landscape, statistics], images: 10, steps: 1}
      """;

  private static final List<String> TABLES =
      List.of("rounds", "summary", "gradients", "curvature", "landscape", "statistics");

  @TempDir private Path folder;

  private static Experiment experiment(String... overrides) {
    return ExperimentReader.read(
        new Source("own", "tiny", "tiny.yaml", YAML), "quick", List.of(overrides), List.of());
  }

  private RunOptions options(String out) {
    return RunOptions.into(folder.resolve(out))
        .withModels(null)
        .on(folder, 2, Executor.AUTO)
        .checkpointing(Duration.ofHours(1));
  }

  private Sweep.Outcome run(String out, String... overrides) {
    Sweep.Outcome outcome =
        new Sweep(experiment(overrides), options(out), new SweepProgress() {}).run();
    assertThat(outcome.failed()).isEmpty();
    return outcome;
  }

  private int measure(String out, String... overrides) {
    RunOptions options = options(out).from(RunOptions.Start.MODELS);
    Sweep.Outcome outcome = new Sweep(experiment(overrides), options, new SweepProgress() {}).run();
    assertThat(outcome.failed()).isEmpty();
    return outcome.ran();
  }

  private Path table(String out, String table) {
    return folder.resolve(out).resolve("quick/own/tiny").resolve(table + ".csv");
  }

  private Path model(String out, int cell, String... overrides) {
    return folder
        .resolve(out + "-models/quick/own/tiny")
        .resolve(experiment(overrides).cells().get(cell).id());
  }

  @ParameterizedTest
  @CsvSource({
    "mlp-2,measure=none",
    "mlp-2,measure.what=divergence",
    "mlp-2,measure.what=[curvature]",
    "resnet-8,measure=none"
  })
  void whatIsMeasuredLaterHasTheBytesOfWhatIsMeasuredAtOnce(String name, String before)
      throws IOException {
    String network = "model.name=" + name;
    run("once", network);
    run("later", network, before);
    boolean divergence = before.contains("divergence");
    assertThat(table("later", "layers").toFile().exists()).isEqualTo(divergence);
    assertThat(measure("later", network)).isEqualTo(2);
    for (String table : TABLES) {
      assertThat(table("later", table)).hasSameBinaryContentAs(table("once", table));
    }
    assertThat(measure("later", network)).as("nothing is left").isZero();
    // The rows are in the state too: what needs no training is not trained again.
    Sweep.Outcome again =
        run("later", network, "measure.what=[gradients,curvature,landscape,statistics]");
    assertThat(again.ran()).isZero();
    assertThat(table("later", "curvature")).hasSameBinaryContentAs(table("once", "curvature"));
  }

  /** Else a cell that is run again for verification would lack one of the tables. */
  @Test
  void bothMeasurementsAreInTheSettings() throws IOException {
    run("later", "measure.what=[statistics]");
    assertThat(measure("later", "measure.what=[landscape]")).isEqualTo(2);
    Path place = folder.resolve("later/quick/own/tiny");
    assertThat(place.resolve("provenance.json"))
        .content()
        .containsPattern("\"measure.what\" : \\[\\s+\"statistics\",\\s+\"landscape\"\\s+\\]");
    Verification verification = new Verification(place);
    assertThat(
            verification
                .verify(verification.quickest(), folder, 2, Executor.AUTO, new SweepProgress() {})
                .passed())
        .isTrue();
  }

  /** Else rows of the other machine would be verified byte for byte on the first. */
  @Test
  void whatIsMeasuredLaterSaysOnWhatToo() throws IOException {
    assumeThat(Executor.AUTO.resolved()).isEqualTo(Executor.PLAN);
    RunOptions graph = options("later").on(folder, 2, Executor.GRAPH);
    new Sweep(experiment("measure=none"), graph, new SweepProgress() {}).run();
    assertThat(measure("later")).isEqualTo(2);
    Path provenance = folder.resolve("later/quick/own/tiny/provenance.json");
    assertThat(provenance).content().contains("\"executor\" : \"graph, then plan\"");
  }

  @Test
  void aManifestSaysWhoseAveragesTheyAreAndHoldsTheirDigests() throws IOException {
    run("once", "model.name=resnet-8", "measure=none");
    Path own = model("once", 0, "model.name=resnet-8");
    Map<String, Object> manifest = Json.read(own.resolve(KeptModels.MANIFEST));
    assertThat(manifest)
        .containsEntry("cell", own.getFileName().toString())
        .containsEntry("arm", "federated")
        .containsEntry("seed", 0)
        .containsEntry("round", 2)
        .containsEntry("data", "drawn")
        .containsKeys("configuration", "data_sha256", "weights", "statistics");
    var network = experiment("model.name=resnet-8").cells().get(0).configuration().network();
    int floats = network.weightCount() + network.statisticsCount();
    for (String average : List.of("all", "server")) {
      byte[] bytes = Files.readAllBytes(own.resolve(average + ".f32"));
      assertThat(bytes).hasSize(4 * floats);
      assertThat(((Map<?, ?>) manifest.get("sha256")).get(average + ".f32"))
          .isEqualTo(DigestUtils.sha256Hex(bytes));
      // Scales of normalisers are near 1, which they are in one order of bytes only.
      float last = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat(4 * floats - 4);
      assertThat(last).as("a variance").isBetween(1e-6f, 1e3f);
    }
    assertThat(model("once", 1, "model.name=resnet-8")).isDirectoryContaining("glob:**/server.f32");
  }

  /** What may be wrong with a kept model. */
  enum Wrong {
    MISSING("--keep-models"),
    DAMAGED("is damaged"),
    SHORT("is damaged"),
    HALF_COPIED("is missing"),
    OF_ANOTHER_CELL("no manifest"),
    OF_OTHER_IMAGES("the images here are not those"),
    NO_JSON("no JSON");

    private final String message;

    Wrong(String message) {
      this.message = message;
    }

    void put(Path own, Path other) throws IOException {
      Path file = own.resolve("all.f32");
      Path manifest = own.resolve(KeptModels.MANIFEST);
      switch (this) {
        case MISSING -> Files.delete(manifest);
        case DAMAGED -> {
          byte[] bytes = Files.readAllBytes(file);
          bytes[5] ^= 1;
          Files.write(file, bytes);
        }
        case SHORT -> Files.write(file, new byte[8]);
        case HALF_COPIED -> Files.delete(file);
        case OF_ANOTHER_CELL ->
            Files.copy(
                other.resolve(KeptModels.MANIFEST), manifest, StandardCopyOption.REPLACE_EXISTING);
        case OF_OTHER_IMAGES ->
            Files.writeString(
                manifest,
                Files.readString(manifest)
                    .replaceAll("(\"data_sha256\" : \")[0-9a-f]+", "$1" + "0".repeat(64)));
        case NO_JSON -> Files.writeString(manifest, "{");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrongIsSaidBeforeAnythingIsMeasured(Wrong wrong) throws IOException {
    run("later", "measure=none");
    Path results = folder.resolve("later/quick/own/tiny");
    wrong.put(model("later", 0), model("later", 1));
    assertThatThrownBy(() -> measure("later"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(wrong.message);
    assertThat(results).isDirectoryNotContaining("glob:**/curvature.csv");
  }

  /** Results and models that another machine has brought, whose state stayed there. */
  @Test
  void rowsThatWereReadBackAreThoseOfTheModel() throws IOException {
    run("later", "measure=none");
    PathUtils.delete(folder.resolve("later-state"));
    assertThat(measure("later")).isEqualTo(2);
  }

  /** Of the same settings: its code may have changed. */
  @Test
  void aModelOfAnEarlierRunIsRefused() {
    run("later", "measure=none");
    RunOptions without =
        RunOptions.into(folder.resolve("later"))
            .on(folder, 2, Executor.GRAPH)
            .from(RunOptions.Start.NOTHING);
    new Sweep(experiment("measure=none"), without, new SweepProgress() {}).run();
    assertThatThrownBy(() -> measure("later"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a model of another run than that of the rows");
  }

  @Test
  void resultsThatAreNotHereAreAskedFor() {
    assertThatThrownBy(() -> measure("nowhere"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("run it first");
  }
}
