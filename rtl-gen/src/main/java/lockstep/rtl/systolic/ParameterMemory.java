// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.Map;
import lockstep.rtl.verilog.VerilogModule;

/** The parameter memory: rows of bias, multiplier and shift, eight bytes for each column. */
final class ParameterMemory {
  private ParameterMemory() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(
        sizes,
        VerilogModule.fill(
            TEXT, Map.of("PLACE", RowWrite.text(sizes.width, 8 * sizes.cols, "(8*C)"))));
  }

  private static final String TEXT =
      """
      module systolic_parameter_memory (
          input logic clk,
          input logic write,
          input logic [PA-1:0] write_row,
          input logic [POSITION_BITS-1:0] write_position,
          input logic [LW:0] write_bytes,
          input logic [8*W-1:0] write_lanes,
          input logic read,
          input logic [PA-1:0] read_row,
          output logic [64*C-1:0] read_data
      );
      @PLACE@
        sram_1r1w #(
            .DEPTH(P_ROWS),
            .ADDRESS_BITS(PA),
            .WIDTH(64 * C),
            .MASK_BITS(8 * C)
        ) rows (
            .clk(clk),
            .read(read),
            .read_address(read_row),
            .read_data(read_data),
            .write(write),
            .write_address(write_row),
            .write_mask(write_mask),
            .write_data(write_data)
        );
      endmodule
      """;
}
