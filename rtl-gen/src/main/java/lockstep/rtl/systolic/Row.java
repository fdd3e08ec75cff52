// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.Map;
import lockstep.rtl.verilog.VerilogModule;

/**
 * One row of processing elements. An element is connected to its left neighbour (activation and
 * control bits) and to its upper neighbour (weights and partial sums) only.
 *
 * <pre>
 *                 w_in[n]   sum_in[n]
 *                    |          |
 *   a, valid,  --> shadow    a x active + sum_in --> next column
 *   swap, load       |  \\__ active  |
 *                 w_out[n]   sum_out[n]
 * </pre>
 *
 * Weight-stationary: {@code load} shifts the shadow weight in from above, {@code swap} makes it the
 * active one, one cycle before the first activation that uses it. Output-stationary: the shadow
 * weights stream down, products gather in {@code held}; {@code capture} moves the sum to {@code
 * sum_out}, from where {@code shift} moves it down.
 *
 * <p>There is no function in this module: Verilator then compiles one row for all of them.
 */
final class Row {
  private Row() {}

  static VerilogModule module(Sizes sizes) {
    boolean os = sizes.outputStationary;
    String bits = os ? "valid swap load capture shift" : "valid swap load";
    StringBuilder passed = new StringBuilder();
    StringBuilder reset = new StringBuilder();
    StringBuilder move = new StringBuilder();
    for (String bit : bits.split(" ")) {
      if (sizes.cols == 1) {
        passed.append("  wire [C-1:0] %s_now = %s;\n".formatted(bit, bit));
      } else {
        passed.append("  logic [C-2:0] %s_passed;\n".formatted(bit));
        passed.append("  wire [C-1:0] %s_now = {%s_passed, %s};\n".formatted(bit, bit, bit));
        reset.append("      %s_passed <= '0;\n".formatted(bit));
        move.append("      %s_passed <= %s_now[C-2:0];\n".formatted(bit, bit));
      }
    }
    String a;
    String control;
    if (sizes.cols == 1) {
      a = "  wire [8*C-1:0] a_now = a;\n";
      control = "  wire unused_rst_n = rst_n;\n";
    } else {
      a =
          """
            logic [8*(C-1)-1:0] a_passed;
            wire [8*C-1:0] a_now = {a_passed, a};
            always_ff @(posedge clk) if (|valid_now) a_passed <= a_now[8*(C-1)-1:0];
          """;
      control =
          """
            always_ff @(posedge clk)
              if (!rst_n) begin
          """
              + reset
              + "    end else begin\n"
              + move
              + "    end\n";
    }
    return VerilogModule.of(
        sizes,
        VerilogModule.fill(
            TEXT,
            Map.of(
                "OS_PORTS", os ? OS_PORTS : "",
                "PASSED", passed + a + control,
                "COMPUTE", os ? BOTH : WEIGHT_STATIONARY)));
  }

  private static final String OS_PORTS =
      """
          input logic output_stationary,
          input logic capture,
          input logic shift,
      """;

  private static final String WEIGHT_STATIONARY =
      """
        always_ff @(posedge clk)
          if (|valid_now)
            for (int n = 0; n < C; n++)
              sum_out[32*n+:32] <= sum_in[32*n+:32] + 32'($signed(a_now[8*n+:8])) * 32'($signed(active[8*n+:8]));
      """;

  private static final String BOTH =
      """
        wire multiplies = |valid_now;
        wire moves = |(capture_now | shift_now);

        for (genvar n = 0; n < C; n++) begin : g_held
          logic [31:0] held;

          always_ff @(posedge clk)
            if (!rst_n) held <= '0;
            else if (output_stationary)
              if (capture_now[n] || valid_now[n])
                held <= (capture_now[n] ? 32'd0 : held)
                    + (valid_now[n] ? 32'($signed(a_now[8*n+:8])) * 32'($signed(shadow[8*n+:8])) : 32'd0);

          always_ff @(posedge clk)
            if (output_stationary) begin
              if (moves)
                if (capture_now[n]) sum_out[32*n+:32] <= held;
                else if (shift_now[n]) sum_out[32*n+:32] <= sum_in[32*n+:32];
            end else if (multiplies)
              sum_out[32*n+:32] <= sum_in[32*n+:32] + 32'($signed(a_now[8*n+:8])) * 32'($signed(active[8*n+:8]));
        end
      """;

  private static final String TEXT =
      """
      module systolic_row (
          input logic clk,
          input logic rst_n,
          // from the left
          input logic [7:0] a,
          input logic valid,
          input logic swap,
          input logic load,
      @OS_PORTS@    // from above and to below
          input logic [8*C-1:0] w_in,
          output logic [8*C-1:0] w_out,
          input logic [32*C-1:0] sum_in,
          output logic [32*C-1:0] sum_out
      );
      @PASSED@
        logic [8*C-1:0] shadow;
        logic [8*C-1:0] active;

        assign w_out = shadow;

        always_ff @(posedge clk) begin
          if (|load_now)
            for (int n = 0; n < C; n++) if (load_now[n]) shadow[8*n+:8] <= w_in[8*n+:8];
          if (|swap_now)
            for (int n = 0; n < C; n++) if (swap_now[n]) active[8*n+:8] <= shadow[8*n+:8];
        end

      @COMPUTE@endmodule
      """;
}
