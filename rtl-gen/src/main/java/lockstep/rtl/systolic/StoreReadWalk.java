// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

/**
 * The walk of {@link StoreRead}: slot after slot the output pixels of a line, then a flush; within
 * a slot the taps of the pixel's window, and at its end the residual.
 */
final class StoreReadWalk {
  private StoreReadWalk() {}

  static final String TEXT =
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
              next_residual_row <= next_residual_row + SA'(1) + (line_ends ? d_residual_skip : '0);
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
}
