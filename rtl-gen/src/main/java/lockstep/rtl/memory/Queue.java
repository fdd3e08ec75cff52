// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.memory;

import java.util.Map;
import lockstep.rtl.verilog.VerilogModule;

/** A first-in first-out queue in registers whose head is readable in the cycle after the push. */
public final class Queue {
  private Queue() {}

  /** The module of a family; instances set its width and depth. */
  public static VerilogModule module(String family) {
    return new VerilogModule(family + "_queue", VerilogModule.fill(TEXT, Map.of("FAMILY", family)));
  }

  private static final String TEXT =
      """
      module @FAMILY@_queue #(
          parameter int WIDTH = 8,
          parameter int DEPTH = 2
      ) (
          input logic clk,
          input logic rst_n,
          input logic push,
          input logic [WIDTH-1:0] push_data,
          input logic pop,
          output logic [WIDTH-1:0] head,
          output logic empty,
          output logic full
      );
        localparam int POINTER_BITS = DEPTH > 1 ? $clog2(DEPTH) : 1;
        localparam int COUNT_BITS = $clog2(DEPTH + 1);

        logic [WIDTH-1:0] entries[0:DEPTH-1];
        logic [POINTER_BITS-1:0] first;
        logic [POINTER_BITS-1:0] next;
        logic [COUNT_BITS-1:0] count;

        assign head  = entries[first];
        assign empty = count == '0;
        assign full  = count == COUNT_BITS'(DEPTH);

        always_ff @(posedge clk) if (push) entries[next] <= push_data;

        always_ff @(posedge clk)
          if (!rst_n) begin
            first <= '0;
            next  <= '0;
            count <= '0;
          end else begin
            if (push) next <= next == POINTER_BITS'(DEPTH - 1) ? '0 : next + POINTER_BITS'(1);
            if (pop) first <= first == POINTER_BITS'(DEPTH - 1) ? '0 : first + POINTER_BITS'(1);
            count <= count + COUNT_BITS'(push) - COUNT_BITS'(pop);
          end
      endmodule
      """;
}
