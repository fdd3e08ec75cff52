// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import lockstep.rtl.verilog.VerilogModule;

/**
 * Store, read stage: walks the output pixels and the taps of their pooling windows, keeps the
 * largest value of each column, hands finished pixels on in chunks of {@code G} columns.
 *
 * <pre>
 * pipeline time  v0 .. v0 + S - 1   taps read, one a cycle; the residual row in the last
 *                v0 + S             pixel complete
 *                v0 + S + 1 + h     chunk h enters {@link PostProcessing}
 * </pre>
 */
final class StoreRead {
  private StoreRead() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, PORTS + ACCEPT + StoreReadWalk.TEXT + PIXEL + CHUNKS);
  }

  private static final String PORTS =
      """
      module systolic_store_read (
          input logic clk,
          input logic rst_n,
          input logic accept,
          input logic [STORE_BITS-1:0] word,
          // pipeline time
          output logic active,
          input logic stall,
          output logic advance,
          input logic ends,
          // memories: data follow one cycle after the row
          output logic output_read,
          output logic [AA-1:0] output_row,
          input logic [32*C-1:0] output_data,
          output logic residual_read,
          output logic [SA-1:0] residual_row,
          input logic [8*C-1:0] residual_data,
          output logic parameter_read,
          output logic [PA-1:0] parameter_row,
          // chunks to post-processing
          output logic [STORE_BITS-1:0] instruction,
          output logic chunk,
          output logic [CHUNK_BITS-1:0] chunk_index,
          output logic [G_BITS-1:0] chunk_bytes,
          output logic chunk_ends_line,
          output logic flush,
          output logic flush_ends,
          output logic [32*C-1:0] values,
          output logic [8*C-1:0] residuals
      );
        //FIELDS store word w_
        //FIELDS store instruction d_
      """;

  private static final String ACCEPT =
      """
        // slot length
        logic [15:0] taps;
        logic [CHANNEL_BITS:0] chunks;
        wire [31:0] rounded_channels = 32'(w_channels) + 32'(G - 1);
        wire [31:0] divided_channels = rounded_channels * 32'(RECIPROCAL);
        wire [15:0] slot_length = taps > 16'(chunks) ? taps : 16'(chunks);
        wire unused_divided_channels = &{1'b0, divided_channels};

        always_ff @(posedge clk)
          if (accept) begin
            taps   <= 16'(w_pool_h) * 16'(w_pool_w);
            chunks <= (CHANNEL_BITS + 1)'(divided_channels >> 18);
          end

        assign advance = active && !stall;

        always_ff @(posedge clk)
          if (!rst_n) active <= 1'b0;
          else if (accept) active <= 1'b1;
          else if (advance && ends) active <= 1'b0;

        always_ff @(posedge clk) if (accept) instruction <= word;

      """;

  private static final String PIXEL =
      """
        // the largest value of each column; a row arrives in the cycle after its read, stall or not
        logic arrived;
        logic arrived_first;
        logic arrived_counts;
        logic arrived_residual;
        logic [32*C-1:0] largest;
        logic [8*C-1:0] residual;

        function automatic logic [32*C-1:0] larger(input logic [32*C-1:0] a, input logic [32*C-1:0] b);
          for (int n = 0; n < C; n++)
            larger[32*n+:32] = $signed(a[32*n+:32]) > $signed(b[32*n+:32]) ? a[32*n+:32] : b[32*n+:32];
        endfunction

        wire [32*C-1:0] base = arrived_first ? {C{32'h80000000}} : largest;
        wire [32*C-1:0] with_arrival = arrived_counts ? larger(output_data, base) : base;
        wire [32*C-1:0] complete = arrived ? with_arrival : largest;
        wire [8*C-1:0] complete_residual = arrived_residual ? residual_data : residual;

        always_ff @(posedge clk) begin
          arrived <= rst_n && advance && tap;
          arrived_first <= py == '0 && px == '0;
          arrived_counts <= counts;
          arrived_residual <= rst_n && residual_read;
          if (arrived) largest <= with_arrival;
          if (arrived_residual) residual <= residual_data;
        end

      """;

  private static final String CHUNKS =
      """
        // chunks of the complete pixel; a flush follows its line
        logic pixel_complete;
        logic pixel_ends_line;
        logic chunk_of_line_end;
        logic [CHANNEL_BITS:0] channels_left;
        logic [15:0] flush_delay;
        logic flush_is_last;

        wire last_chunk = channels_left <= (CHANNEL_BITS + 1)'(G);
        assign chunk_bytes = last_chunk ? G_BITS'(channels_left) : G_BITS'(G);
        assign chunk_ends_line = chunk_of_line_end && last_chunk;

        always_ff @(posedge clk)
          if (!rst_n || accept) begin
            pixel_complete <= 1'b0;
            chunk <= 1'b0;
            flush <= 1'b0;
            flush_delay <= '0;
          end else if (advance) begin
            pixel_complete <= reading && slot_ends;
            pixel_ends_line <= line_ends;
            if (pixel_complete) begin
              chunk <= 1'b1;
              chunk_index <= '0;
              channels_left <= (CHANNEL_BITS + 1)'(d_channels);
              chunk_of_line_end <= pixel_ends_line;
              values <= complete;
              residuals <= complete_residual;
            end else if (chunk) begin
              chunk <= !last_chunk;
              chunk_index <= chunk_index + CHUNK_BITS'(1);
              channels_left <= channels_left - (CHANNEL_BITS + 1)'(G);
            end
            if (flushing) begin
              flush_delay <= slot_length;
              flush_is_last <= y == d_n_y;
            end else if (flush_delay != '0) flush_delay <= flush_delay - 16'd1;
            flush <= flush_delay == 16'd1;
            flush_ends <= flush_is_last;
          end
      endmodule
      """;
}
