// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/** Patterns of addresses: for each the distance of each piece from the first, in words. */
final class Patterns {
  private Patterns() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module @FAMILY@_patterns (
          input logic clk,
          input logic clear,
          input logic step,
          input logic [63:0] word,
          output logic [PATTERNS*P*S-1:0] offsets
      );
        //FIELDS scalar_pattern word w_
        wire unused_steps = &{1'b0, w_inner_step, w_outer_step};
        logic [P_BITS-1:0] inner_last;
        logic [P_BITS-1:0] column;
        logic [S-1:0] line;
        logic [S-1:0] offset;
        logic [P*S-1:0] pattern;

        always_comb begin
          inner_last = w_inner == '0 ? P_BITS'(P - 1) : w_inner - P_BITS'(1);
          column = '0;
          line = '0;
          offset = '0;
          pattern = '0;
          for (int i = 0; i < P; i++) begin
            pattern[S*i+:S] = offset;
            if (column == inner_last) begin
              column = '0;
              line   = line + S'(w_outer_step);
              offset = line;
            end else begin
              column = column + P_BITS'(1);
              offset = offset + S'(w_inner_step);
            end
          end
        end

        always_ff @(posedge clk)
          if (clear) begin
            for (int q = 0; q < PATTERNS; q++)
              for (int i = 0; i < P; i++) offsets[S*(q*P+i)+:S] <= S'(i);
          end else if (step && word[SCALAR_OPCODE-1:0] == SCALAR_OPCODE'(SCALAR_PATTERN))
            for (int q = 0; q < PATTERNS; q++)
              if (32'(w_pattern) == q) offsets[S*P*q+:S*P] <= pattern;
      endmodule
      """;
}
