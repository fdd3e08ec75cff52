// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.Map;

/**
 * Execute control: accepts instructions; the weight stage preloads the weights of the next tile
 * while the stream stage reads the activations of this one.
 */
final class Execute {
  private Execute() {}

  static VerilogModule module(Sizes sizes) {
    boolean os = sizes.outputStationary;
    return VerilogModule.of(
        sizes,
        VerilogModule.fill(
            PORTS + ACCEPT + WEIGHTS + TILES + PIXELS + OUTPUTS,
            Map.of(
                "OS_PORTS", os ? OS_PORTS : "",
                "OS_STATE", os ? OS_STATE : NO_OS_STATE,
                "OS_STEPS", os ? OS_STEPS : NO_OS_STEPS)));
  }

  private static final String PORTS =
      """
      module systolic_execute (
          input logic clk,
          input logic rst_n,
          // head of the execute queue
          input logic empty,
          input logic [EXECUTE_BITS-1:0] word,
          input logic short_of_tokens,
          output logic accept,
          input logic retire,
          // scratchpad
          output logic activation_read,
          output logic [SA-1:0] activation_row,
          output logic weight_read,
          output logic [SA-1:0] weight_row,
          // array, one cycle after the reads
          output logic a_valid,
          output logic [R-1:0] a_mask,
          output logic swap,
          output logic w_load,
          output logic [HOP_BITS-1:0] w_hops,
      @OS_PORTS@    // accumulator
          output logic pixel,
          output logic [AA-1:0] pixel_row,
          output logic pixel_adds,
          output logic pixel_retires,
          output logic pixel_signals_load,
          output logic pixel_signals_store,
          // account
          output logic busy,
          output logic short_tile,
          output logic waits_for_weights
      );
        //FIELDS execute word w_
      """;

  private static final String OS_PORTS =
      """
          output logic output_stationary,
          output logic select_valid,
          output logic [HOP_BITS-1:0] select,
          output logic flush,
      """;

  private static final String ACCEPT =
      """
        // acceptance
        logic [EXECUTES_BITS-1:0] unretired;
        logic stream_empty;
        logic stream_full;
        logic [EXECUTE_BITS-1:0] head;
        logic begins;
        logic weights_active;
        logic weights_end;

      @OS_STATE@
        wire weights_free = !weights_active || weights_end;

        assign accept = !empty && !short_of_tokens && weights_free && !stream_full && same_dataflow;

        systolic_queue #(
            .WIDTH(EXECUTE_BITS),
            .DEPTH(2)
        ) stream_queue (
            .clk(clk),
            .rst_n(rst_n),
            .push(accept),
            .push_data(word),
            .pop(begins),
            .head(head),
            .empty(stream_empty),
            .full(stream_full)
        );

        always_ff @(posedge clk)
          if (!rst_n) unretired <= '0;
          else unretired <= unretired + EXECUTES_BITS'(accept) - EXECUTES_BITS'(retire);

      """;

  private static final String OS_STATE =
      """
        logic os;  // dataflow of the instruction accepted last
        wire same_dataflow = w_output_stationary == os || unretired == '0;

        always_ff @(posedge clk)
          if (!rst_n) os <= 1'b0;
          else if (accept) os <= w_output_stationary;

        assign output_stationary = os;
        wire preloads = !w_output_stationary;
      """;

  private static final String NO_OS_STATE =
      """
        wire os = 1'b0;
        wire same_dataflow = 1'b1;
        wire preloads = 1'b1;
        wire unused_unretired = &{1'b0, unretired};
      """;

  private static final String WEIGHTS =
      """
        // weight stage
        logic in_tile;
        logic shadow_used;  // from the first read of a preload until its tile starts
        logic shadow_ready;
        logic swaps;
        logic [SA-1:0] tile_row;
        logic [K_BITS-1:0] k;
        logic [K_BITS-1:0] weights_k_rows;
        logic weights_hold;
        logic [11:0] weights_c;
        logic [7:0] weights_fy;
        logic [7:0] weights_fx;
        logic [11:0] weights_n_c;
        logic [7:0] weights_n_fy;
        logic [7:0] weights_n_fx;

        wire preload = weights_active && (in_tile || !shadow_used || swaps);
        wire tile_end = preload && k == '0;
        wire weights_last_fx = weights_fx == weights_n_fx - 8'd1;
        wire weights_last_fy = weights_fy == weights_n_fy - 8'd1;
        wire weights_last_c = weights_c == weights_n_c - 12'd1;

        assign weights_end = tile_end
            && (weights_hold || (weights_last_fx && weights_last_fy && weights_last_c));

        always_ff @(posedge clk) begin
          if (!rst_n) begin
            weights_active <= 1'b0;
            shadow_used <= 1'b0;
            shadow_ready <= 1'b0;
          end else begin
            if (accept && preloads) weights_active <= 1'b1;
            else if (weights_end) weights_active <= 1'b0;
            shadow_used  <= (preload && !in_tile) || (shadow_used && !swaps);
            shadow_ready <= tile_end || (shadow_ready && !swaps);
          end
          if (accept) begin
            in_tile <= 1'b0;
            tile_row <= w_w_row;
            k <= w_k_rows - K_BITS'(1);
            weights_k_rows <= w_k_rows;
            weights_hold <= w_hold;
            weights_c <= '0;
            weights_fy <= '0;
            weights_fx <= '0;
            weights_n_c <= w_n_c;
            weights_n_fy <= w_n_fy;
            weights_n_fx <= w_n_fx;
          end else if (tile_end) begin
            in_tile <= 1'b0;
            tile_row <= tile_row + SA'(weights_k_rows);
            k <= weights_k_rows - K_BITS'(1);
            weights_fx <= weights_last_fx ? '0 : weights_fx + 8'd1;
            if (weights_last_fx) weights_fy <= weights_last_fy ? '0 : weights_fy + 8'd1;
            if (weights_last_fx && weights_last_fy) weights_c <= weights_c + 12'd1;
          end else if (preload) begin
            in_tile <= 1'b1;
            k <= k - K_BITS'(1);
          end
        end

      """;

  private static final String TILES =
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

  private static final String PIXELS =
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

      @OS_STEPS@
      """;

  private static final String OS_STEPS =
      """
        // output-stationary: weights of a step, occupancy of the array, results on their way out
        logic open;
        logic [OCCUPANCY_BITS-1:0] occupancy;
        logic [K_BITS-1:0] next_k;
        logic [SA-1:0] next_w_row;
        logic step_reads;
        logic [SA-1:0] step_row;
        logic [K_BITS-1:0] step_pixels;
        logic [K_BITS-1:0] results_left;
        logic [K_BITS-1:0] results;
        logic [AA-1:0] result_row;
        logic result_adds;
        logic result_signals_load;
        logic result_signals_store;

        assign occupied = occupancy != '0;
        wire finishes = open && !between_taps && tile_free && !occupied;
        wire step = os && (starts || steps_left);
        wire [K_BITS-1:0] step_k = starts ? '0 : next_k;
        wire [SA-1:0] w_row = begins ? e_w_row : next_w_row;

        always_ff @(posedge clk) begin
          if (!rst_n) begin
            open <= 1'b0;
            occupancy <= '0;
            steps_left <= 1'b0;
            step_reads <= 1'b0;
            results_left <= '0;
            select_valid <= 1'b0;
            flush <= 1'b0;
          end else begin
            open <= os && (begins || (open && !finishes));
            if (begins && os) occupancy <= OCCUPANCY_BITS'(MIN_OCCUPANCY - 1);
            else if (occupied) occupancy <= occupancy - OCCUPANCY_BITS'(1);
            steps_left <= step && step_k != e_k_rows - K_BITS'(1);
            step_reads <= step;
            if (finishes) results_left <= K_BITS'(R);
            else if (results_left != '0) results_left <= results_left - K_BITS'(1);
            select_valid <= step;
            flush <= finishes;
          end
          if (step) begin
            next_k <= step_k + K_BITS'(1);
            next_w_row <= w_row + SA'(1);
          end
          step_row <= w_row;
          select <= HOP_BITS'(step_k);
          if (reads) step_pixels <= starts ? K_BITS'(1) : step_pixels + K_BITS'(1);
          if (finishes) begin
            results <= step_pixels;
            result_row <= c_acc_row + AA'(R - 1);
            result_adds <= c_accumulate;
            result_signals_load <= c_signal_load;
            result_signals_store <= c_signal_store;
          end else result_row <= result_row - AA'(1);
        end

        assign weight_read = preload || step_reads;
        assign weight_row = os ? step_row : tile_row + SA'(k);
        assign pixel = os ? results_left != '0 && results_left <= results : reads;
        assign pixel_row = os ? result_row : acc_row;
        assign pixel_adds = os ? result_adds : adds;
        assign pixel_retires = os ? results_left == K_BITS'(1) : tile_ends && last_tap;
        assign pixel_signals_load = os ? result_signals_load : e_signal_load;
        assign pixel_signals_store = os ? result_signals_store : e_signal_store;
        assign busy = os ? begins || (open && !finishes) : reads;
      """;

  private static final String NO_OS_STEPS =
      """
        assign occupied = 1'b0;
        assign steps_left = 1'b0;
        assign weight_read = preload;
        assign weight_row = tile_row + SA'(k);
        assign pixel = reads;
        assign pixel_row = acc_row;
        assign pixel_adds = adds;
        assign pixel_retires = tile_ends && last_tap;
        assign pixel_signals_load = e_signal_load;
        assign pixel_signals_store = e_signal_store;
        assign busy = reads;
      """;

  private static final String OUTPUTS =
      """
        assign activation_read = reads;
        assign activation_row = a_row;
        assign short_tile = !busy && gap != '0;
        assign waits_for_weights = !busy && !short_tile && (between_taps || !stream_empty);

        always_ff @(posedge clk) begin
          a_valid <= rst_n && reads && !os;
          a_mask <= R'(((R + 1)'(1) << e_k_rows) - (R + 1)'(1));
          swap <= rst_n && swaps;
          w_load <= rst_n && weight_read;
          w_hops <= os ? HOP_BITS'(R - 1) : HOP_BITS'(k);
        end
      endmodule
      """;
}
