package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataHomeTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "Linux, -, -, -, /home/me/.cache/fedlayers",
        "Linux, -, /xdg, -, /xdg/fedlayers",
        "Linux, -, xdg, -, /home/me/.cache/fedlayers",
        "FreeBSD, -, -, -, /home/me/.cache/fedlayers",
        "Mac OS X, -, /xdg, -, /home/me/Library/Caches/fedlayers",
        "Windows 11, -, -, /local, /local/fedlayers",
        "Windows 11, -, -, -, /home/me/AppData/Local/fedlayers",
        "Linux, /data, /xdg, -, /data",
        "Windows 11, /data, -, /local, /data"
      })
  void theDataDirectoryFollowsTheCustomsOfTheSystem(
      String system, String named, String xdg, String local, Path expected) {
    Map<String, String> environment = new HashMap<>();
    environment.put(DataHome.VARIABLE, named == null ? "" : named);
    environment.put("XDG_CACHE_HOME", xdg == null ? "" : xdg);
    environment.put("LOCALAPPDATA", local == null ? "" : local);
    Path user = Path.of("/home/me");
    assertThat(DataHome.resolve(null, environment, system, user)).isEqualTo(expected);
    assertThat(DataHome.resolve(Path.of("/mine"), environment, system, user))
        .isEqualTo(Path.of("/mine"));
  }
}
