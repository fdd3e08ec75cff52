// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/** A load slot behind its addresses: local memory has the vector together by the next step. */
final class LoadUnit {
  private LoadUnit() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module @FAMILY@_load (
          input logic clk,
          input logic clear,
          input logic step,
          input logic [63:0] word,
          output logic asks,
          // of the step before
          input logic [8*V-1:0] codes,
          output logic write,
          output logic [VECTOR_BITS-1:0] write_index,
          output logic [8*V-1:0] write_data
      );
        //FIELDS load_load word w_
        logic loaded;
        logic [VECTOR_BITS-1:0] loaded_to;
        logic arrives;

        assign asks  = word[LOAD_OPCODE-1:0] == LOAD_OPCODE'(LOAD_LOAD);
        assign write = step && arrives;

        @FAMILY@_delay #(
            .WIDTH (VECTOR_BITS),
            .STAGES(1)
        ) reads (
            .clk(clk),
            .clear(clear),
            .step(step),
            .valid(asks),
            .value(w_to),
            .later_valid(loaded),
            .later_value(loaded_to)
        );

        @FAMILY@_delay #(
            .WIDTH (VECTOR_BITS + 8 * V),
            .STAGES(LOAD_LATENCY - 2)
        ) results (
            .clk(clk),
            .clear(clear),
            .step(step),
            .valid(loaded),
            .value({loaded_to, codes}),
            .later_valid(arrives),
            .later_value({write_index, write_data})
        );
      endmodule
      """;
}
