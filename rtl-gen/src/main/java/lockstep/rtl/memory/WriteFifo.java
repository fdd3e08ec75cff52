// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.memory;

import java.util.Map;
import lockstep.rtl.verilog.VerilogModule;

/**
 * A first-in first-out queue in an SRAM whose head is readable in the cycle after the push: the
 * beats on their way to memory, of which there are too many for a {@link Queue}.
 */
public final class WriteFifo {
  private WriteFifo() {}

  /** The module of a family; instances set its width and its depth, a power of two. */
  public static VerilogModule module(String family) {
    return new VerilogModule(
        family + "_write_fifo",
        VerilogModule.fill(TEXT, Map.of("FAMILY", family, "SRAM", Sram.NAME)));
  }

  private static final String TEXT =
      """
      // The head is readable in the cycle after its push: while the memory's read port lags behind a
      // push into an empty queue, the word comes from a register.
      module @FAMILY@_write_fifo #(
          parameter int WIDTH = 8,
          parameter int DEPTH = 16
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
        localparam int POINTER_BITS = $clog2(DEPTH);
        localparam int COUNT_BITS = $clog2(DEPTH + 1);

        logic [POINTER_BITS-1:0] first;
        logic [POINTER_BITS-1:0] next;
        logic [COUNT_BITS-1:0] count;
        logic bypass;
        logic [WIDTH-1:0] bypassed;
        logic [WIDTH-1:0] stored;

        wire [POINTER_BITS-1:0] first_after = first + POINTER_BITS'(pop);

        assign head  = bypass ? bypassed : stored;
        assign empty = count == '0;
        assign full  = count == COUNT_BITS'(DEPTH);

        @SRAM@ #(
            .DEPTH(DEPTH),
            .ADDRESS_BITS(POINTER_BITS),
            .WIDTH(WIDTH),
            .MASK_BITS(1)
        ) words (
            .clk(clk),
            .read(1'b1),
            .read_address(first_after),
            .read_data(stored),
            .write(push),
            .write_address(next),
            .write_mask(1'b1),
            .write_data(push_data)
        );

        always_ff @(posedge clk) begin
          bypass <= push && next == first_after;
          if (push) bypassed <= push_data;
          if (!rst_n) begin
            first <= '0;
            next  <= '0;
            count <= '0;
          end else begin
            first <= first_after;
            next  <= next + POINTER_BITS'(push);
            count <= count + COUNT_BITS'(push) - COUNT_BITS'(pop);
          end
        end
      endmodule
      """;
}
