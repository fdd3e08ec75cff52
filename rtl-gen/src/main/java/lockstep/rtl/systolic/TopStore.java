// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

/** The store unit from the accumulator to the write port in {@link Top}. */
final class TopStore {
  private TopStore() {}

  static final String TEXT =
      """
        // store
        logic store_active;
        logic store_advance;
        logic address_active;
        logic stores_full;
        logic store_unretired;
        logic fifo_full;
        logic fifo_empty;
        logic data_allowed;
        logic parameter_read;
        logic [PA-1:0] parameter_row;
        logic [64*C-1:0] parameter_data;
        logic [STORE_BITS-1:0] store_instruction;
        logic chunk;
        logic [CHUNK_BITS-1:0] chunk_index;
        logic [G_BITS-1:0] chunk_bytes;
        logic chunk_ends_line;
        logic flush;
        logic flush_ends;
        logic [32*C-1:0] values;
        logic [8*C-1:0] residuals;
        logic out_chunk;
        logic [G_BITS-1:0] out_bytes;
        logic out_ends_line;
        logic out_flush;
        logic out_flush_ends;
        logic [8*G-1:0] out_data;
        logic push;
        logic push_last;
        logic [W-1:0] push_strobe;
        logic [8*W-1:0] push_data;
        logic ends_on_chip;

        assign store_accept = !store_empty && !store_short_of_load && !store_short_of_execute
            && !store_active && !address_active && !stores_full;

        systolic_store_read store_read (
            .clk(clk),
            .rst_n(rst_n),
            .accept(store_accept),
            .word(store_word),
            .active(store_active),
            .stall(fifo_full),
            .advance(store_advance),
            .ends(out_flush && out_flush_ends),
            .output_read(output_read),
            .output_row(output_row),
            .output_data(output_data),
            .residual_read(residual_read),
            .residual_row(residual_row),
            .residual_data(residual_data),
            .parameter_read(parameter_read),
            .parameter_row(parameter_row),
            .instruction(store_instruction),
            .chunk(chunk),
            .chunk_index(chunk_index),
            .chunk_bytes(chunk_bytes),
            .chunk_ends_line(chunk_ends_line),
            .flush(flush),
            .flush_ends(flush_ends),
            .values(values),
            .residuals(residuals)
        );

        systolic_parameter_memory parameter_memory (
            .clk(clk),
            .write(parameter_write),
            .write_row(piece_row[PA-1:0]),
            .write_position(piece_position),
            .write_bytes(piece_bytes),
            .write_lanes(piece_lanes),
            .read(parameter_read),
            .read_row(parameter_row),
            .read_data(parameter_data)
        );

        systolic_post_processing post_processing (
            .clk(clk),
            .rst_n(rst_n),
            .clear(store_accept),
            .advance(store_advance),
            .instruction(store_instruction),
            .parameters(parameter_data),
            .chunk(chunk),
            .chunk_index(chunk_index),
            .chunk_bytes(chunk_bytes),
            .chunk_ends_line(chunk_ends_line),
            .flush(flush),
            .flush_ends(flush_ends),
            .values(values),
            .residuals(residuals),
            .out_chunk(out_chunk),
            .out_bytes(out_bytes),
            .out_ends_line(out_ends_line),
            .out_flush(out_flush),
            .out_flush_ends(out_flush_ends),
            .out_data(out_data)
        );

        systolic_store_packer store_packer (
            .clk(clk),
            .accept(store_accept),
            .word(store_word),
            .advance(store_advance),
            .chunk(out_chunk),
            .chunk_bytes(out_bytes),
            .chunk_ends_line(out_ends_line),
            .flush(out_flush),
            .chunk_data(out_data),
            .push(push),
            .push_last(push_last),
            .push_strobe(push_strobe),
            .push_data(push_data)
        );

        systolic_store_rows store_rows (
            .clk(clk),
            .rst_n(rst_n),
            .accept(store_accept),
            .word(store_word),
            .advance(store_advance),
            .chunk(out_chunk),
            .chunk_bytes(out_bytes),
            .chunk_data(out_data),
            .flush(out_flush),
            .flush_ends(out_flush_ends),
            .ends(ends_on_chip),
            .write(kept_write),
            .write_row(kept_row),
            .write_mask(kept_mask),
            .write_data(kept_data)
        );

        systolic_write_fifo #(
            .WIDTH(9 * W + 1),
            .DEPTH(FIFO)
        ) write_fifo (
            .clk(clk),
            .rst_n(rst_n),
            .push(push),
            .push_data({push_last, push_strobe, push_data}),
            .pop(m_axi_wvalid && m_axi_wready),
            .head({m_axi_wlast, m_axi_wstrb, m_axi_wdata}),
            .empty(fifo_empty),
            .full(fifo_full)
        );

        assign m_axi_wvalid = !fifo_empty && data_allowed;

        systolic_store_address store_address (
            .clk(clk),
            .rst_n(rst_n),
            .accept(store_accept),
            .word(store_word),
            .active(address_active),
            .full(stores_full),
            .unretired(store_unretired),
            .ends_on_chip(ends_on_chip),
            .awvalid(m_axi_awvalid),
            .awready(m_axi_awready),
            .awaddr(m_axi_awaddr),
            .awlen(m_axi_awlen),
            .data_allowed(data_allowed),
            .data_accepted(m_axi_wvalid && m_axi_wready),
            .response(m_axi_bvalid),
            .retire(store_retire),
            .signal_load(store_signals_load),
            .signal_execute(store_signals_execute)
        );

      """;
}
