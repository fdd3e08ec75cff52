// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/**
 * Accumulator registers: products are added to them when they arrive, vector slots read parts of
 * them. Registers that a run has not written are zeros.
 */
final class Accumulators {
  private Accumulators() {}

  /** The module; instances set the number of vector slots. */
  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT).withParameter("READERS", 1);
  }

  private static final String TEXT =
      """
      module @FAMILY@_accumulators (
          input logic clk,
          input logic clear,
          input logic [READERS*ACCUMULATOR_BITS-1:0] read_index,
          input logic [READERS*SUM_PART_BITS-1:0] read_part,
          output logic [READERS*8*V-1:0] read_data,
          input logic [MATRICES-1:0] write,
          input logic [MATRICES*ACCUMULATOR_BITS-1:0] write_index,
          input logic [MATRICES-1:0] write_add,
          input logic [MATRICES*SUMS*SUM_BITS-1:0] write_products
      );
        logic [32*SUMS-1:0] registers[0:ACCUMULATORS-1];
        logic [ACCUMULATORS-1:0] written;

        for (genvar r = 0; r < READERS; r++) begin : g_reader
          wire [ACCUMULATOR_BITS-1:0] index = read_index[r*ACCUMULATOR_BITS+:ACCUMULATOR_BITS];
          wire [SUM_PART_BITS-1:0] part = read_part[r*SUM_PART_BITS+:SUM_PART_BITS];
          wire [32*SUMS-1:0] whole = registers[index];
          assign read_data[r*8*V+:8*V] = written[index] ? whole[8*V*part+:8*V] : '0;
        end

        logic [MATRICES*32*SUMS-1:0] sums;

        for (genvar m = 0; m < MATRICES; m++) begin : g_matrix
          wire [ACCUMULATOR_BITS-1:0] index = write_index[m*ACCUMULATOR_BITS+:ACCUMULATOR_BITS];
          wire [32*SUMS-1:0] old = write_add[m] && written[index] ? registers[index] : '0;
          for (genvar i = 0; i < SUMS; i++) begin : g_sum
            wire signed [SUM_BITS-1:0] product = write_products[(m*SUMS+i)*SUM_BITS+:SUM_BITS];
            assign sums[32*(m*SUMS+i)+:32] = old[32*i+:32] + 32'(product);
          end
        end

        always_ff @(posedge clk)
          if (clear) written <= '0;
          else
            for (int m = 0; m < MATRICES; m++)
              if (write[m]) written[write_index[m*ACCUMULATOR_BITS+:ACCUMULATOR_BITS]] <= 1'b1;

        always_ff @(posedge clk)
          for (int m = 0; m < MATRICES; m++)
            if (write[m])
              registers[write_index[m*ACCUMULATOR_BITS+:ACCUMULATOR_BITS]] <= sums[32*SUMS*m+:32*SUMS];
      endmodule
      """;
}
