// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.systolic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.sim.energy.Energy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystolicEnergyTest {
  private static final SystolicWork WORK = new SystolicWork(1000, 60, 50, 40, 30, 3, 777);

  private static Map<String, Long> counters() {
    Map<String, Long> counters = new HashMap<>();
    counters.put("cycles", 500L);
    counters.put("instructions", 7L);
    counters.put("execute.busy", 100L);
    counters.put("execute.idle", 400L);
    counters.put("load.idle", 500L);
    counters.put("activation_reads", 90L);
    counters.put("weight_reads", 20L);
    counters.put("residual_reads", 5L);
    counters.put("scratchpad_writes", 33L);
    counters.put("parameter_writes", 4L);
    counters.put("accumulator_writes", 80L);
    counters.put("accumulator_reads", 60L);
    counters.put("output_reads", 15L);
    counters.put("scratchpad_stores", 21L);
    counters.put("read_beats", 200L);
    counters.put("write_beats", 12L);
    return counters;
  }

  @Test
  void inUnitsEnergiesAreCounts() {
    Energy energy = SystolicEnergy.of(Machines.small("unit", "ddr4")).account(counters(), WORK);
    Map<String, Double> expected = new HashMap<>();
    expected.put("array.macs", 1000.0);
    // 8 cells of 8 + 32 bits, skew of 1 x 8 and 6 x 32 bits; 8 cells of 8 bits a weight row
    expected.put("array.registers", 100.0 * (8 * 40 + 8 + 6 * 32) + 20 * 8 * 8);
    expected.put("scratchpad.reads", 90.0 + 20 + 5);
    expected.put("scratchpad.writes", 33.0);
    expected.put("scratchpad.stores", 21.0);
    expected.put("accumulator.reads", 60.0 + 15);
    expected.put("accumulator.writes", 80.0);
    expected.put("parameters.reads", 3.0);
    expected.put("parameters.writes", 4.0);
    expected.put("post.requantise", 60.0);
    expected.put("post.residual", 50.0);
    expected.put("post.leak", 40.0);
    expected.put("post.maximum", 30.0);
    expected.put("instructions.registers", 777.0);
    expected.put("port.read_buffer", 200.0 * 2);
    expected.put("port.write_fifo", 12.0 * 64);
    expected.put("dram.reads", 200.0 * 8);
    expected.put("dram.writes", 12.0 * 8);
    expected.forEach(
        (name, units) ->
            assertThat(energy.component(name).picojoules())
                .as(name)
                .isCloseTo(units, within(1e-9)));
    assertThat(energy.picojoules())
        .isCloseTo(expected.values().stream().mapToDouble(d -> d).sum(), within(1e-6));
    assertThat(energy.unit()).isEqualTo("units");
    assertThat(energy.cycles()).isEqualTo(500);
    assertThat(energy.microseconds()).isEqualTo(5);
    assertThat(energy.recalled()).isFalse();
  }

  @Test
  void figuresOfTheTableAreUsed() {
    Energy energy = SystolicEnergy.of(Machines.gemmini("45nm")).account(counters(), WORK);
    assertThat(energy.component("array.macs").picojoules()).isCloseTo(300, within(1e-9));
    assertThat(energy.component("dram.reads").picojoules())
        .isCloseTo(200 * 128 * 8.0, within(1e-6));
    // 64 KiB banks of 128 bits: the 64-bit row times the factor for 128 bits
    assertThat(energy.component("scratchpad.reads").picojoulesEach())
        .isCloseTo(25.8695 * 1.7023, within(1e-6));
    // banks of 32 KiB and 512 bits: two macros of 16 KiB and 256 bits
    assertThat(energy.component("accumulator.writes").picojoulesEach())
        .isCloseTo(2 * 10.6968 * 3.0662, within(1e-6));
    // 4 banks of 64 KiB leak 1.17 uW each for 0.5 us
    assertThat(energy.component("leakage.scratchpad").picojoules())
        .isCloseTo(4 * 1.17 * 0.5, within(1e-9));
    assertThat(energy.component("leakage.macs").picojoules())
        .isCloseTo(256 * 7.3 * 0.5, within(1e-9));
    assertThat(energy.averageMilliwatts())
        .isCloseTo(energy.picojoules() / 0.5 * 1e-3, within(1e-9));
    assertThat(energy.component("array.macs").source()).contains("Horowitz");
  }

  @Test
  void aPieceWritesTheMacrosThatItTouches() {
    // a parameter row of 128 bytes is four macros; a beat of 16 bytes touches one
    Energy energy = SystolicEnergy.of(Machines.gemmini("45nm")).account(counters(), WORK);
    assertThat(energy.component("parameters.writes").picojoulesEach())
        .isCloseTo(3.4916 * 3.0662, within(1e-6));
  }

  @Test
  void layersAddUpToTheRun() {
    Map<SystolicCounter, Long> half = new EnumMap<>(SystolicCounter.class);
    Map<String, Long> whole = new HashMap<>();
    for (SystolicCounter c : SystolicCounter.values()) {
      half.put(c, 10L + c.ordinal());
      whole.put(c.key(), 2 * (10L + c.ordinal()));
    }
    SystolicEnergy model = SystolicEnergy.of(Machines.gemmini("45nm"));
    assertThat(model.account(whole, WORK.plus(WORK)).picojoules())
        .isCloseTo(2 * model.accountLayer(half, WORK).picojoules(), within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"45nm", "22nm", "7nm"})
  void everyComponentHasItsSource(String technology) {
    Energy energy = SystolicEnergy.of(Machines.gemmini(technology)).account(counters(), WORK);
    assertThat(energy.components()).allMatch(c -> !c.source().isBlank() && !c.action().isBlank());
    assertThat(energy.components()).allMatch(c -> c.picojoules() >= 0);
    assertThat(energy.recalled()).isEqualTo(technology.equals("7nm"));
    assertThat(energy.notCounted()).isNotEmpty();
    assertThat(energy.components().stream().anyMatch(c -> c.name().startsWith("leakage.macs")))
        .isEqualTo(technology.equals("45nm"));
    assertThat(energy.components().stream().anyMatch(c -> c.name().startsWith("leakage.")))
        .isEqualTo(!technology.equals("7nm"));
  }

  @Test
  void smallerNodesCostLessThan45Nanometres() {
    Energy before = SystolicEnergy.of(Machines.gemmini("45nm")).account(counters(), WORK);
    for (String technology : new String[] {"22nm", "7nm"}) {
      Energy energy = SystolicEnergy.of(Machines.gemmini(technology)).account(counters(), WORK);
      for (Energy.Component c : energy.components()) {
        double reference = before.component(c.name()).picojoulesEach();
        if (c.name().startsWith("dram.")) {
          assertThat(c.picojoulesEach()).isEqualTo(reference);
        } else if (c.name().startsWith("array.") || c.name().startsWith("post.")) {
          assertThat(c.picojoulesEach()).as(c.name()).isLessThan(reference);
        }
      }
    }
  }

  @Test
  void unknownTablesAndMemoriesAreTheUsersMistake() {
    assertThatThrownBy(() -> SystolicEnergy.of(Machines.small("3nm", "ddr4")))
        .isInstanceOf(UserError.class);
    assertThatThrownBy(() -> SystolicEnergy.of(Machines.small("45nm", "core")))
        .isInstanceOf(UserError.class);
  }
}
