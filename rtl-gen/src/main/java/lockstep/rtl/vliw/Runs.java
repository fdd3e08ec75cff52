// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/** The runs of a transfer, one after the other: where each begins, off chip and in local memory. */
final class Runs {
  private Runs() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT.replace("//DESCRIPTOR\n", Descriptor.UNPACK));
  }

  private static final String TEXT =
      """
      module @FAMILY@_runs (
          input logic clk,
          input logic load,
          input logic [D-1:0] descriptor,
          input logic advance,
          output logic last,
          // of the run behind the one that advance ends
          output logic [31:0] next_memory,
          output logic [S-1:0] next_local
      );
      //DESCRIPTOR
        logic [15:0] times1;
        logic [15:0] times2;
        logic [15:0] left1;
        logic [15:0] left2;
        logic [15:0] left3;
        logic [31:0] memory_step1;
        logic [31:0] memory_step2;
        logic [31:0] memory_step3;
        logic [S-1:0] local_step1;
        logic [S-1:0] local_step2;
        logic [S-1:0] local_step3;
        // where the round of each loop began
        logic [31:0] memory1;
        logic [31:0] memory2;
        logic [31:0] memory3;
        logic [S-1:0] local1;
        logic [S-1:0] local2;
        logic [S-1:0] local3;

        wire ends1 = left1 == 16'd1;
        wire ends2 = ends1 && left2 == 16'd1;

        assign last = ends2 && left3 == 16'd1;
        assign next_memory = ends2 ? memory3 + memory_step3 : ends1 ? memory2 + memory_step2 : memory1 + memory_step1;
        assign next_local = ends2 ? local3 + local_step3 : ends1 ? local2 + local_step2 : local1 + local_step1;

        always_ff @(posedge clk)
          if (load) begin
            times1 <= d_count1;
            times2 <= d_count2;
            left1 <= d_count1;
            left2 <= d_count2;
            left3 <= d_count3;
            memory_step1 <= d_memory_step1;
            memory_step2 <= d_memory_step2;
            memory_step3 <= d_memory_step3;
            local_step1 <= d_local_step1;
            local_step2 <= d_local_step2;
            local_step3 <= d_local_step3;
            memory1 <= d_memory;
            memory2 <= d_memory;
            memory3 <= d_memory;
            local1 <= d_local;
            local2 <= d_local;
            local3 <= d_local;
          end else if (advance) begin
            left1 <= ends1 ? times1 : left1 - 16'd1;
            memory1 <= next_memory;
            local1 <= next_local;
            if (ends1) begin
              left2 <= ends2 ? times2 : left2 - 16'd1;
              memory2 <= next_memory;
              local2 <= next_local;
            end
            if (ends2) begin
              left3 <= left3 - 16'd1;
              memory3 <= next_memory;
              local3 <= next_local;
            end
          end
      endmodule
      """;
}
