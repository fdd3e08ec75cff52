// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

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
    return VerilogModule.of(sizes, PORTS + ACCEPT + WALK + PIXEL + CHUNKS);
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

  private static final String WALK =
      """
        // taps and pixels
        logic first_cycle;
        logic reading;  // a pixel's slot, not a flush
        logic flushing;
        logic taps_left;
        logic [15:0] slot;
        logic [15:0] y;
        logic [15:0] x;
        logic [7:0] py;
        logic [7:0] px;
        logic signed [25:0] window_y;
        logic signed [25:0] window_x;
        logic [AA-1:0] line_row;  // row of the tap (0, 0) of the line's first pixel
        logic [AA-1:0] window_row;
        logic [AA-1:0] tap_line_row;
        logic [SA-1:0] next_residual_row;

        wire signed [25:0] tap_y = window_y + 26'(py);
        wire signed [25:0] tap_x = window_x + 26'(px);
        wire counts = !tap_y[25] && tap_y < 26'(d_tile_h) && !tap_x[25] && tap_x < 26'(d_tile_w);
        wire tap = reading && taps_left;
        wire slot_ends = slot == slot_length - 16'd1;
        wire line_ends = x == d_n_x - 16'd1;
        wire [AA-1:0] next_line_row = line_row + AA'(32'(d_stride_y) * 32'(d_tile_w));
        wire [AA-1:0] next_window_row = window_row + AA'(d_stride_x);
        wire [AA-1:0] first_row = w_acc_row - AA'(32'(w_pad_y) * 32'(w_tile_w)) - AA'(w_pad_x);

        assign output_read = advance && tap && counts;
        assign output_row = tap_line_row + AA'(px);
        assign residual_read = advance && reading && slot_ends && d_residual;
        assign residual_row = next_residual_row;
        assign parameter_read = active && first_cycle;
        assign parameter_row = d_parameter_row;

        always_ff @(posedge clk) begin
          if (!rst_n) begin
            first_cycle <= 1'b0;
            reading <= 1'b0;
            flushing <= 1'b0;
          end else if (accept) begin
            first_cycle <= 1'b1;
            reading <= 1'b1;
            flushing <= 1'b0;
          end else if (advance) begin
            first_cycle <= 1'b0;
            if (reading && slot_ends && line_ends) begin
              reading  <= 1'b0;
              flushing <= 1'b1;
            end
            if (flushing) begin
              reading  <= y != d_n_y;
              flushing <= 1'b0;
            end
          end

          if (accept) begin
            taps_left <= 1'b1;
            slot <= '0;
            y <= '0;
            x <= '0;
            py <= '0;
            px <= '0;
            window_y <= 26'd0 - 26'(w_pad_y);
            window_x <= 26'd0 - 26'(w_pad_x);
            line_row <= first_row;
            window_row <= first_row;
            tap_line_row <= first_row;
            next_residual_row <= w_residual_row;
          end else if (advance && reading) begin
            slot <= slot + 16'd1;
            if (taps_left) begin
              px <= px + 8'd1;
              if (px == d_pool_w - 8'd1) begin
                px <= '0;
                py <= py + 8'd1;
                tap_line_row <= tap_line_row + AA'(d_tile_w);
                if (py == d_pool_h - 8'd1) taps_left <= 1'b0;
              end
            end
            if (slot_ends) begin
              slot <= '0;
              taps_left <= 1'b1;
              py <= '0;
              px <= '0;
              next_residual_row <= next_residual_row + SA'(1);
              if (line_ends) begin
                x <= '0;
                y <= y + 16'd1;
                window_x <= 26'd0 - 26'(d_pad_x);
                window_y <= window_y + 26'(d_stride_y);
                line_row <= next_line_row;
                window_row <= next_line_row;
                tap_line_row <= next_line_row;
              end else begin
                x <= x + 16'd1;
                window_x <= window_x + 26'(d_stride_x);
                window_row <= next_window_row;
                tap_line_row <= next_window_row;
              end
            end
          end
        end

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
