// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every program on which simulator and Verilog once differed: they do not any more. */
class CrashersTest {
  static List<Path> crashers() throws IOException {
    try (var folders = Files.list(Path.of("..", "crashers"))) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("crashers")
  void isEqual(Path folder) {
    for (Tool each : Tool.ALL) {
      if (each.purpose().contains("verify")) {
        assumeTrue(each.find().isPresent(), "skipped: " + each.name() + " is missing");
      }
    }
    var out = new StringWriter();
    var err = new StringWriter();
    try (var toOut = new PrintWriter(out);
        var toErr = new PrintWriter(err)) {
      assertThat(Explore.run(toOut, toErr, "verify", "--again", folder.toString()))
          .as(out + "\n" + err)
          .isZero();
    }
    assertThat(out.toString()).contains(": equal");
  }
}
