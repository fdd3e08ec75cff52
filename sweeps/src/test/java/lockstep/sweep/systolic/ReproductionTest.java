// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import lockstep.arch.Dma;
import lockstep.arch.OffChipMemory;
import lockstep.arch.ResolvedYaml;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.Disassembler;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.rtl.Divergence;
import lockstep.rtl.MachineVerilog;
import lockstep.rtl.Tool;
import lockstep.rtl.systolic.SystolicVerilog;
import lockstep.sweep.verify.RandomVerification;
import lockstep.sweep.verify.RandomVerification.Mismatch;
import lockstep.sweep.verify.Reproduction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user is given when simulator and Verilog differ, from the comparison to the folder. */
class ReproductionTest {
  private static final SystolicArchitecture MACHINE =
      new SystolicArchitecture(
          "planted",
          new SystolicArchitecture.Array(4, 3, Set.of(Dataflow.WS, Dataflow.OS)),
          new SystolicArchitecture.Scratchpad(8192, 4, 4),
          new SystolicArchitecture.Accumulator(1536, 2, 12),
          new SystolicArchitecture.PostProcessing(2, 8),
          new Dma(4, 2, 8),
          new SystolicArchitecture.Queues(4, 8),
          new OffChipMemory("unit", 7, 3, 1 << 24),
          100,
          "unit");
  private static final long SEED = 5;

  @TempDir static Path cache;
  @TempDir Path folder;

  @BeforeEach
  void needsVerilator() {
    for (String each : List.of("verilator", "g++", "make")) {
      assumeTrue(new Tool(each, each).installed(), each + " is not installed");
    }
  }

  private static MachineVerilog<SystolicArchitecture> faulty(
      SystolicArchitecture machine, String meaning) {
    return PlantedFault.ALL.stream()
        .filter(each -> each.meaning().equals(meaning))
        .findFirst()
        .map(each -> new MachineVerilog<>(machine, each.plant(SystolicVerilog.generate(machine))))
        .orElseThrow();
  }

  private Divergence reproduce(String meaning) throws Exception {
    var found = RandomVerification.of(faulty(MACHINE, meaning), 12, SEED, cache);
    assertThat(found.mismatches()).isNotEmpty();
    Mismatch first = found.mismatches().getFirst();
    Reproduction.write(folder, first, "explore verify x.yaml --seed 5", cache);
    assertThat(folder.resolve("machine.yaml")).content().isEqualTo(ResolvedYaml.of(MACHINE));
    assertThat(folder.resolve("divergence.txt"))
        .content()
        .contains(first.text())
        .contains("found by: explore verify x.yaml --seed 5")
        .contains("again: explore verify --again " + folder);

    var again =
        Reproduction.again(folder, each -> faulty((SystolicArchitecture) each, meaning), cache)
            .orElseThrow();
    assertThat(again.divergence()).isEqualTo(first.divergent().orElseThrow().divergence());
    assertThat(Reproduction.again(folder, MachineVerilog::of, cache)).isEmpty();
    assertWindowCovers(again.divergence().cycle());
    return again.divergence();
  }

  private void assertThatItIsInTheProgram(Divergence.Instruction found) {
    var isa = SystolicIsa.of(MACHINE);
    var program = ProgramFile.read(folder.resolve("program"));
    byte[] words = ProgramFile.words(program);
    assertThat(found.assembly())
        .isEqualTo(new Disassembler(isa).line(words, found.index() * isa.wordBytes()));
    assertThat(program.layers()).extracting(Program.LayerInfo::name).contains(found.layer());
  }

  @Test
  void aCycleTooManyIsShownAtItsInstruction() throws Exception {
    Divergence found = reproduce("load: a cycle between two loads");
    var instruction = found.instruction().orElseThrow();
    assertThatItIsInTheProgram(instruction);
    assertThat(instruction.assembly()).startsWith("load ");
    assertThat(instruction.simulated()).isPositive().isNotEqualTo(instruction.rtl());
    assertThat(found.cycle()).isEqualTo(Math.min(instruction.simulated(), instruction.rtl()));
    assertThat(found.complaint()).isEmpty();
    assertThat(found.counters()).isNotEmpty();
    assertThat(folder.resolve("divergence.txt"))
        .content()
        .contains("retires in cycle %d simulated".formatted(instruction.simulated()))
        .contains("in cycle %d in RTL: %s".formatted(instruction.rtl(), instruction.assembly()));
  }

  @Test
  void aWrongByteIsShownAtTheStoreThatWritesIt() throws Exception {
    Divergence found = reproduce("requantise: not clamped");
    assertThat(found.instruction()).isEmpty();
    assertThat(found.simulatedCycles()).isEqualTo(found.rtlCycles());
    var memory = found.memory().orElseThrow();
    var writer = memory.writer().orElseThrow();
    assertThatItIsInTheProgram(writer);
    assertThat(writer.assembly()).startsWith("store ");
    assertThat(found.cycle()).isEqualTo(writer.rtl()).isLessThan(found.rtlCycles());
    assertThat(folder.resolve("divergence.txt"))
        .content()
        .contains("memory differs first at byte 0x%x: ".formatted(memory.address()))
        .contains("written by instruction %d of layer ".formatted(writer.index()));
  }

  @Test
  void aHangIsShownAtTheInstructionThatNeverRetires() throws Exception {
    Divergence found = reproduce("tokens: one of load is lost");
    assertThatItIsInTheProgram(found.instruction().orElseThrow());
    var stuck = found.stuck().orElseThrow();
    assertThatItIsInTheProgram(stuck);
    assertThat(stuck.rtl()).isEqualTo(Divergence.NEVER);
    assertThat(folder.resolve("divergence.txt"))
        .content()
        .contains("retires in cycle %d simulated, never in RTL".formatted(stuck.simulated()));
    assertThat(found.complaint().orElseThrow())
        .matches("is still busy after \\d+ cycles; \\d+ of \\d+ instructions retired");
    assertThat(found.rtlCycles()).isEqualTo(2 * found.simulatedCycles() + 10_000);
  }

  /** Reads the waveform as IEEE 1364-2005, 18.2 has it: definitions, then times and changes. */
  private void assertWindowCovers(long cycle) throws IOException {
    var lines = Files.readAllLines(folder.resolve("window.vcd"));
    int start = lines.indexOf("$enddefinitions $end");
    assertThat(start).isPositive();
    assertThat(lines.subList(0, start)).anyMatch(each -> each.contains("$timescale"));
    Set<String> codes = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (String each : lines.subList(0, start)) {
      String[] words = each.strip().split(" +");
      if (words[0].equals("$var")) {
        codes.add(words[3]);
        names.add(words[4]);
      }
    }
    assertThat(names.containsAll(Set.of("clk", "retire", "busy", "m_axi_araddr"))).isTrue();
    assertThat(changes(lines, start).allMatch(codes::contains)).isTrue();
    TreeSet<Long> cycles = new TreeSet<>();
    long last = -1;
    for (String each : lines.subList(start, lines.size())) {
      if (each.startsWith("#")) {
        long time = Long.parseLong(each.substring(1));
        assertThat(time).isGreaterThan(last);
        last = time;
        cycles.add(time / 10);
      }
    }
    assertThat(cycles.first()).isEqualTo(Math.max(0, cycle - 200));
    assertThat(cycles).contains(cycle).hasSizeLessThanOrEqualTo(251);
  }

  private static Stream<String> changes(List<String> lines, int start) {
    return lines.subList(start + 1, lines.size()).stream()
        .filter(each -> !each.isBlank() && !each.startsWith("#") && !each.startsWith("$"))
        .map(each -> each.startsWith("b") ? each.split(" ")[1] : each.substring(1));
  }
}
