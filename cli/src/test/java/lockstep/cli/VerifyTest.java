// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import lockstep.arch.Architecture;
import lockstep.rtl.MachineVerilog;
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
    assertThat(out.toString())
        .startsWith("6 networks on 1 machine: no mismatch; ")
        .containsPattern(
            "2 of them drawn as ONNX models: \\d+ operators of \\d+ kinds; \\d+ layers on the"
                + " machine, \\d+ on the host");
  }

  @Test
  void drawnNetworksAgreeOnAVliwMachine() {
    needsVerilator();
    assertThat(explore("verify", "../arch-specs/npu-tiny.yaml", "--random", "4", "--seed", "2"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).startsWith("4 networks on 1 machine: no mismatch; ");
  }

  @Test
  void aModelAgreesAndSaysWhatWasCompared() {
    needsVerilator();
    assertThat(explore("verify", SPEC, "--model", "ds_cnn")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("ds_cnn on tiny-4x4: equal: ");
  }

  @Test
  void aDifferenceIsReportedReproducedAndAnExitCode() throws Exception {
    needsVerilator();
    int exitCode =
        Explore.commandLine(
                new Verb("verify", "", () -> new VerifyMachine(VerifyTest::thatDoesNotClamp)),
                new PrintWriter(out),
                new PrintWriter(err))
            .execute(SPEC, "--random", "8", "--seed", "1", "-o", folder.toString());
    assertThat(exitCode).as(err.toString()).isEqualTo(1);
    assertThat(out.toString()).contains("MISMATCHES").contains("memory differs first at byte 0x");
    Path reproduction;
    try (var folders = Files.list(folder)) {
      reproduction = folders.findFirst().orElseThrow();
    }
    assertThat(out.toString()).contains("reproduction: " + reproduction);
    assertThat(reproduction.resolve("divergence.txt"))
        .content()
        .contains("found by: explore verify " + SPEC + " --random 8 --seed 1 -o " + folder)
        .contains("again: explore verify --again " + reproduction);
    assertThat(reproduction.resolve("window.vcd")).isNotEmptyFile();
    assertThat(explore("verify", "--again", reproduction.toString())).isZero();
    assertThat(out.toString()).contains(reproduction + ": equal");
  }

  /** Post-processing that lets results wrap. */
  private static MachineVerilog<?> thatDoesNotClamp(Architecture machine) {
    var files = new LinkedHashMap<>(MachineVerilog.of(machine).files());
    files.computeIfPresent(
        "systolic_requantise.sv",
        (name, text) ->
            text.replace(
                "result <= y < 35'(min) ? min : y > 35'(max) ? max : y[7:0];",
                "result <= y[7:0];"));
    return new MachineVerilog<>(machine, files);
  }

  @Test
  void verilogIsWritten() {
    assertThat(explore("rtl", SPEC, "-o", folder.toString())).isZero();
    assertThat(folder.resolve("rtl/lockstep_systolic.sv")).isNotEmptyFile();
  }

  @Test
  void mistakesOfTheUserAreExplained() {
    assertThat(explore("verify")).isEqualTo(2);
    assertThat(explore("verify", SPEC, "--family", "systolic")).isEqualTo(2);
    assertThat(explore("verify", SPEC, "--random", "0")).isEqualTo(2);
    assertThat(explore("verify", "--family", "systolic", "--model", "ds_cnn")).isEqualTo(2);
    assertThat(explore("verify", SPEC, "--again", folder.toString())).isEqualTo(2);
    assertThat(explore("verify", "--again", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("give either a machine file or a --family");
  }
}
