// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.util.List;
import lockstep.rtl.port.Fetch;
import lockstep.rtl.port.ReadArbiter;
import lockstep.rtl.port.TopPorts;
import lockstep.rtl.verilog.VerilogModule;

/**
 * The machine: all units and the AXI4 ports.
 *
 * <pre>
 * {@link TopPorts}     AXI4-Lite -> control registers
 * here                 fetch -> expand -> instruction memory -> issue
 * {@link TopSlots}     registers -> slots -> registers, local memory
 * here                 local memory <-> transfers <-> read and write port
 * {@link TopCounters}  what all of them do in each cycle
 * </pre>
 */
final class Top {
  static final String NAME = "lockstep_vliw";

  /** The one unit that bundles retire in, with their last issue. */
  static final String UNIT = "issue";

  private Top() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(
        sizes,
        TopPorts.text(NAME, List.of(UNIT), List.of())
            + "  // fetch, expansion and issue\n"
            + Fetch.SIGNALS
            + CONTROL_SIGNALS
            + Fetch.instance("entry_taken")
            + CONTROL
            + TopSlots.text(sizes)
            + TRANSFERS
            + ReadArbiter.INSTANCE
            + TopCounters.text(sizes)
            + "endmodule\n");
  }

  private static final String CONTROL_SIGNALS =
      """
        logic entry_taken;
        logic bundle_written;
        logic [PLACE_BITS-1:0] written_place;
        logic [BUNDLE_BITS-1:0] written_bundle;
        logic [NUMBER_BITS-1:0] readable;
        logic [NUMBER_BITS-1:0] oldest;
        logic bundle_read;
        logic [PLACE_BITS-1:0] read_place;
        logic [BUNDLE_BITS-1:0] bundle;
        logic banks_busy;
        logic step;
        logic waits_for_fetch;
        logic waits_for_bank;
        logic waits;
        logic waits_for_room;
        logic drains;
        logic start_in;
        logic start_out;
        logic [D-1:0] descriptor;
        logic [Q_BITS-1:0] unfinished_in;
        logic [Q_BITS-1:0] unfinished_out;
        logic in_write;
        logic [S-1:0] in_word;
        logic [BEAT_COUNT_BITS-1:0] in_count;
        logic [8*W-1:0] in_data;
        logic in_constant;
        logic out_read;
        logic [S-1:0] out_word;
        logic [BEAT_COUNT_BITS-1:0] out_count;
        logic [8*W-1:0] out_data;
        logic load_ask;
        logic [31:0] load_address;
        logic [7:0] load_length;
        logic load_granted;

      """;

  private static final String CONTROL =
      """
        @FAMILY@_expand expand (
            .clk(clk),
            .rst_n(rst_n),
            .start(start),
            .entry_valid(fetched),
            .entry(fetched_entry),
            .entry_take(entry_taken),
            .oldest(oldest),
            .write(bundle_written),
            .write_place(written_place),
            .write_data(written_bundle),
            .readable(readable)
        );

        sram_1r1w #(
            .DEPTH(BUNDLES),
            .ADDRESS_BITS(PLACE_BITS),
            .WIDTH(BUNDLE_BITS),
            .MASK_BITS(1)
        ) instruction_memory (
            .clk(clk),
            .read(bundle_read),
            .read_address(read_place),
            .read_data(bundle),
            .write(bundle_written),
            .write_address(written_place),
            .write_mask(1'b1),
            .write_data(written_bundle)
        );

        @FAMILY@_issue issue (
            .clk(clk),
            .rst_n(rst_n),
            .start(start),
            .running(busy),
            .readable(readable),
            .oldest(oldest),
            .read(bundle_read),
            .read_place(read_place),
            .scalar_word(scalar0_word),
            .dma_word(dma0_word),
            .banks_busy(banks_busy),
            .unfinished_in(unfinished_in),
            .unfinished_out(unfinished_out),
            .step(step),
            .retire(retire),
            .done(done),
            .waits_for_fetch(waits_for_fetch),
            .waits_for_bank(waits_for_bank),
            .waits(waits),
            .waits_for_room(waits_for_room),
            .drains(drains)
        );

      """;

  private static final String TRANSFERS =
      """
        // transfers
        @FAMILY@_transfer_in transfer_in (
            .clk(clk),
            .rst_n(rst_n),
            .start(start_in),
            .descriptor(descriptor),
            .unfinished(unfinished_in),
            .ask(load_ask),
            .ask_address(load_address),
            .ask_length(load_length),
            .granted(load_granted),
            .beat(m_axi_rvalid && m_axi_rid),
            .beat_last(m_axi_rlast),
            .beat_data(m_axi_rdata),
            .write(in_write),
            .write_word(in_word),
            .write_count(in_count),
            .write_data(in_data),
            .writes_constant(in_constant)
        );

        @FAMILY@_transfer_out transfer_out (
            .clk(clk),
            .rst_n(rst_n),
            .start(start_out),
            .descriptor(descriptor),
            .unfinished(unfinished_out),
            .read(out_read),
            .read_word(out_word),
            .read_count(out_count),
            .read_data(out_data),
            .awvalid(m_axi_awvalid),
            .awready(m_axi_awready),
            .awaddr(m_axi_awaddr),
            .awlen(m_axi_awlen),
            .wvalid(m_axi_wvalid),
            .wready(m_axi_wready),
            .wdata(m_axi_wdata),
            .wstrb(m_axi_wstrb),
            .wlast(m_axi_wlast),
            .response(m_axi_bvalid)
        );

      """;
}
