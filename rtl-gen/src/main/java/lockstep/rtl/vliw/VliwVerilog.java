// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.vliw.SlotKind;
import lockstep.rtl.memory.MultiportSram;
import lockstep.rtl.memory.Queue;
import lockstep.rtl.memory.Sram;
import lockstep.rtl.memory.WriteFifo;
import lockstep.rtl.port.Bursts;
import lockstep.rtl.port.ControlRegisters;
import lockstep.rtl.port.Counters;
import lockstep.rtl.port.Fetch;
import lockstep.rtl.port.MachineRegisters;
import lockstep.rtl.port.ReadArbiter;
import lockstep.rtl.verilog.VerilogFiles;
import lockstep.rtl.verilog.VerilogModule;

/**
 * The Verilog of a VLIW machine: SystemVerilog-2012 without interfaces, one module a file. To the
 * cycle it does what {@code docs/vliw.md} says.
 */
public final class VliwVerilog {
  /** Name of the top module. */
  public static final String TOP = Top.NAME;

  private VliwVerilog() {}

  /**
   * The files by name, in the order in which a reader meets them; the same spec gives the same
   * text. The off-chip memory, the clock and the technology are not part of the design, nor are the
   * register files' ports: there is one for each operand and each result.
   *
   * @throws UserError if the spec asks for what AXI4 does not have
   */
  public static Map<String, String> generate(VliwArchitecture architecture) {
    Sizes sizes = new Sizes(architecture);
    List<VerilogModule> modules = new ArrayList<>();
    modules.add(Top.module(sizes));
    modules.add(Fetch.module(sizes));
    modules.add(Expand.module(sizes));
    modules.add(Issue.module(sizes));
    modules.add(RegisterFile.module(sizes));
    modules.add(Accumulators.module(sizes));
    modules.add(ScalarUnit.module(sizes));
    modules.add(Patterns.module(sizes));
    modules.add(Address.module(sizes));
    modules.add(LoadUnit.module(sizes));
    modules.add(LocalMemory.module(sizes));
    modules.add(Matrix.module(sizes));
    modules.add(VectorUnit.module(sizes));
    modules.add(Scale.module(sizes));
    if (sizes.count(SlotKind.SPECIAL) > 0) {
      modules.add(Special.module(sizes));
      modules.add(Inverse.module(sizes));
      modules.add(Tables.module(sizes));
    }
    if (sizes.count(SlotKind.PERMUTE) > 0) {
      modules.add(Permute.module(sizes));
    }
    modules.add(Delay.module(sizes));
    modules.add(TransferFields.module(sizes));
    modules.add(TransferIn.module(sizes));
    modules.add(TransferOut.module(sizes));
    modules.add(TransferBursts.module(sizes));
    modules.add(Beats.module(sizes));
    modules.add(Runs.module(sizes));
    modules.add(ReadArbiter.module(sizes));
    modules.add(Bursts.module(sizes));
    modules.add(Queue.module(Sizes.FAMILY));
    modules.add(WriteFifo.module(Sizes.FAMILY));
    modules.add(Sram.module());
    modules.add(MultiportSram.module());
    modules.add(Counters.module(Sizes.FAMILY, TopCounters.ALL));
    modules.add(ControlRegisters.module(Sizes.FAMILY, registers(architecture)));
    return VerilogFiles.of(architecture.name(), identity(architecture), modules);
  }

  /** The registers of a machine. */
  static MachineRegisters registers(VliwArchitecture architecture) {
    return new MachineRegisters(
        TOP,
        "Lockstep VLIW machine " + architecture.name(),
        identity(architecture).substring(0, MachineRegisters.IDENTITY_DIGITS),
        "never: who asks a bank for more than it can do waits",
        TopCounters.ALL);
  }

  /** SHA-256, in hex, of everything in the spec that the logic depends on. */
  public static String identity(VliwArchitecture a) {
    var registers = a.registers();
    return VerilogFiles.identity(
        List.of(
            Sizes.FAMILY,
            a.slots().toString(),
            "%d %d %d %d"
                .formatted(
                    registers.scalar().count(),
                    registers.vector().count(),
                    registers.vector().widthBytes(),
                    registers.accumulator().count()),
            a.localMemory().toString(),
            "%d %d %d %d"
                .formatted(a.instructionMemory(), a.fetchDepth(), a.loopDepth(), a.transferDepth()),
            a.dma().toString()));
  }
}
