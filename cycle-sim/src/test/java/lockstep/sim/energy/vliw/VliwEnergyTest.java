// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.vliw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import lockstep.arch.SpecLoader;
import lockstep.arch.UserError;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.program.Program;
import lockstep.compiler.vliw.VliwCompiler;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.VliwCounter;
import lockstep.isa.vliw.VliwIsa;
import lockstep.sim.energy.Area;
import lockstep.sim.energy.Energy;
import lockstep.sim.vliw.RegisterTraffic;
import lockstep.sim.vliw.VliwRun;
import lockstep.sim.vliw.VliwSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VliwEnergyTest {
  private static final VliwWork WORK =
      new VliwWork(
          1000,
          Map.ofEntries(
              Map.entry("vector.requantise", 3L),
              Map.entry("vector.add", 2L),
              Map.entry("vector.sub", 5L),
              Map.entry("vector.greater", 4L),
              Map.entry("vector.min", 6L),
              Map.entry("vector.compare", 1L),
              Map.entry("vector.select", 2L),
              Map.entry("special.lookup", 7L),
              Map.entry("special.root", 2L),
              Map.entry("scalar.addi", 11L),
              Map.entry("scalar.li", 9L)),
          new RegisterTraffic(64, 32, 2560, 512, 4096, 2048),
          13,
          13 * 48,
          800,
          160);

  private static VliwArchitecture machine(String... overrides) {
    return (VliwArchitecture)
        SpecLoader.load(Path.of("../arch-specs/npu.yaml"), List.of(overrides)).architecture();
  }

  private static Map<VliwCounter, Long> counters() {
    Map<VliwCounter, Long> counters = new EnumMap<>(VliwCounter.class);
    counters.put(VliwCounter.CYCLES, 4000L);
    counters.put(VliwCounter.BUNDLES, 100L);
    counters.put(VliwCounter.MATRIX_OPERATIONS, 20L);
    counters.put(VliwCounter.LOAD_OPERATIONS, 30L);
    counters.put(VliwCounter.STORE_OPERATIONS, 10L);
    counters.put(VliwCounter.PERMUTE_OPERATIONS, 3L);
    counters.put(VliwCounter.LOCAL_READS, 120L);
    counters.put(VliwCounter.LOCAL_WRITES, 40L);
    counters.put(VliwCounter.READ_BEATS, 90L);
    counters.put(VliwCounter.WRITE_BEATS, 10L);
    return counters;
  }

  @Test
  void inUnitsEnergiesAreCounts() {
    VliwArchitecture machine = machine("technology=unit", "memory.type=unit");
    Energy energy = VliwEnergy.of(machine).account(counters(), WORK);
    Map<String, Double> expected = new HashMap<>();
    expected.put("matrix.macs", 1000.0);
    // 8 lanes, 32 codes
    expected.put("vector.requantise", 3.0 * 8);
    expected.put("vector.add", 7.0 * 8);
    expected.put("vector.compare", 7.0 * 8 + 4 * 32);
    expected.put("vector.select", 2.0 * 256);
    expected.put("permute.network", 3.0 * 256 * 31);
    expected.put("scalar.add", 11.0);
    expected.put("addresses.add", 40.0 * 5);
    expected.put("special.lookups", 7.0 * 32);
    expected.put("special.interpolate", 2.0 * 8);
    expected.put("special.inverse_tables", 2.0 * 8);
    // loads 2 stages, matrix 2 stages of 4 x 8 sums, permute 1
    expected.put("slots.registers", 30.0 * 2 * 256 + 20 * 2 * 1024 + 3 * 256);
    expected.put("scalar_file.reads", 64.0 * 31);
    expected.put("scalar_file.writes", 32.0);
    expected.put("vector_file.reads", 2560.0 * 31);
    expected.put("vector_file.writes", 512.0);
    expected.put("accumulator_file.reads", 4096.0 * 7);
    expected.put("accumulator_file.writes", 2048.0);
    expected.put("local.reads", 120.0);
    expected.put("local.writes", 40.0);
    expected.put("local.transfers_in", 100.0);
    expected.put("local.transfers_out", 20.0);
    expected.put("instructions.reads", 100.0);
    expected.put("instructions.writes", 13.0);
    expected.put("instructions.registers", 8.0 * (13 * 48 + 113 * VliwIsa.of(machine).bytes()));
    expected.put("port.registers", 100.0 * 128);
    expected.put("dram.reads", 90.0 * 16);
    expected.put("dram.writes", 10.0 * 16);
    expected.forEach(
        (name, units) ->
            assertThat(energy.component(name).picojoules())
                .as(name)
                .isCloseTo(units, within(1e-9)));
    assertThat(energy.picojoules())
        .isCloseTo(expected.values().stream().mapToDouble(d -> d).sum(), within(1e-6));
    assertThat(energy.microseconds()).isEqualTo(5);
  }

  @Test
  void productsThatNobodyNeedsCostTheirRegistersOnly() {
    VliwArchitecture machine = machine("technology=45nm");
    Map<VliwCounter, Long> few = counters();
    few.put(VliwCounter.MATRIX_OPERATIONS, 2L);
    Energy energy = VliwEnergy.of(machine).account(few, WORK);
    assertThat(energy.component("matrix.macs").count()).isEqualTo(2 * 256);
    few.put(VliwCounter.MATRIX_OPERATIONS, 50L);
    Energy more = VliwEnergy.of(machine).account(few, WORK);
    assertThat(more.component("matrix.macs").picojoules()).isCloseTo(1000 * 0.3, within(1e-9));
    assertThat(
            more.component("slots.registers").count() - energy.component("slots.registers").count())
        .isEqualTo(48 * 2 * 1024);
  }

  @ParameterizedTest
  @ValueSource(strings = {"45nm", "22nm", "7nm"})
  void everyComponentHasItsSource(String technology) {
    VliwArchitecture machine = machine("technology=" + technology);
    Energy energy = VliwEnergy.of(machine).account(counters(), WORK);
    assertThat(energy.components()).allMatch(c -> !c.source().isBlank() && !c.action().isBlank());
    assertThat(energy.components()).allMatch(c -> c.picojoules() >= 0);
    Area area = VliwArea.of(machine);
    assertThat(area.components()).allMatch(c -> !c.source().isBlank() && c.count() > 0);
  }

  @Test
  void portsWidthAndBundlesTakeArea() {
    double before = VliwArea.of(machine()).squareMillimetres();
    for (String more :
        new String[] {
          "slots.vector.count=3",
          "slots.load.count=3",
          "slots.matrix.count=2",
          "registers.vector.count=64",
          "instruction_memory=1024",
          "slots.permute.count=2",
          "slots.special.count=2",
          "slots.scalar.count=3"
        }) {
      assertThat(VliwArea.of(machine(more)).squareMillimetres()).as(more).isGreaterThan(before);
    }
    Area area = VliwArea.of(machine());
    Area ports = VliwArea.of(machine("registers.vector.read_ports=12"));
    int usual = machine().registers().vector().readPorts();
    assertThat(
            area.component("vector_file.ports").count()
                - ports.component("vector_file.ports").count())
        .isEqualTo((usual - 12L) * 256 * 31);
    // 16 banks of 4096 words; a port more than the table's: 15 x 19.6 over 10 x 14.6 half pitches
    double two = VliwArea.of(machine()).component("local").squareMillimetres();
    double one =
        VliwArea.of(machine("local_memory.ports=1")).component("local").squareMillimetres();
    assertThat(two / one).isCloseTo(20 * 24.6 / (15 * 19.6), within(1e-9));
  }

  @Test
  void layersOfARunAddUp() {
    VliwArchitecture machine = machine();
    VliwEnergy model = VliwEnergy.of(machine);
    int programs = 0;
    for (int seed = 0; seed < 6; seed++) {
      List<Program> compiled = compiled(machine, seed);
      for (Program program : compiled) {
        programs++;
        VliwRun run = VliwSimulator.run(machine, program, false);
        List<VliwWork> works = VliwWork.layers(machine, program, run);
        Map<VliwCounter, Long> total = new EnumMap<>(VliwCounter.class);
        double sum = 0;
        for (int layer = 0; layer < works.size(); layer++) {
          sum += model.account(run.layers().get(layer), works.get(layer)).picojoules();
          run.layers().get(layer).forEach((c, n) -> total.merge(c, n, Long::sum));
        }
        VliwWork all = works.stream().reduce(VliwWork.NONE, VliwWork::plus);
        assertThat(all.bundles()).isEqualTo(program.instructionCount());
        for (SlotKind kind : SlotKind.values()) {
          long operations =
              all.operations().entrySet().stream()
                  .filter(each -> each.getKey().startsWith(kind.word() + "."))
                  .mapToLong(Map.Entry::getValue)
                  .sum();
          assertThat(operations).as(kind.word()).isEqualTo(total.get(VliwCounter.operations(kind)));
        }
        assertThat(model.account(total, all).cycles()).isEqualTo(run.result().cycles());
        // the needed products are bounded layer by layer
        assertThat(sum).isCloseTo(model.account(total, all).picojoules(), within(1e-6 * sum));
      }
    }
    assertThat(programs).isGreaterThan(2);
  }

  private static List<Program> compiled(VliwArchitecture machine, int seed) {
    try {
      return VliwCompiler.compile(
              RandomNetwork.draw(new SplittableRandom(seed), 3, 12), machine, "")
          .model()
          .programs();
    } catch (UserError doesNotFit) {
      return new ArrayList<>();
    }
  }

  @Test
  void unknownTablesAndMemoriesAreTheUsersMistake() {
    assertThatThrownBy(() -> VliwEnergy.of(machine("memory.type=core")))
        .isInstanceOf(UserError.class);
  }
}
