// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.List;
import lockstep.rtl.port.TopPorts;
import lockstep.rtl.verilog.VerilogModule;

/**
 * The machine: all units and the AXI4 ports.
 *
 * <pre>
 * {@link TopPorts}     AXI4-Lite -> control registers
 * {@link TopControl}   fetch -> expand -> dispatch -> queues, tokens
 * {@link TopLoad}      read port -> load -> scratchpad
 * {@link TopExecute}   scratchpad -> array -> accumulator
 * {@link TopStore}     accumulator -> pooling -> post-processing -> write port
 * {@link TopCounters}  what all of them do in each cycle
 * </pre>
 */
final class Top {
  static final String NAME = "lockstep_systolic";

  /** In the order of their bits of {@code retire}. */
  static final List<String> UNITS = List.of("load", "execute", "store");

  private Top() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(
        sizes,
        TopPorts.text(NAME, UNITS, List.of("scratchpad_conflict", "accumulator_conflict"))
            + TopControl.TEXT
            + TopLoad.TEXT
            + TopExecute.text(sizes.outputStationary)
            + TopStore.TEXT
            + TopCounters.text()
            + "endmodule\n");
  }
}
