// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
  private static final String SPEC = "../arch-specs/tiny-4x4.yaml";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  private int explore(String... arguments) {
    try (var toOut = new PrintWriter(out);
        var toErr = new PrintWriter(err)) {
      return Explore.run(toOut, toErr, arguments);
    }
  }

  private static void needsVerilator() {
    for (Tool each : Tool.ALL) {
      if (each.purpose().contains("verify")) {
        assumeTrue(
            each.find().isPresent(),
            "skipped: " + each.name() + " is missing; apt-get install " + each.aptPackage());
      }
    }
  }

  @Test
  void drawnNetworksAgree() {
    needsVerilator();
    assertThat(explore("verify", SPEC, "--random", "6", "--seed", "3")).as(err.toString()).isZero();
    assertThat(out.toString()).startsWith("6 networks on 1 machine: no mismatch; ");
  }

  @Test
  void aModelAgreesAndSaysWhatWasCompared() {
    needsVerilator();
    assertThat(explore("verify", SPEC, "--model", "ds_cnn")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("ds_cnn on tiny-4x4: equal: ");
  }

  @Test
  void verilogIsWritten() {
    assertThat(explore("rtl", SPEC, "-o", folder.toString())).isZero();
    assertThat(folder.resolve("lockstep_systolic.sv")).isNotEmptyFile();
  }

  @Test
  void mistakesOfTheUserAreExplained() {
    assertThat(explore("verify")).isEqualTo(2);
    assertThat(explore("verify", SPEC, "--family", "systolic")).isEqualTo(2);
    assertThat(explore("verify", SPEC, "--random", "0")).isEqualTo(2);
    assertThat(explore("verify", "--family", "systolic", "--model", "ds_cnn")).isEqualTo(2);
    assertThat(err.toString()).contains("give either a machine file or --family systolic");
  }
}
