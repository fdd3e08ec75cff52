// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.Map;
import lockstep.rtl.verilog.VerilogModule;

/**
 * The systolic array: rows of processing elements with the triangles of registers that skew
 * activations and weights on the way in and straighten results on the way out.
 *
 * <pre>
 * cycle  t            row of the scratchpad read (by {@link Execute})
 *        t + 1        its data and control arrive here
 *        t + 2 + k    activation k enters row k, t + 1 + n: weight n enters column n
 *        t + R + C + 1   results of all columns side by side
 * </pre>
 */
final class Array {
  private Array() {}

  static VerilogModule module(Sizes sizes) {
    boolean os = sizes.outputStationary;
    StringBuilder rows = new StringBuilder();
    for (int k = 0; k < sizes.rows; k++) {
      rows.append(row(sizes, k));
    }
    return VerilogModule.of(
        sizes,
        VerilogModule.fill(
            TEXT,
            Map.of(
                "OS_PORTS", os ? OS_PORTS : "",
                "ACTIVATIONS", activations(sizes.rows),
                "CONTROL", control(sizes.rows),
                "WEIGHTS", weights(sizes.cols),
                "OUTPUT_STATIONARY", os ? outputStationary(sizes.rows) : "",
                "ROWS", rows.toString(),
                "RESULTS", results(sizes.rows, sizes.cols))));
  }

  /** Register {@code k} of the triangle holds lanes {@code k ..}; lane k leaves from it. */
  private static String activations(int rows) {
    StringBuilder text = new StringBuilder();
    for (int k = 0; k < rows; k++) {
      text.append(
          """
            logic [8*(R-%1$d)-1:0] lanes_%1$d;
            always_ff @(posedge clk) lanes_%1$d <= %2$s;
          """
              .formatted(
                  k,
                  k == 0
                      ? "a_data & spread(a_mask)"
                      : "lanes_%d[8*(R-%d)-1:8]".formatted(k - 1, k - 1)));
    }
    return text.toString();
  }

  private static String control(int rows) {
    StringBuilder text = new StringBuilder("  wire load_0 = w_load;\n  wire swap_0 = swap;\n");
    text.append("  wire [HOP_BITS-1:0] hops_0 = w_hops;\n");
    text.append("  logic valid_0;\n  always_ff @(posedge clk) valid_0 <= rst_n && a_valid;\n");
    for (int k = 1; k < rows; k++) {
      text.append(
          """
            logic valid_%1$d;
            logic swap_%1$d;
            logic load_%1$d;
            logic [HOP_BITS-1:0] hops_%1$d;
            always_ff @(posedge clk) begin
              valid_%1$d <= rst_n && valid_%2$d;
              swap_%1$d <= rst_n && swap_%2$d;
              load_%1$d <= rst_n && load_%2$d && hops_%2$d != '0;
              hops_%1$d <= hops_%2$d - HOP_BITS'(1);
            end
          """
              .formatted(k, k - 1));
    }
    return text.append("  wire unused_hops = &{1'b0, hops_%d};\n".formatted(rows - 1)).toString();
  }

  private static String weights(int cols) {
    StringBuilder text = new StringBuilder("  wire [8*C-1:0] weights_0 = w_data;\n");
    for (int n = 1; n < cols; n++) {
      text.append(
          """
            logic [8*(C-%1$d)-1:0] weights_%1$d;
            always_ff @(posedge clk) weights_%1$d <= weights_%2$d[8*(C-%2$d)-1:8];
          """
              .formatted(n, n - 1));
    }
    text.append("  wire [8*C-1:0] w_0 = {");
    for (int n = cols - 1; n >= 0; n--) {
      text.append("weights_%d[7:0]%s".formatted(n, n == 0 ? "};\n" : ", "));
    }
    return text.toString();
  }

  private static String outputStationary(int rows) {
    StringBuilder text = new StringBuilder("  wire [8*R-1:0] lanes = {");
    for (int k = rows - 1; k >= 0; k--) {
      text.append("lanes_%d[7:0]%s".formatted(k, k == 0 ? "};\n" : ", "));
    }
    text.append(OS_CONTROL);
    for (int k = 0; k < rows; k++) {
      text.append(
          """
            logic choose_%1$d;
            logic [HOP_BITS-1:0] choice_%1$d;
            logic [7:0] chosen_%1$d;
            logic chosen_valid_%1$d;
            logic capture_%1$d;
            logic holds_%1$d;
            wire shift_%1$d = drains && !capture_%1$d && (released || !holds_%1$d);
            always_ff @(posedge clk) begin
              choose_%1$d <= rst_n && %2$s;
              choice_%1$d <= %3$s;
              chosen_%1$d <= lanes[8*choice_%1$d+:8];
              chosen_valid_%1$d <= rst_n && choose_%1$d;
              capture_%1$d <= rst_n && %4$s;
              holds_%1$d <= rst_n && (capture_%1$d || (holds_%1$d && !released));
            end
          """
              .formatted(
                  k,
                  k == 0 ? "select_valid" : "choose_" + (k - 1),
                  k == 0 ? "select" : "choice_" + (k - 1),
                  k == 0 ? "flushed" : "capture_" + (k - 1)));
    }
    return text.toString().replace("@BOTTOM@", "capture_" + (rows - 1));
  }

  private static String row(Sizes sizes, int k) {
    boolean os = sizes.outputStationary;
    String a = "lanes_%d[7:0]".formatted(k);
    String valid = "valid_" + k;
    return """
      logic [8*C-1:0] w_%2$d;
      logic [32*C-1:0] sum_%2$d;
      systolic_row row_%1$d (
          .clk(clk),
          .rst_n(rst_n),
          .a(%3$s),
          .valid(%4$s),
          .swap(swap_%1$d),
          .load(load_%1$d),
    %5$s      .w_in(w_%1$d),
          .w_out(w_%2$d),
          .sum_in(%6$s),
          .sum_out(sum_%2$d)
      );
    """
        .formatted(
            k,
            k + 1,
            os ? "output_stationary ? chosen_%d : %s".formatted(k, a) : a,
            os ? "output_stationary ? chosen_valid_%d : %s".formatted(k, valid) : valid,
            os
                ? """
                      .output_stationary(output_stationary),
                      .capture(capture_%1$d),
                      .shift(shift_%1$d),
                """
                    .formatted(k)
                : "",
            k == 0 ? "'0" : "sum_" + k);
  }

  private static String results(int rows, int cols) {
    StringBuilder text = new StringBuilder();
    text.append("  wire unused_w = &{1'b0, w_%d};\n".formatted(rows));
    text.append("  wire [31:0] results_0 = sum_%d[31:0];\n".formatted(rows));
    for (int n = 1; n < cols; n++) {
      text.append(
          """
            logic [32*%1$d-1:0] earlier_%1$d;
            always_ff @(posedge clk) earlier_%1$d <= results_%2$d;
            wire [32*%3$d-1:0] results_%1$d = {sum_%4$d[32*%1$d+:32], earlier_%1$d};
          """
              .formatted(n, n - 1, n + 1, rows));
    }
    return text.append("  assign result = results_%d;\n".formatted(cols - 1)).toString();
  }

  private static final String OS_PORTS =
      """
          // output-stationary
          input logic output_stationary,
          input logic select_valid,
          input logic [HOP_BITS-1:0] select,
          input logic flush,
      """;

  private static final String OS_CONTROL =
      """
        logic flushed;
        logic released;  // the bottom row has captured: all rows begin to shift
        logic [HOP_BITS-1:0] shifts_left;
        wire drains = released || shifts_left != '0;

        always_ff @(posedge clk) begin
          flushed <= rst_n && flush;
          released <= rst_n && @BOTTOM@;
          if (!rst_n) shifts_left <= '0;
          else if (released) shifts_left <= HOP_BITS'(R - 1);
          else if (shifts_left != '0) shifts_left <= shifts_left - HOP_BITS'(1);
        end

      """;

  private static final String TEXT =
      """
      module systolic_array (
          input logic clk,
          input logic rst_n,
          input logic a_valid,
          input logic [R-1:0] a_mask,
          input logic [8*R-1:0] a_data,
          input logic swap,
          input logic w_load,
          input logic [HOP_BITS-1:0] w_hops,
          input logic [8*C-1:0] w_data,
      @OS_PORTS@    output logic [32*C-1:0] result
      );
        function automatic logic [8*R-1:0] spread(input logic [R-1:0] mask);
          for (int i = 0; i < R; i++) spread[8*i+:8] = {8{mask[i]}};
        endfunction

        // activation k is delayed by k cycles
      @ACTIVATIONS@
        // control follows the activations down the rows
      @CONTROL@
        // weight n is delayed by n cycles
      @WEIGHTS@
      @OUTPUT_STATIONARY@
      @ROWS@
        // the result of column n is delayed by C - 1 - n cycles
      @RESULTS@endmodule
      """;
}
