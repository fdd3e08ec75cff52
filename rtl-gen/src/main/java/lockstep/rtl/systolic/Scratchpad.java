// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.List;
import java.util.Map;
import lockstep.rtl.memory.Banks;
import lockstep.rtl.verilog.VerilogModule;

/** The scratchpad: banks of int8 rows, read as activations, weights and residuals. */
final class Scratchpad {
  private Scratchpad() {}

  static VerilogModule module(Sizes sizes) {
    Banks banks =
        new Banks(
            sizes.architecture.scratchpad().banks(),
            sizes.architecture.scratchpad().rowsPerBank(),
            "SA",
            "S_ROW_BITS",
            "S_BANK_BITS",
            "8*P",
            "P",
            List.of("activation", "weight", "residual"),
            List.of("write", "kept"));
    return VerilogModule.of(
        sizes,
        VerilogModule.fill(
            TEXT,
            Map.of(
                "BANKS", banks.text(),
                "PLACE",
                    RowWrite.text(
                        sizes.width, sizes.architecture.scratchpad().widthBytes(), "P"))));
  }

  private static final String TEXT =
      """
      module systolic_scratchpad (
          input logic clk,
          // pieces from load
          input logic write,
          input logic [SA-1:0] write_row,
          input logic [POSITION_BITS-1:0] write_position,
          input logic [LW:0] write_bytes,
          input logic [8*W-1:0] write_lanes,
          // chunks from store
          input logic kept,
          input logic [SA-1:0] kept_row,
          input logic [P-1:0] kept_mask,
          input logic [8*P-1:0] kept_data,
          // readers: data follow one cycle after the row
          input logic activation_read,
          input logic [SA-1:0] activation_row,
          output logic [8*R-1:0] activation_data,
          input logic weight_read,
          input logic [SA-1:0] weight_row,
          output logic [8*C-1:0] weight_data,
          input logic residual_read,
          input logic [SA-1:0] residual_row,
          output logic [8*C-1:0] residual_data,
          output logic conflict
      );
      @PLACE@
      @BANKS@
        assign activation_data = activation_word[8*R-1:0];
        assign weight_data = weight_word[8*C-1:0];
        assign residual_data = residual_word[8*C-1:0];
        wire unused_words = &{1'b0, activation_word, weight_word, residual_word};
      endmodule
      """;
}
