// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/** A permute slot: codes in another order. */
final class Permute {
  private Permute() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module @FAMILY@_permute (
          input logic clk,
          input logic clear,
          input logic step,
          input logic [63:0] word,
          output logic [VECTOR_BITS-1:0] a_index,
          input logic [8*V-1:0] a,
          output logic [VECTOR_BITS-1:0] b_index,
          input logic [8*V-1:0] b,
          output logic write,
          output logic [VECTOR_BITS-1:0] write_index,
          output logic [8*V-1:0] write_data
      );
        //FIELDS permute_shuffle word w_
        logic [8*V-1:0] result;
        logic arrives;

        wire shuffles = word[PERMUTE_OPCODE-1:0] == PERMUTE_OPCODE'(PERMUTE_SHUFFLE);
        assign a_index = w_from;
        assign b_index = w_order;
        assign write = step && arrives;
        wire unused_order = &{1'b0, b};

        for (genvar i = 0; i < V; i++) begin : g_code
          wire [PLACE_IN_VECTOR_BITS-1:0] place = b[8*i+:PLACE_IN_VECTOR_BITS];
          assign result[8*i+:8] = a[8*place+:8];
        end

        @FAMILY@_delay #(
            .WIDTH (VECTOR_BITS + 8 * V),
            .STAGES(PERMUTE_LATENCY - 1)
        ) results (
            .clk(clk),
            .clear(clear),
            .step(step),
            .valid(shuffles),
            .value({w_to, result}),
            .later_valid(arrives),
            .later_value({write_index, write_data})
        );
      endmodule
      """;
}
