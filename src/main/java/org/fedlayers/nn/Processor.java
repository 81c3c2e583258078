package org.fedlayers.nn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The processor this machine has. Kernels are chosen by its instruction set, so results agree byte
 * for byte only between machines where it agrees.
 *
 * @param model as the system names it
 * @param instructions the widest vectors: {@code AVX-512}, {@code AVX2}, {@code AVX}, {@code SSE},
 *     {@code NEON} or {@code unknown}
 */
public record Processor(String model, String instructions) {
  private static final Path LINUX = Path.of("/proc/cpuinfo");
  private static final List<String> MAC =
      List.of(
          "sysctl",
          "-n",
          "machdep.cpu.brand_string",
          "machdep.cpu.features",
          "machdep.cpu.leaf7_features");

  /** Reads what the system says; never fails, an unknown processor is named so. */
  public static Processor here() {
    String system = System.getProperty("os.name");
    try {
      if (Files.isReadable(LINUX)) {
        return linux(Files.readAllLines(LINUX));
      } else if (system.startsWith("Mac")) {
        return mac(System.getProperty("os.arch"));
      }
    } catch (IOException e) {
      // Only a name is lost.
    }
    return new Processor(System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", arch()), "unknown");
  }

  static Processor linux(List<String> cpuinfo) {
    Map<String, String> fields = new HashMap<>();
    for (String line : cpuinfo) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    String flags = fields.getOrDefault("flags", fields.getOrDefault("Features", ""));
    return new Processor(fields.getOrDefault("model name", arch()), widest(flags));
  }

  private static Processor mac(String arch) throws IOException {
    Process sysctl = new ProcessBuilder(MAC).redirectErrorStream(true).start();
    String said = new String(sysctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String instructions = arch.equals("aarch64") ? "NEON" : widest(said);
    return new Processor(said.lines().findFirst().orElse(arch), instructions);
  }

  private static String widest(String flags) {
    Set<String> all = new HashSet<>(List.of(flags.toLowerCase(Locale.ROOT).split("\\s+")));
    if (all.contains("avx512f")) {
      return "AVX-512";
    } else if (all.contains("avx2")) {
      return "AVX2";
    } else if (all.contains("avx") || all.contains("avx1.0")) {
      return "AVX";
    } else if (all.contains("sse2")) {
      return "SSE";
    }
    return all.contains("asimd") ? "NEON" : "unknown";
  }

  private static String arch() {
    return System.getProperty("os.arch");
  }

  /** Whether it is known to lack the vectors that natives called {@code avx2} are made of. */
  public boolean lacksAvx2() {
    return instructions.equals("AVX") || instructions.equals("SSE");
  }

  @Override
  public String toString() {
    return model + " (" + instructions + ")";
  }
}
