// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/**
 * A vector slot.
 *
 * <pre>
 *              a           b           c       accumulator
 * requantise   bias        multiplier  shift   sums
 * scale        sums        multiplier  shift
 * select       a           b           mask
 * others       a or from   b                   sums
 * </pre>
 */
final class VectorUnit {
  private VectorUnit() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module @FAMILY@_vector (
          input logic clk,
          input logic clear,
          input logic step,
          input logic [63:0] word,
          output logic [VECTOR_BITS-1:0] a_index,
          input logic [8*V-1:0] a,
          output logic [VECTOR_BITS-1:0] b_index,
          input logic [8*V-1:0] b,
          output logic [VECTOR_BITS-1:0] c_index,
          input logic [8*V-1:0] c,
          output logic [ACCUMULATOR_BITS-1:0] sums_index,
          output logic [SUM_PART_BITS-1:0] sums_part,
          input logic [8*V-1:0] sums,
          output logic write,
          output logic [VECTOR_BITS-1:0] write_index,
          output logic [QUARTERS-1:0] write_mask,
          output logic [8*V-1:0] write_data
      );
        //FIELDS vector_requantise word requantise_
        //FIELDS vector_sums word copy_
        //FIELDS vector_add word add_
        //FIELDS vector_scale word scale_
        //FIELDS vector_splat word splat_
        //FIELDS vector_widen word widen_
        //FIELDS vector_narrow word narrow_
        //FIELDS vector_select word select_
        wire [VECTOR_OPCODE-1:0] opcode = word[VECTOR_OPCODE-1:0];
        wire valid = opcode != '0;
        wire requantises = opcode == VECTOR_OPCODE'(VECTOR_REQUANTISE);
        wire narrows = opcode == VECTOR_OPCODE'(VECTOR_NARROW);
        wire widens = opcode == VECTOR_OPCODE'(VECTOR_WIDEN);
        wire selects = opcode == VECTOR_OPCODE'(VECTOR_SELECT);
        wire scales = opcode == VECTOR_OPCODE'(VECTOR_SCALE);
        logic [QUARTERS-1:0] mask;
        logic [8*V-1:0] scaled;
        logic [8*N-1:0] codes;
        logic [8*V-1:0] result;
        logic arrives;

        function automatic logic [VECTOR_BITS-1:0] after(input logic [VECTOR_BITS-1:0] index);
          after = index == VECTOR_BITS'(VECTORS - 1) ? '0 : index + VECTOR_BITS'(1);
        endfunction

        always_comb begin
          a_index = add_a;
          b_index = add_b;
          c_index = '0;
          if (requantises) begin
            a_index = requantise_parameters;
            b_index = after(requantise_parameters);
            c_index = after(b_index);
          end else if (scales) begin
            a_index = scale_from;
            b_index = scale_scale;
            c_index = after(scale_scale);
          end else if (selects) c_index = select_mask;
          else if (narrows) a_index = narrow_from;
          else if (widens) a_index = widen_from;
        end

        assign sums_index = requantises ? requantise_from : copy_from;
        assign sums_part = requantises ? requantise_part : copy_part;
        assign write = step && arrives;

        for (genvar i = 0; i < N; i++) begin : g_lane
          wire signed [31:0] x = requantises ? sums[32*i+:32] + a[32*i+:32] : a[32*i+:32];
          wire signed [31:0] y = requantises ? scaled[32*i+:32] : a[32*i+:32];
          wire signed [32:0] moved = 33'(y) + 33'(narrow_zero);

          @FAMILY@_scale lane (
              .value(x),
              .multiplier(b[32*i+:24]),
              .shift(c[32*i+:6]),
              .result(scaled[32*i+:32])
          );

          assign codes[8*i+:8] =
              moved < 33'(narrow_min) ? narrow_min : moved > 33'(narrow_max) ? narrow_max : moved[7:0];
        end

        always_comb begin
          mask   = '1;
          result = '0;
          case (opcode)
            VECTOR_OPCODE'(VECTOR_REQUANTISE), VECTOR_OPCODE'(VECTOR_NARROW): begin
              mask   = QUARTERS'(1) << narrow_quarter;
              result = {QUARTERS{codes}};
            end
            VECTOR_OPCODE'(VECTOR_SUMS): result = sums;
            VECTOR_OPCODE'(VECTOR_ADD):
            for (int i = 0; i < N; i++) result[32*i+:32] = a[32*i+:32] + b[32*i+:32];
            VECTOR_OPCODE'(VECTOR_SUB):
            for (int i = 0; i < N; i++) result[32*i+:32] = a[32*i+:32] - b[32*i+:32];
            VECTOR_OPCODE'(VECTOR_MUL):
            for (int i = 0; i < N; i++) result[32*i+:32] = a[32*i+:32] * b[32*i+:32];
            VECTOR_OPCODE'(VECTOR_MIN):
            for (int i = 0; i < N; i++)
              result[32*i+:32] =
                  $signed(a[32*i+:32]) < $signed(b[32*i+:32]) ? a[32*i+:32] : b[32*i+:32];
            VECTOR_OPCODE'(VECTOR_MAX):
            for (int i = 0; i < N; i++)
              result[32*i+:32] =
                  $signed(a[32*i+:32]) > $signed(b[32*i+:32]) ? a[32*i+:32] : b[32*i+:32];
            VECTOR_OPCODE'(VECTOR_SCALE): result = scaled;
            VECTOR_OPCODE'(VECTOR_SPLAT): result = {N{splat_value}};
            VECTOR_OPCODE'(VECTOR_WIDEN):
            for (int i = 0; i < N; i++)
              result[32*i+:32] = 32'($signed(a[8*(N*widen_quarter+i)+:8]));
            VECTOR_OPCODE'(VECTOR_GREATER):
            for (int i = 0; i < V; i++)
              result[8*i+:8] = $signed(a[8*i+:8]) > $signed(b[8*i+:8]) ? a[8*i+:8] : b[8*i+:8];
            VECTOR_OPCODE'(VECTOR_COMPARE):
            for (int i = 0; i < N; i++)
              result[32*i+:32] = {32{$signed(a[32*i+:32]) > $signed(b[32*i+:32])}};
            VECTOR_OPCODE'(VECTOR_SELECT):
            for (int i = 0; i < V; i++) result[8*i+:8] = c[8*i+:8] != '0 ? a[8*i+:8] : b[8*i+:8];
            default: ;
          endcase
        end

        @FAMILY@_delay #(
            .WIDTH (VECTOR_BITS + QUARTERS + 8 * V),
            .STAGES(VECTOR_LATENCY - 1)
        ) results (
            .clk(clk),
            .clear(clear),
            .step(step),
            .valid(valid),
            .value({add_to, mask, result}),
            .later_valid(arrives),
            .later_value({write_index, write_mask, write_data})
        );
      endmodule
      """;
}
