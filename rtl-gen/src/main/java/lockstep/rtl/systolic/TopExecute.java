// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.Map;
import lockstep.rtl.verilog.VerilogModule;

/**
 * Execute control, the array and the accumulator in {@link Top}; with wires of their own where the
 * machine has the output-stationary dataflow.
 */
final class TopExecute {
  private TopExecute() {}

  static String text(boolean outputStationary) {
    return VerilogModule.fill(
        TEXT,
        Map.of(
            "OS_WIRES", outputStationary ? OS_WIRES : "",
            "OS_CONNECTIONS", outputStationary ? OS_CONNECTIONS : ""));
  }

  private static final String OS_WIRES =
      """
        logic output_stationary;
        logic select_valid;
        logic [HOP_BITS-1:0] select;
        logic flush_array;
      """;

  private static final String OS_CONNECTIONS =
      """
            .output_stationary(output_stationary),
            .select_valid(select_valid),
            .select(select),
            .flush(flush_array),
      """;

  private static final String TEXT =
      """
        // execute
        logic a_valid;
        logic [R-1:0] a_mask;
        logic swap;
        logic w_load;
        logic [HOP_BITS-1:0] w_hops;
        logic pixel;
        logic [AA-1:0] pixel_row;
        logic pixel_adds;
        logic pixel_retires;
        logic pixel_signals_load;
        logic pixel_signals_store;
        logic stream_busy;
        logic stream_short_tile;
        logic stream_waits_for_weights;
        logic [32*C-1:0] result;
        logic accumulator_add_read;
        logic accumulator_write;
        logic output_read;
        logic [AA-1:0] output_row;
        logic [32*C-1:0] output_data;
        wire stream_occupied = stream_busy || stream_short_tile || stream_waits_for_weights;
      @OS_WIRES@
        systolic_execute execute (
            .clk(clk),
            .rst_n(rst_n),
            .empty(execute_empty),
            .word(execute_word),
            .short_of_tokens(execute_short_of_load || execute_short_of_store),
            .accept(execute_accept),
            .retire(execute_retire),
            .activation_read(activation_read),
            .activation_row(activation_row),
            .weight_read(weight_read),
            .weight_row(weight_row),
            .a_valid(a_valid),
            .a_mask(a_mask),
            .swap(swap),
            .w_load(w_load),
            .w_hops(w_hops),
      @OS_CONNECTIONS@      .pixel(pixel),
            .pixel_row(pixel_row),
            .pixel_adds(pixel_adds),
            .pixel_retires(pixel_retires),
            .pixel_signals_load(pixel_signals_load),
            .pixel_signals_store(pixel_signals_store),
            .busy(stream_busy),
            .short_tile(stream_short_tile),
            .waits_for_weights(stream_waits_for_weights)
        );

        systolic_array array (
            .clk(clk),
            .rst_n(rst_n),
            .a_valid(a_valid),
            .a_mask(a_mask),
            .a_data(activation_data),
            .swap(swap),
            .w_load(w_load),
            .w_hops(w_hops),
            .w_data(weight_data),
      @OS_CONNECTIONS@      .result(result)
        );

        systolic_accumulator accumulator (
            .clk(clk),
            .rst_n(rst_n),
            .pixel(pixel),
            .pixel_row(pixel_row),
            .pixel_adds(pixel_adds),
            .pixel_retires(pixel_retires),
            .pixel_signals_load(pixel_signals_load),
            .pixel_signals_store(pixel_signals_store),
            .result(result),
            .retire(execute_retire),
            .signal_load(execute_signals_load),
            .signal_store(execute_signals_store),
            .add_read(accumulator_add_read),
            .write(accumulator_write),
            .output_read(output_read),
            .output_row(output_row),
            .output_data(output_data),
            .conflict(accumulator_conflict)
        );

      """;
}
