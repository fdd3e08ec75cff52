// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.systolic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import lockstep.isa.Format;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.sim.energy.Area;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystolicAreaTest {
  @Test
  void inUnitsAreasAreCounts() {
    Area area = SystolicArea.of(Machines.small("unit", "ddr4"));
    Map<String, Double> expected = new HashMap<>();
    expected.put("array.macs", 8e-6);
    expected.put("array.registers", 8 * (56 + 32) * 1e-6);
    expected.put("array.skew", (8 + 6 * 32 + 2 * 2 * 8) * 1e-6);
    expected.put("scratchpad", 4.0);
    expected.put("accumulator", 2.0);
    expected.put("parameters", 1.0);
    expected.put("post.lanes", 2e-6);
    expected.put("post.maximum", 4e-6);
    expected.put("post.registers", 4 * (64 + 32) * 1e-6);
    long expanded =
        SystolicIsa.of(Machines.small("unit", "ddr4")).formats().stream()
            .mapToLong(Format::bits)
            .sum();
    // 8 entries of 16 bytes; of each of three units the last instruction and a queue of 4
    expected.put("instructions", (8 * 128 + (1 + 4) * expanded) * 1e-6);
    expected.put("port.read_buffer", 1.0);
    expected.put("port.write_fifo", 2 * 4 * 64 * 1e-6);
    expected.forEach(
        (name, square) ->
            assertThat(area.component(name).squareMillimetres())
                .as(name)
                .isCloseTo(square, within(1e-12)));
    assertThat(area.squareMillimetres())
        .isCloseTo(expected.values().stream().mapToDouble(d -> d).sum(), within(1e-9));
  }

  @Test
  void figuresOfTheTableAreUsed() {
    Area area = SystolicArea.of(Machines.gemmini("45nm"));
    assertThat(area.component("array.macs").squareMillimetres())
        .isCloseTo(256 * 419e-6, within(1e-12));
    assertThat(area.component("scratchpad").squareMillimetres())
        .isCloseTo(4 * 0.209046 * 1.0178, within(1e-9));
    assertThat(area.component("array.macs").recalled()).isTrue();
    assertThat(area.component("scratchpad").recalled()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"22nm", "7nm"})
  void smallerNodesAreSmaller(String technology) {
    Area area = SystolicArea.of(Machines.gemmini(technology));
    Area before = SystolicArea.of(Machines.gemmini("45nm"));
    for (Area.Component c : area.components()) {
      assertThat(c.squareMillimetres())
          .as(c.name())
          .isLessThan(before.component(c.name()).squareMillimetres());
      assertThat(c.source()).isNotBlank();
    }
  }
}
