// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/**
 * Addresses of a load or a store slot, whose operations begin alike: the word of each piece, and
 * the base register that steps on.
 */
final class Address {
  private Address() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module @FAMILY@_address (
          input logic step,
          input logic [63:0] word,
          output logic [SCALAR_BITS-1:0] base_index,
          input logic [31:0] base,
          input logic [PATTERNS*P*S-1:0] offsets,
          output logic [P*S-1:0] words,
          output logic write,
          output logic [31:0] write_data
      );
        //FIELDS load_load word w_
        wire [31:0] stepped = base + (32'(w_step) << WORD_SHIFT);
        wire [31:0] address = w_post[0] ? base : stepped;
        wire [S-1:0] first = S'(address >> WORD_SHIFT);
        wire [S*P-1:0] pattern = offsets[S*P*w_pattern+:S*P];

        assign base_index = w_base;
        assign write = step && word[LOAD_OPCODE-1:0] == LOAD_OPCODE'(LOAD_LOAD) && w_post[0];
        assign write_data = stepped;

        for (genvar i = 0; i < P; i++) begin : g_piece
          assign words[S*i+:S] = first + pattern[S*i+:S];
        end
      endmodule
      """;
}
