// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.util.List;
import java.util.Map;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.isa.vliw.VliwIsa;
import lockstep.rtl.Generator;
import lockstep.rtl.Instructions;
import lockstep.rtl.bench.TestBench;
import lockstep.rtl.port.MachineRegisters;

/** The generator of a VLIW machine. */
public record VliwGenerator(VliwArchitecture machine) implements Generator {

  @Override
  public String family() {
    return Sizes.FAMILY;
  }

  @Override
  public String kind() {
    return "VLIW machine";
  }

  @Override
  public Map<String, String> verilog() {
    return VliwVerilog.generate(machine);
  }

  @Override
  public MachineRegisters registers() {
    return VliwVerilog.registers(machine);
  }

  @Override
  public TestBench bench() {
    return new TestBench(
        VliwVerilog.TOP, machine.dma().widthBytes(), List.of(Top.UNIT), TopCounters.ALL);
  }

  @Override
  public String readMe() {
    return VliwReadMe.text(machine);
  }

  @Override
  public String fault() {
    return "the AXI4 system answered with an error";
  }

  @Override
  public Instructions instructions(Program program) {
    return new VliwInstructions(program, VliwIsa.of(machine));
  }
}
