// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.Map;
import lockstep.arch.Architecture;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.rtl.bench.TestBench;
import lockstep.rtl.port.MachineRegisters;
import lockstep.rtl.systolic.SystolicGenerator;
import lockstep.rtl.vliw.VliwGenerator;

/** What building, running, comparing and delivering Verilog asks of one machine's family. */
public interface Generator {

  /** The family's word, as FuseSoC's library and the modules' names have it. */
  String family();

  /** What kind of machine it is, in a title. */
  String kind();

  /**
   * The Verilog by file name, the top first; the same spec gives the same text.
   *
   * @throws lockstep.arch.UserError if the spec asks for what AXI4 does not have
   */
  Map<String, String> verilog();

  /** The registers that the Verilog has. */
  MachineRegisters registers();

  /** The test bench that the Verilog fits. */
  TestBench bench();

  /** What a hardware engineer has to know of the machine, as Markdown. */
  String readMe();

  /** What a run did whose {@code status.fault} is set, as a clause without a full stop. */
  String fault();

  /** A program's instructions. */
  Instructions instructions(Program program);

  /** The generator of a machine. */
  static Generator of(Architecture architecture) {
    return switch (architecture) {
      case SystolicArchitecture machine -> new SystolicGenerator(machine);
      case VliwArchitecture machine -> new VliwGenerator(machine);
    };
  }
}
