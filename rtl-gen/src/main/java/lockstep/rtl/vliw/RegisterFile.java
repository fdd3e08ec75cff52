// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/**
 * Scalar or vector registers: as many readers and writers as the slots have operands and results.
 * Registers that a run has not written are zeros.
 */
final class RegisterFile {
  private RegisterFile() {}

  /** The module; instances set everything. */
  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT)
        .withParameter("WRITERS", 1)
        .withParameter("READERS", 1)
        .withParameter("MASK_BITS", 1)
        .withParameter("WIDTH", 32)
        .withParameter("INDEX_BITS", 2)
        .withParameter("COUNT", 4);
  }

  private static final String TEXT =
      """
      module @FAMILY@_register_file (
          input logic clk,
          input logic clear,
          input logic [READERS*INDEX_BITS-1:0] read_index,
          output logic [READERS*WIDTH-1:0] read_data,
          input logic [WRITERS-1:0] write,
          input logic [WRITERS*INDEX_BITS-1:0] write_index,
          input logic [WRITERS*MASK_BITS-1:0] write_mask,
          input logic [WRITERS*WIDTH-1:0] write_data
      );
        localparam int PART = WIDTH / MASK_BITS;

        for (genvar p = 0; p < MASK_BITS; p++) begin : g_part
          logic [PART-1:0] registers[0:COUNT-1];
          logic [COUNT-1:0] written;

          for (genvar r = 0; r < READERS; r++) begin : g_reader
            wire [INDEX_BITS-1:0] index = read_index[r*INDEX_BITS+:INDEX_BITS];
            assign read_data[r*WIDTH+p*PART+:PART] = written[index] ? registers[index] : '0;
          end

          always_ff @(posedge clk)
            if (clear) written <= '0;
            else
              for (int i = 0; i < WRITERS; i++)
                if (write[i] && write_mask[i*MASK_BITS+p]) written[write_index[i*INDEX_BITS+:INDEX_BITS]] <= 1'b1;

          always_ff @(posedge clk)
            for (int i = 0; i < WRITERS; i++)
              if (write[i] && write_mask[i*MASK_BITS+p])
                registers[write_index[i*INDEX_BITS+:INDEX_BITS]] <= write_data[i*WIDTH+p*PART+:PART];
        end
      endmodule
      """;
}
