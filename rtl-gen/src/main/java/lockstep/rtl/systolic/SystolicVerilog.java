// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.arch.systolic.SystolicArchitecture;
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
 * The Verilog of a systolic machine: SystemVerilog-2012 without interfaces, one module a file. To
 * the cycle it does what {@code docs/timing-contracts.md} says.
 */
public final class SystolicVerilog {
  /** Name of the top module. */
  public static final String TOP = Top.NAME;

  private SystolicVerilog() {}

  /**
   * The files by name, in the order in which a reader meets them; the same spec gives the same
   * text. The off-chip memory, the clock and the technology are not part of the design.
   *
   * @throws UserError if the spec asks for what AXI4 does not have
   */
  public static Map<String, String> generate(SystolicArchitecture architecture) {
    Sizes sizes = new Sizes(architecture);
    List<VerilogModule> modules = new ArrayList<>();
    modules.add(Top.module(sizes));
    modules.add(Fetch.module(sizes));
    modules.add(Expand.module(sizes));
    modules.add(Dispatch.module(sizes));
    modules.add(Tokens.module(sizes));
    modules.add(Queue.module(Sizes.FAMILY));
    modules.add(ReadArbiter.module(sizes));
    modules.add(Bursts.module(sizes));
    modules.add(LoadRequest.module(sizes));
    modules.add(LoadFill.module(sizes));
    modules.add(Scratchpad.module(sizes));
    modules.add(ParameterMemory.module(sizes));
    modules.add(Sram.module());
    modules.add(Execute.module(sizes));
    modules.add(Array.module(sizes));
    modules.add(Row.module(sizes));
    modules.add(Accumulator.module(sizes));
    modules.add(StoreRead.module(sizes));
    modules.add(PostProcessing.module(sizes));
    modules.add(PostProcessing.lane());
    modules.add(StorePacker.module(sizes));
    modules.add(WriteFifo.module(Sizes.FAMILY));
    modules.add(StoreRows.module(sizes));
    modules.add(StoreAddress.module(sizes));
    modules.add(Counters.module(Sizes.FAMILY, TopCounters.ALL));
    modules.add(ControlRegisters.module(Sizes.FAMILY, registers(architecture)));
    return VerilogFiles.of(architecture.name(), identity(architecture), modules);
  }

  /** The registers of a machine. */
  static MachineRegisters registers(SystolicArchitecture architecture) {
    return new MachineRegisters(
        TOP,
        "Lockstep systolic machine " + architecture.name(),
        identity(architecture).substring(0, MachineRegisters.IDENTITY_DIGITS),
        "a run read, or wrote, two rows of one memory bank in the same cycle",
        TopCounters.ALL);
  }

  /** SHA-256, in hex, of everything in the spec that the logic depends on. */
  public static String identity(SystolicArchitecture a) {
    return VerilogFiles.identity(
        List.of(
            a.array().rows() + "x" + a.array().cols(),
            a.array().dataflows().stream().map(Enum::name).sorted().toList().toString(),
            a.scratchpad().toString(),
            a.accumulator().toString(),
            a.postProcessing().toString(),
            a.dma().toString(),
            a.queues().toString()));
  }
}
