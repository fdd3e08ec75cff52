// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

/**
 * The machine: all units and the AXI4 ports.
 *
 * <pre>
 * {@link TopControl}   AXI4-Lite -> control registers -> fetch -> expand -> dispatch -> queues, tokens
 * {@link TopLoad}      read port -> load -> scratchpad
 * {@link TopExecute}   scratchpad -> array -> accumulator
 * {@link TopStore}     accumulator -> pooling -> post-processing -> write port
 * {@link TopCounters}  what all of them do in each cycle
 * </pre>
 */
final class Top {
  static final String NAME = "lockstep_systolic";

  private Top() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(
        sizes,
        TopPorts.TEXT
            + TopControl.TEXT
            + TopLoad.TEXT
            + TopExecute.text(sizes.outputStationary)
            + TopStore.TEXT
            + TopCounters.text()
            + "endmodule\n");
  }
}
