// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.Map;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Program;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.rtl.Generator;
import lockstep.rtl.Instructions;
import lockstep.rtl.bench.TestBench;
import lockstep.rtl.port.MachineRegisters;

/** The generator of a systolic machine. */
public record SystolicGenerator(SystolicArchitecture machine) implements Generator {

  @Override
  public String family() {
    return Sizes.FAMILY;
  }

  @Override
  public String kind() {
    return "Systolic machine";
  }

  @Override
  public Map<String, String> verilog() {
    return SystolicVerilog.generate(machine);
  }

  @Override
  public MachineRegisters registers() {
    return SystolicVerilog.registers(machine);
  }

  @Override
  public TestBench bench() {
    return new TestBench(
        SystolicVerilog.TOP, machine.dma().widthBytes(), Top.UNITS, TopCounters.ALL);
  }

  @Override
  public String readMe() {
    return SystolicReadMe.text(machine);
  }

  @Override
  public String fault() {
    return "two rows of one memory bank were read in the same cycle";
  }

  @Override
  public Instructions instructions(Program program) {
    return new SystolicInstructions(program, SystolicIsa.of(machine));
  }
}
