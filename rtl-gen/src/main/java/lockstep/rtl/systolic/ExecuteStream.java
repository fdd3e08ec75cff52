// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

/**
 * The stream stage of {@link Execute}: walks the taps of an instruction and, within each, its
 * pixels.
 */
final class ExecuteStream {
  private ExecuteStream() {}

  static final String TILES =
      """
        // stream stage: tiles (weight-stationary) or steps (output-stationary), one for each tap
        logic [EXECUTE_BITS-1:0] c;
        wire [EXECUTE_BITS-1:0] e = begins ? head : c;
        //FIELDS execute e e_
        //FIELDS execute c c_
        logic between_taps;
        logic pixels_left;
        logic [1:0] gap;
        logic [11:0] next_c;
        logic [7:0] next_fy;
        logic [7:0] next_fx;
        logic [SA-1:0] next_c_row;
        logic [SA-1:0] next_fy_row;
        logic [SA-1:0] next_fx_row;
        logic tap_adds;
        logic tap_last;
        logic steps_left;
        logic occupied;

        wire tile_free = !pixels_left && !steps_left && gap == '0;
        wire needs_weights = !os && !(between_taps && c_hold);
        wire weights_there = !needs_weights || shadow_ready;
        wire continues = between_taps && tile_free && weights_there;
        wire starts = begins || continues;

        assign begins = !between_taps && tile_free && !stream_empty && !occupied && weights_there;
        assign swaps  = starts && needs_weights;

        wire [11:0] tap_c = begins ? '0 : next_c;
        wire [7:0] tap_fy = begins ? '0 : next_fy;
        wire [7:0] tap_fx = begins ? '0 : next_fx;
        wire [SA-1:0] tap_c_row = begins ? e_a_row : next_c_row;
        wire [SA-1:0] tap_fy_row = begins ? e_a_row : next_fy_row;
        wire [SA-1:0] tap_row = begins ? e_a_row : next_fx_row;
        wire last_fx = tap_fx == e_n_fx - 8'd1;
        wire last_fy = tap_fy == e_n_fy - 8'd1;
        wire last_c = tap_c == e_n_c - 12'd1;
        wire last_tap = starts ? last_fx && last_fy && last_c : tap_last;
        wire adds = begins ? e_accumulate : continues ? 1'b1 : tap_adds;
        wire [SA-1:0] c_row = tap_c_row + e_a_stride_c;
        wire [SA-1:0] fy_row = tap_fy_row + e_a_stride_fy;

        always_ff @(posedge clk) begin
          if (!rst_n) begin
            between_taps <= 1'b0;
            gap <= '0;
          end else begin
            if (starts) between_taps <= !last_tap;
            if (starts && !os) gap <= 2'd2;
            else if (gap != '0) gap <= gap - 2'd1;
          end
          if (begins) c <= head;
          if (starts) begin
            tap_adds <= adds;
            tap_last <= last_tap;
            if (!last_fx) begin
              next_c <= tap_c;
              next_fy <= tap_fy;
              next_fx <= tap_fx + 8'd1;
              next_c_row <= tap_c_row;
              next_fy_row <= tap_fy_row;
              next_fx_row <= tap_row + e_a_stride_fx;
            end else if (!last_fy) begin
              next_c <= tap_c;
              next_fy <= tap_fy + 8'd1;
              next_fx <= '0;
              next_c_row <= tap_c_row;
              next_fy_row <= fy_row;
              next_fx_row <= fy_row;
            end else begin
              next_c <= tap_c + 12'd1;
              next_fy <= '0;
              next_fx <= '0;
              next_c_row <= c_row;
              next_fy_row <= c_row;
              next_fx_row <= c_row;
            end
          end
        end

      """;

  static final String PIXELS =
      """
        // pixels of a tile
        logic [15:0] next_y;
        logic [15:0] next_x;
        logic [SA-1:0] next_line_row;
        logic [SA-1:0] next_pixel_row;
        logic [AA-1:0] next_acc_row;

        wire reads = starts || pixels_left;
        wire [15:0] y = starts ? '0 : next_y;
        wire [15:0] x = starts ? '0 : next_x;
        wire [SA-1:0] line_row = starts ? tap_row : next_line_row;
        wire [SA-1:0] a_row = starts ? tap_row : next_pixel_row;
        wire [AA-1:0] acc_row = starts ? e_acc_row : next_acc_row;
        wire line_ends = x == e_n_x - 16'd1;
        wire tile_ends = line_ends && y == e_n_y - 16'd1;
        wire [SA-1:0] below = line_row + e_a_stride_y;

        always_ff @(posedge clk) begin
          if (!rst_n) pixels_left <= 1'b0;
          else if (reads) pixels_left <= !tile_ends;
          if (reads) begin
            next_acc_row <= acc_row + AA'(1);
            if (line_ends) begin
              next_y <= y + 16'd1;
              next_x <= '0;
              next_line_row <= below;
              next_pixel_row <= below;
            end else begin
              next_y <= y;
              next_x <= x + 16'd1;
              next_line_row <= line_row;
              next_pixel_row <= a_row + e_a_stride_x;
            end
          end
        end

      """;
}
