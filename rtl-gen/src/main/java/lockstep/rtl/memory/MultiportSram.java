// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.memory;

import lockstep.rtl.verilog.VerilogModule;

/**
 * The memory module of machines whose banks serve several in a cycle: ports that read or write, and
 * beside them one that reads and one that writes.
 */
public final class MultiportSram {
  /** The module's name, the same in all families. */
  public static final String NAME = "sram_multiport";

  private MultiportSram() {}

  /** The module; instances set depth, width and ports. */
  public static VerilogModule module() {
    return new VerilogModule(NAME, TEXT);
  }

  private static final String TEXT =
      """
      // PORTS ports that read or write, one port that reads, one that writes, all synchronous. Replace
      // this module by a memory macro. Read data follow one cycle after the address; a read gives what
      // the word held before the writes of the same cycle. No two write one word in the same cycle.
      module sram_multiport #(
          parameter int DEPTH = 16,
          parameter int ADDRESS_BITS = 4,
          parameter int WIDTH = 8,
          parameter int PORTS = 1
      ) (
          input logic clk,
          input logic [PORTS-1:0] enable,
          input logic [PORTS-1:0] enable_write,
          input logic [PORTS*ADDRESS_BITS-1:0] address,
          input logic [PORTS*WIDTH-1:0] data,
          output logic [PORTS*WIDTH-1:0] enabled_data,
          input logic read,
          input logic [ADDRESS_BITS-1:0] read_address,
          output logic [WIDTH-1:0] read_data,
          input logic write,
          input logic [ADDRESS_BITS-1:0] write_address,
          input logic [WIDTH-1:0] write_data
      );
        logic [WIDTH-1:0] memory[0:DEPTH-1];

        always_ff @(posedge clk) begin
          for (int p = 0; p < PORTS; p++)
            if (enable[p]) begin
              if (enable_write[p])
                memory[address[p*ADDRESS_BITS+:ADDRESS_BITS]] <= data[p*WIDTH+:WIDTH];
              else enabled_data[p*WIDTH+:WIDTH] <= memory[address[p*ADDRESS_BITS+:ADDRESS_BITS]];
            end
          if (read) read_data <= memory[read_address];
          if (write) memory[write_address] <= write_data;
        end
      endmodule
      """;
}
