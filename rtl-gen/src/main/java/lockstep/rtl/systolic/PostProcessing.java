// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import lockstep.rtl.verilog.Rounding;
import lockstep.rtl.verilog.VerilogModule;

/**
 * Post-processing: requantises one chunk of {@code G} values a cycle, in five stages. The
 * arithmetic is that of {@code lockstep.isa.FixedPoint.postProcess}.
 *
 * <pre>
 * 1  x1 = value + bias              term = (residual - residual zero) x residual multiplier
 * 2  product = x1 x multiplier
 * 3  x2 = saturate(round(product, shift))
 * 4  x3 = saturate(x2 + term); leaked = x3 x leak
 * 5  y = clamp(round(x3 or round(leaked, 15), out shift) + zero)
 * </pre>
 */
final class PostProcessing {
  private PostProcessing() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  static VerilogModule lane() {
    return new VerilogModule("systolic_requantise", LANE);
  }

  private static final String TEXT =
      """
      module systolic_post_processing (
          input logic clk,
          input logic rst_n,
          input logic clear,
          input logic advance,
          input logic [STORE_BITS-1:0] instruction,
          input logic [64*C-1:0] parameters,
          // a chunk of a pixel
          input logic chunk,
          input logic [CHUNK_BITS-1:0] chunk_index,
          input logic [G_BITS-1:0] chunk_bytes,
          input logic chunk_ends_line,
          input logic flush,
          input logic flush_ends,
          input logic [32*C-1:0] values,
          input logic [8*C-1:0] residuals,
          // five cycles later
          output logic out_chunk,
          output logic [G_BITS-1:0] out_bytes,
          output logic out_ends_line,
          output logic out_flush,
          output logic out_flush_ends,
          output logic [8*G-1:0] out_data
      );
        //FIELDS store instruction d_
        wire [32*G*CHUNKS-1:0] padded_values = (32*G*CHUNKS)'(values);
        wire [8*G*CHUNKS-1:0] padded_residuals = (8*G*CHUNKS)'(residuals);
        wire [64*G*CHUNKS-1:0] padded_parameters = (64*G*CHUNKS)'(parameters);
        wire [32*G-1:0] chunk_values = padded_values[32*G*chunk_index+:32*G];
        wire [8*G-1:0] chunk_residuals = padded_residuals[8*G*chunk_index+:8*G];
        wire [64*G-1:0] chunk_parameters = padded_parameters[64*G*chunk_index+:64*G];

        for (genvar g = 0; g < G; g++) begin : g_lane
          systolic_requantise lane (
              .clk(clk),
              .advance(advance),
              .value(chunk_values[32*g+:32]),
              .bias(chunk_parameters[64*g+:32]),
              .multiplier(chunk_parameters[64*g+32+:24]),
              .shift(chunk_parameters[64*g+56+:6]),
              .residual(chunk_residuals[8*g+:8]),
              .has_residual(d_residual),
              .residual_zero(d_residual_zero),
              .residual_multiplier(d_residual_multiplier),
              .leak(d_leak),
              .out_shift(d_out_shift),
              .zero(d_zero),
              .min(d_min),
              .max(d_max),
              .result(out_data[8*g+:8])
          );
        end
        wire unused_parameters = &{1'b0, chunk_parameters};

        logic [4:0] chunks;
        logic [4:0] ends_line;
        logic [4:0] flushes;
        logic [4:0] flushes_end;
        logic [G_BITS*5-1:0] bytes;

        assign out_chunk = chunks[4];
        assign out_ends_line = ends_line[4];
        assign out_flush = flushes[4];
        assign out_flush_ends = flushes_end[4];
        assign out_bytes = bytes[G_BITS*5-1:G_BITS*4];

        always_ff @(posedge clk)
          if (!rst_n || clear) begin
            chunks  <= '0;
            flushes <= '0;
          end else if (advance) begin
            chunks <= {chunks[3:0], chunk};
            ends_line <= {ends_line[3:0], chunk_ends_line};
            flushes <= {flushes[3:0], flush};
            flushes_end <= {flushes_end[3:0], flush_ends};
            bytes <= {bytes[G_BITS*4-1:0], chunk_bytes};
          end
      endmodule
      """;

  private static final String LANE =
      """
      module systolic_requantise (
          input logic clk,
          input logic advance,
          input logic signed [31:0] value,
          input logic signed [31:0] bias,
          input logic [23:0] multiplier,
          input logic [5:0] shift,
          input logic signed [7:0] residual,
          input logic has_residual,
          input logic signed [7:0] residual_zero,
          input logic [15:0] residual_multiplier,
          input logic [15:0] leak,
          input logic [3:0] out_shift,
          input logic signed [7:0] zero,
          input logic signed [7:0] min,
          input logic signed [7:0] max,
          output logic [7:0] result
      );
        // stage 1
        logic signed [31:0] x1;
        logic [23:0] multiplier_1;
        logic [5:0] shift_1;
        logic signed [25:0] term_1;
        wire signed [8:0] distance = 9'(residual) - 9'(residual_zero);
        wire signed [16:0] residual_scale = has_residual ? {1'b0, residual_multiplier} : '0;

        // stage 2
        logic signed [63:0] product;
        logic [5:0] shift_2;
        logic signed [25:0] term_2;
        wire signed [24:0] scale = {1'b0, multiplier_1};

        // stage 3: round half to even, saturate
        logic signed [31:0] x2;
        logic signed [25:0] term_3;
      """
          + Rounding.text("product", "shift_2")
          + """

        // stage 4
        logic signed [31:0] x3;
        logic signed [48:0] leaked;
        wire signed [33:0] sum = 34'(x2) + 34'(term_3);
        wire sum_high = sum > 34'sd2147483647;
        wire sum_low = sum < -34'sd2147483648;
        wire signed [31:0] x3_next = sum_high ? 32'sh7fffffff : sum_low ? 32'sh80000000 : sum[31:0];
        wire signed [16:0] slope = {1'b0, leak};

        // stage 5: round half to even twice, clamp
        wire signed [33:0] leaked_down = leaked[48:15];
        wire leaked_up = leaked[14] && (leaked[13:0] != '0 || leaked_down[0]);
        wire signed [33:0] x4 = x3[31] ? leaked_down + 34'(leaked_up) : 34'(x3);
        wire signed [33:0] x4_down = x4 >>> out_shift;
        wire [15:0] x4_below = x4[15:0] & (~(16'hffff << out_shift) >> 1);
        wire x4_half = out_shift != '0 && x4[6'(out_shift)-6'd1];
        wire x4_up = x4_half && (x4_below != '0 || x4_down[0]);
        wire signed [34:0] y = 35'(x4_down) + 35'(x4_up) + 35'(zero);

        always_ff @(posedge clk)
          if (advance) begin
            x1 <= value + bias;
            multiplier_1 <= multiplier;
            shift_1 <= shift;
            term_1 <= 26'(distance) * 26'(residual_scale);

            product <= 64'(x1) * 64'(scale);
            shift_2 <= shift_1;
            term_2 <= term_1;

            x2 <= scaled_high ? 32'sh7fffffff : scaled_low ? 32'sh80000000 : scaled[31:0];
            term_3 <= term_2;

            x3 <= x3_next;
            leaked <= 49'(x3_next) * 49'(slope);

            result <= y < 35'(min) ? min : y > 35'(max) ? max : y[7:0];
          end
      endmodule
      """;
}
