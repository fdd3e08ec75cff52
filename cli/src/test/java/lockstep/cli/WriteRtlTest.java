// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import lockstep.rtl.Tool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The folder that {@code explore rtl} writes, used as a stranger uses it: by make alone. */
class WriteRtlTest {
  @TempDir Path folder;

  private String write(String machine, String... options) {
    List<String> command = new ArrayList<>(List.of("rtl", "../arch-specs/" + machine + ".yaml"));
    command.addAll(List.of("-o", folder.toString()));
    command.addAll(List.of(options));
    var out = new StringWriter();
    var err = new StringWriter();
    try (var toOut = new PrintWriter(out);
        var toErr = new PrintWriter(err)) {
      assertThat(Explore.run(toOut, toErr, command.toArray(String[]::new)))
          .as(err.toString())
          .isZero();
    }
    return err.toString();
  }

  private Tool.Outcome make(String target) throws InterruptedException {
    return Tool.call(List.of("make", target), folder, Duration.ofMinutes(10));
  }

  private static void needs(String... tools) {
    for (String each : tools) {
      assumeTrue(new Tool(each, each).installed(), "skipped: " + each + " is missing");
    }
  }

  /** The example uses no special slot; without one the model is built in half the time. */
  @ParameterizedTest
  @CsvSource({"tiny-4x4, clock_mhz=100", "npu-tiny, slots.special.count=0"})
  void makeLintsAndTheExampleIsWhatTheSimulatorSaid(String machine, String value) throws Exception {
    needs("verilator", "g++", "make");
    assertThat(write(machine, "--set", value)).isEmpty();
    var lint = make("lint");
    assertThat(lint.output()).doesNotContain("%Warning").doesNotContain("%Error");
    assertThat(lint.status()).isZero();
    var sim = make("sim");
    assertThat(sim.status()).as(sim.output()).isZero();
    assertThat(sim.output()).contains("ok: cycles ");

    Path expected = folder.resolve("example/expected.txt");
    String text = Files.readString(expected);
    long cycles = Long.parseLong(text.lines().findFirst().orElseThrow().split(" ")[1]);
    assertThat(cycles).isPositive();
    Files.writeString(expected, text.replaceFirst("cycles \\d+", "cycles " + (cycles + 1)));
    var wrongCycles = make("sim");
    assertThat(wrongCycles.status()).isNotZero();
    assertThat(wrongCycles.output()).contains("FAILED: cycles,");

    Files.writeString(expected, text);
    assertThat(make("sim").status()).isZero();
    Path memory = folder.resolve("example/expected.bin");
    byte[] bytes = Files.readAllBytes(memory);
    bytes[bytes.length / 2]++;
    Files.write(memory, bytes);
    var wrongMemory = make("sim");
    assertThat(wrongMemory.status()).isNotZero();
    assertThat(wrongMemory.output()).contains("FAILED: memory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-4x4", "npu-tiny", "npu"})
  void theExampleWritesItsResultsToMemory(String machine) throws IOException {
    write(machine);
    assertThat(Files.readAllBytes(folder.resolve("example/expected.bin")))
        .isNotEqualTo(Files.readAllBytes(folder.resolve("example/image.bin")));
  }

  @Test
  void whereNoExampleFitsTheCommandSaysSo() {
    assertThat(write("npu-tiny", "--set", "local_memory.capacity_bytes=64"))
        .isEqualTo("npu-tiny: nothing small fits, so there is no example program\n");
    assertThat(folder.resolve("example")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"tiny-4x4, systolic", "npu-tiny, vliw"})
  void theCoreFileIsYamlAndNamesFilesThatAreThere(String machine, String family)
      throws IOException {
    write(machine);
    Object core =
        new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build())
            .loadFromString(
                Files.readString(folder.resolve(machine + ".core")).replace("CAPI=2:", ""));
    assertThat(core).asString().contains("name=lockstep:%s:%s:".formatted(family, machine));
    var named =
        Files.readString(folder.resolve(machine + ".core"))
            .lines()
            .filter(line -> line.startsWith("      - "))
            .map(line -> line.substring(8).replaceFirst(":.*", ""))
            .toList();
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(named).allSatisfy(name -> assertThat(folder.resolve(name)).isNotEmptyFile());
    try (var files = Files.list(folder.resolve("rtl"))) {
      assertThat(named).containsAll(files.map(each -> "rtl/" + each.getFileName()).toList());
    }
  }

  /** Takes a minute or two for each and prints the cells; {@code mvn -P synthesis}. */
  @ParameterizedTest
  @CsvSource({"tiny-4x4, synth", "npu-tiny, synth", "npu-tiny, synth-all"})
  @Tag("synthesis")
  void yosysSynthesises(String machine, String target) throws Exception {
    needs("yosys", "make");
    write(machine);
    var synth = make(target);
    assertThat(synth.status()).as(synth.output()).isZero();
    assertThat(synth.output()).contains("Number of cells:");
    assertThat(synth.output().contains(" sram_1r1w ")).isEqualTo(target.equals("synth"));
    assertThat(synth.output().contains(" sram_multiport "))
        .isEqualTo(target.equals("synth") && machine.equals("npu-tiny"));
    OutputStream out = System.out;
    out.write(synth.output().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
