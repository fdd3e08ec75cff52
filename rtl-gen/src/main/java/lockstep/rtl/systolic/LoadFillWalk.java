// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

/**
 * The walk of {@link LoadFill} from piece to piece, from copy to copy, window to window and line to
 * line. Rows and lanes advance by adding; a lane that passes the array's last row begins the next
 * scratchpad row of the patch.
 */
final class LoadFillWalk {
  private LoadFillWalk() {}

  static final String TEXT =
      """
        // from piece to piece
        //FIELDS load descriptor n_
        wire [31:0] next_line_address = line_address + $unsigned(d_line_stride);
        wire [31:0] next_run = next_line_address + 32'(d_first_byte);
        wire [31:0] first_run = n_dram_address + 32'(n_first_byte);
        wire [32:0] next_window_offset = window_offset + 33'(d_step);
        wire [TA-1:0] next_window_row = window_row + d_row_step;
        wire row_ends = rows_end && POSITION_BITS'(bytes) == to_end;

        wire [POSITION_BITS-1:0] copy_lane_sum = copy_lane + POSITION_BITS'(d_lane_copy_step);
        wire copy_wraps = rows_end && copy_lane_sum >= POSITION_BITS'(R);
        wire [POSITION_BITS-1:0] next_copy_lane =
            copy_wraps ? copy_lane_sum - POSITION_BITS'(R) : copy_lane_sum;
        wire [TA-1:0] next_copy_row =
            copy_row - d_row_line_stride + d_row_copy_step + (copy_wraps ? d_row_end_step : '0);

        // a line after the last one of the first copy begins with the next copy
        wire drops = 17'(line) + 17'(d_copies) >= 17'(d_lines);
        wire [POSITION_BITS-1:0] line_lane_sum = line_lane + POSITION_BITS'(d_lane_copy_step);
        wire line_wraps = rows_end && line_lane_sum >= POSITION_BITS'(R);
        wire [POSITION_BITS-1:0] dropped_lane =
            line_wraps ? line_lane_sum - POSITION_BITS'(R) : line_lane_sum;
        wire [POSITION_BITS-1:0] next_line_lane = drops ? dropped_lane : line_lane;
        wire [TA-1:0] next_line_row = line_row
            + (drops ? d_row_copy_step + (line_wraps ? d_row_end_step : '0) : d_row_line_stride);
        wire [7:0] next_first_copy = first_copy + 8'(drops);
        wire unused_low_bits = &{1'b0, next_run[LW-1:0], first_run[LW-1:0], run_last_address[LW-1:0],
            last_address[LW-1:0]};

        always_ff @(posedge clk) begin
          if (!rst_n) active <= 1'b0;
          else if (take) active <= 1'b1;
          else if (emit && load_ends) active <= 1'b0;

          if (take) begin
            d <= descriptor;
            line <= '0;
            window <= '0;
            copy <= '0;
            first_copy <= '0;
            first <= '0;
            line_address <= n_dram_address;
            window_offset <= '0;
            line_row <= n_row;
            line_lane <= POSITION_BITS'(n_lane);
            window_row <= n_row;
            copy_row <= n_row;
            copy_lane <= POSITION_BITS'(n_lane);
            row <= n_row;
            lane <= POSITION_BITS'(n_lane);
            only <= 25'(n_first_byte);
            next_beat <= first_run[31:LW];
          end else begin
            next_beat <= next_beat_after;
            if (emit) begin
              first <= first + 12'(bytes);
              lane <= row_ends ? '0 : lane + POSITION_BITS'(bytes);
              row <= row_ends ? row + d_row_end_step : row;
              if (copy_ends) begin
                first <= '0;
                copy <= copy + 8'd1;
                copy_lane <= next_copy_lane;
                copy_row <= next_copy_row;
                lane <= next_copy_lane;
                row <= next_copy_row;
              end
              if (window_ends) begin
                copy <= first_copy;
                window <= window + 16'd1;
                only <= only + 25'd1;
                window_offset <= next_window_offset;
                window_row <= next_window_row;
                copy_lane <= line_lane;
                copy_row <= next_window_row;
                lane <= line_lane;
                row <= next_window_row;
              end
              if (line_ends) begin
                copy <= next_first_copy;
                first_copy <= next_first_copy;
                window <= '0;
                only <= 25'(d_first_byte);
                line <= line + 16'd1;
                line_address <= next_line_address;
                next_beat <= next_run[31:LW];
                window_offset <= '0;
                line_lane <= next_line_lane;
                line_row <= next_line_row;
                window_row <= next_line_row;
                copy_lane <= next_line_lane;
                copy_row <= next_line_row;
                lane <= next_line_lane;
                row <= next_line_row;
              end
            end
          end
        end

      """;
}
