// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/** A matrix slot: the products of two matrices of codes, summed over the depth. */
final class Matrix {
  private Matrix() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module @FAMILY@_matrix (
          input logic clk,
          input logic clear,
          input logic step,
          input logic [63:0] word,
          output logic [LEFT*VECTOR_BITS-1:0] left_index,
          input logic [LEFT*8*V-1:0] left,
          output logic [RIGHT*VECTOR_BITS-1:0] right_index,
          input logic [RIGHT*8*V-1:0] right,
          output logic write,
          output logic [ACCUMULATOR_BITS-1:0] write_index,
          output logic write_add,
          output logic [SUMS*SUM_BITS-1:0] write_products
      );
        //FIELDS matrix_multiply word w_
        logic [SUMS*SUM_BITS-1:0] products;
        logic arrives;

        wire multiplies = word[MATRIX_OPCODE-1:0] == MATRIX_OPCODE'(MATRIX_MULTIPLY);
        assign write = step && arrives;

        function automatic logic [VECTOR_BITS-1:0] behind(input logic [VECTOR_BITS-1:0] first,
                                                          input logic [VECTOR_BITS:0] distance);
          logic [VECTOR_BITS:0] sum;
          sum = (VECTOR_BITS + 1)'(first) + distance;
          behind = VECTOR_BITS'(sum < (VECTOR_BITS + 1)'(VECTORS) ? sum : sum - (VECTOR_BITS + 1)'(VECTORS));
        endfunction

        for (genvar i = 0; i < LEFT; i++) begin : g_left
          assign left_index[VECTOR_BITS*i+:VECTOR_BITS] = behind(w_left, (VECTOR_BITS + 1)'(i));
        end
        for (genvar i = 0; i < RIGHT; i++) begin : g_right
          assign right_index[VECTOR_BITS*i+:VECTOR_BITS] = behind(w_right, (VECTOR_BITS + 1)'(i));
        end

        for (genvar r = 0; r < M_ROWS; r++) begin : g_row
          for (genvar c = 0; c < M_COLS; c++) begin : g_col
            logic signed [SUM_BITS-1:0] sum;
            always_comb begin
              sum = '0;
              if (multiplies)
                for (int k = 0; k < M_DEPTH; k++)
                  sum = sum + SUM_BITS'($signed(left[8*(r*M_DEPTH+k)+:8]))
                      * SUM_BITS'($signed(right[8*(k*M_COLS+c)+:8]));
            end
            assign products[SUM_BITS*(r*M_COLS+c)+:SUM_BITS] = sum;
          end
        end

        @FAMILY@_delay #(
            .WIDTH (ACCUMULATOR_BITS + 1 + SUMS * SUM_BITS),
            .STAGES(MATRIX_LATENCY - 1)
        ) results (
            .clk(clk),
            .clear(clear),
            .step(step),
            .valid(multiplies),
            .value({w_to, w_add, products}),
            .later_valid(arrives),
            .later_value({write_index, write_add, write_products})
        );
      endmodule
      """;
}
