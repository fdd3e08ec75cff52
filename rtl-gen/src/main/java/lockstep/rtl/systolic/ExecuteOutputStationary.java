// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

/**
 * What the output-stationary dataflow adds to {@link Execute}, or stands there on a machine without
 * it.
 */
final class ExecuteOutputStationary {
  private ExecuteOutputStationary() {}

  static String ports(boolean present) {
    return present ? PORTS : "";
  }

  static String state(boolean present) {
    return present ? STATE : NO_STATE;
  }

  static String steps(boolean present) {
    return present ? STEPS : NO_STEPS;
  }

  private static final String PORTS =
      """
          output logic output_stationary,
          output logic select_valid,
          output logic [HOP_BITS-1:0] select,
          output logic flush,
      """;

  private static final String STATE =
      """
        logic os;  // dataflow of the instruction accepted last
        wire same_dataflow = w_output_stationary == os || unretired == '0;

        always_ff @(posedge clk)
          if (!rst_n) os <= 1'b0;
          else if (accept) os <= w_output_stationary;

        assign output_stationary = os;
        wire preloads = !w_output_stationary;
      """;

  private static final String NO_STATE =
      """
        wire os = 1'b0;
        wire same_dataflow = 1'b1;
        wire preloads = 1'b1;
        wire unused_unretired = &{1'b0, unretired};
      """;

  private static final String STEPS =
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

  private static final String NO_STEPS =
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
}
