// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import lockstep.rtl.port.ReadArbiter;

/** The load unit, the read port it shares with fetch, and the scratchpad in {@link Top}. */
final class TopLoad {
  private TopLoad() {}

  static final String TEXT =
      """
        // load
        logic load_ask;
        logic [31:0] load_address;
        logic [7:0] load_length;
        logic load_granted;
        logic load_burst_consumed;
        logic request_active;
        logic descriptors_empty;
        logic descriptors_full;
        logic [LOAD_BITS-1:0] descriptor;
        logic descriptor_take;
        logic fill_active;
        logic fill_emit;
        logic scratchpad_write;
        logic parameter_write;
        logic [TA-1:0] piece_row;
        logic [POSITION_BITS-1:0] piece_position;
        logic [LW:0] piece_bytes;
        logic [8*W-1:0] piece_lanes;
        wire load_underway = !descriptors_empty || request_active;
        wire unused_piece_row = &{1'b0, piece_row};

        systolic_load_request load_request (
            .clk(clk),
            .rst_n(rst_n),
            .empty(load_empty),
            .word(load_word),
            .short_of_tokens(load_short_of_execute || load_short_of_store),
            .descriptors_full(descriptors_full),
            .accept(load_accept),
            .ask(load_ask),
            .ask_address(load_address),
            .ask_length(load_length),
            .granted(load_granted),
            .burst_consumed(load_burst_consumed),
            .active(request_active)
        );

        systolic_queue #(
            .WIDTH(LOAD_BITS),
            .DEPTH(4)
        ) descriptors (
            .clk(clk),
            .rst_n(rst_n),
            .push(load_accept),
            .push_data(load_word),
            .pop(descriptor_take),
            .head(descriptor),
            .empty(descriptors_empty),
            .full(descriptors_full)
        );

        systolic_load_fill load_fill (
            .clk(clk),
            .rst_n(rst_n),
            .empty(descriptors_empty),
            .descriptor(descriptor),
            .take(descriptor_take),
            .active(fill_active),
            .emit(fill_emit),
            .beat(m_axi_rvalid && m_axi_rid),
            .beat_data(m_axi_rdata),
            .burst_consumed(load_burst_consumed),
            .write_scratchpad(scratchpad_write),
            .write_parameters(parameter_write),
            .write_row(piece_row),
            .write_position(piece_position),
            .write_bytes(piece_bytes),
            .write_lanes(piece_lanes),
            .retire(load_retire),
            .signal_execute(load_signals_execute),
            .signal_store(load_signals_store)
        );

      """
          + ReadArbiter.INSTANCE
          + """
        // scratchpad
        logic activation_read;
        logic [SA-1:0] activation_row;
        logic [8*R-1:0] activation_data;
        logic weight_read;
        logic [SA-1:0] weight_row;
        logic [8*C-1:0] weight_data;
        logic residual_read;
        logic [SA-1:0] residual_row;
        logic [8*C-1:0] residual_data;
        logic kept_write;
        logic [SA-1:0] kept_row;
        logic [P-1:0] kept_mask;
        logic [8*P-1:0] kept_data;

        systolic_scratchpad scratchpad (
            .clk(clk),
            .write(scratchpad_write),
            .write_row(piece_row[SA-1:0]),
            .write_position(piece_position),
            .write_bytes(piece_bytes),
            .write_lanes(piece_lanes),
            .kept(kept_write),
            .kept_row(kept_row),
            .kept_mask(kept_mask),
            .kept_data(kept_data),
            .activation_read(activation_read),
            .activation_row(activation_row),
            .activation_data(activation_data),
            .weight_read(weight_read),
            .weight_row(weight_row),
            .weight_data(weight_data),
            .residual_read(residual_read),
            .residual_row(residual_row),
            .residual_data(residual_data),
            .conflict(scratchpad_conflict)
        );

      """;
}
