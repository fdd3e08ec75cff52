// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.vliw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import lockstep.arch.ResolvedYaml;
import lockstep.arch.SpecLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VliwSpecTest {
  private static VliwArchitecture load(String name, String... overrides) {
    return (VliwArchitecture)
        SpecLoader.load(Path.of(name + ".yaml"), List.of(overrides)).architecture();
  }

  @Test
  void portsFollowTheSlots() {
    var machine = load("npu-aie-like");

    assertThat(machine.registers().scalar().readPorts()).isEqualTo(2 + 2 + 1 + 1);
    assertThat(machine.registers().scalar().writePorts()).isEqualTo(1 + 2 + 1);
    assertThat(machine.registers().vector().readPorts()).isEqualTo(1 + 3 + 3 + 1 + 2);
    assertThat(machine.registers().vector().writePorts()).isEqualTo(2 + 1 + 1 + 1);
    assertThat(machine.registers().accumulator().readPorts()).isEqualTo(2);

    var wider = load("npu-aie-like", "slots.vector.count=2", "registers.vector.read_ports=9");
    assertThat(wider.registers().vector().readPorts()).isEqualTo(9);
    assertThat(wider.registers().vector().writePorts()).isEqualTo(6);
  }

  @Test
  void operandsFillWholeVectors() {
    var machine = load("npu-aie-like");

    assertThat(machine.slots().matrix().macs()).isEqualTo(256);
    assertThat(machine.leftVectors()).isEqualTo(1);
    assertThat(machine.rightVectors()).isEqualTo(2);
    assertThat(machine.accumulatorParts()).isEqualTo(4);
    assertThat(machine.lanes()).isEqualTo(8);
    assertThat(machine.pieces()).isEqualTo(4);
  }

  @Test
  void drawnMachinesAreMachines(@TempDir Path folder) throws IOException {
    for (int seed = 0; seed < 200; seed++) {
      var machine = RandomVliw.draw(new SplittableRandom(seed), "drawn", 8192);
      var file = Files.writeString(folder.resolve("m.yaml"), ResolvedYaml.of(machine));
      assertThat(SpecLoader.load(file, List.of()).architecture()).isEqualTo(machine);
    }
  }
}
