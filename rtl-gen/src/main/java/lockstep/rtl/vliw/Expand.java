// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/**
 * Expansion: takes 16 bytes of the stream a cycle, puts the words that are there into their places
 * of a bundle, and writes the whole bundle to the instruction memory.
 */
final class Expand {
  private Expand() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module @FAMILY@_expand (
          input logic clk,
          input logic rst_n,
          input logic start,
          // oldest entry of the fetch buffer
          input logic entry_valid,
          input logic [8*IB-1:0] entry,
          output logic entry_take,
          // the oldest bundle that may still be asked for
          input logic [NUMBER_BITS-1:0] oldest,
          // whole bundles, for the instruction memory
          output logic write,
          output logic [PLACE_BITS-1:0] write_place,
          output logic [BUNDLE_BITS-1:0] write_data,
          // bundles before this one can be read
          output logic [NUMBER_BITS-1:0] readable
      );
        logic [CHUNK_INDEX_BITS-1:0] index;
        logic begun;
        logic [BUNDLE_WORDS-1:0] missing;  // words of the bundle that have not come
        logic [BUNDLE_BITS-1:0] gathered;
        logic [NUMBER_BITS-1:0] number;
        logic [PLACE_BITS-1:0] place;
        logic [BUNDLE_WORDS-1:0] left;
        logic [BUNDLE_WORDS-1:0] next;
        logic [BUNDLE_BITS-1:0] placed;

        wire [CHUNK_BITS-1:0] chunk = entry[CHUNK_BITS*index+:CHUNK_BITS];
        wire [32*HEADERS-1:0] header = chunk[32*HEADERS-1:0];
        wire unused_header = &{1'b0, header};
        wire [NUMBER_BITS-1:0] kept = number - oldest;
        wire take = entry_valid && kept != NUMBER_BITS'(BUNDLES);
        wire ends = left == '0;

        assign entry_take = take && index == CHUNK_INDEX_BITS'(CHUNKS - 1);
        assign write = take && ends;
        assign write_place = place;
        assign write_data = placed;

        always_comb begin
          left = begun ? missing : BUNDLE_WORDS'(header);
          next = '0;
          placed = gathered;
          for (int i = 0; i < 4; i++)
            if (begun || i >= HEADERS) begin
              next = left & (~left + BUNDLE_WORDS'(1));  // the lowest one
              for (int k = 0; k < BUNDLE_WORDS; k++) if (next[k]) placed[32*k+:32] = chunk[32*i+:32];
              left = left & ~next;
            end
        end

        always_ff @(posedge clk)
          if (!rst_n || start) begin
            index <= '0;
            begun <= 1'b0;
            missing <= '0;
            gathered <= '0;
            number <= '0;
            place <= '0;
            readable <= '0;
          end else begin
            readable <= number;
            if (take) begin
              index <= index == CHUNK_INDEX_BITS'(CHUNKS - 1) ? '0 : index + CHUNK_INDEX_BITS'(1);
              begun <= !ends;
              missing <= left;
              gathered <= ends ? '0 : placed;
              if (ends) begin
                number <= number + NUMBER_BITS'(1);
                place  <= place == PLACE_BITS'(BUNDLES - 1) ? '0 : place + PLACE_BITS'(1);
              end
            end
          end
      endmodule
      """;
}
