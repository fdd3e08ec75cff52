// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/** A scalar slot: integers. Loops and patterns are not its own. */
final class ScalarUnit {
  private ScalarUnit() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module @FAMILY@_scalar (
          input logic clk,
          input logic clear,
          input logic step,
          input logic [63:0] word,
          output logic [SCALAR_BITS-1:0] a_index,
          input logic [31:0] a,
          output logic [SCALAR_BITS-1:0] b_index,
          input logic [31:0] b,
          output logic write,
          output logic [SCALAR_BITS-1:0] write_index,
          output logic [31:0] write_data
      );
        //FIELDS scalar_li word li_
        //FIELDS scalar_addi word addi_
        //FIELDS scalar_add word add_
        logic valid;
        logic [31:0] result;
        logic arrives;

        assign a_index = add_a;
        assign b_index = add_b;
        assign write   = step && arrives;

        always_comb begin
          valid  = 1'b1;
          result = '0;
          case (word[SCALAR_OPCODE-1:0])
            SCALAR_OPCODE'(SCALAR_LI): result = li_value;
            SCALAR_OPCODE'(SCALAR_ADD): result = a + b;
            SCALAR_OPCODE'(SCALAR_ADDI): result = a + addi_value;
            SCALAR_OPCODE'(SCALAR_SUB): result = a - b;
            SCALAR_OPCODE'(SCALAR_MUL): result = a * b;
            default: valid = 1'b0;
          endcase
        end

        @FAMILY@_delay #(
            .WIDTH (SCALAR_BITS + 32),
            .STAGES(SCALAR_LATENCY - 1)
        ) results (
            .clk(clk),
            .clear(clear),
            .step(step),
            .valid(valid),
            .value({add_to, result}),
            .later_valid(arrives),
            .later_value({write_index, write_data})
        );
      endmodule
      """;
}
