// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/** The beats of a transfer, or the pieces as wide as one that a constant is written in. */
final class Beats {
  private Beats() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT.replace("//DESCRIPTOR\n", Descriptor.UNPACK));
  }

  private static final String TEXT =
      """
      module @FAMILY@_beats (
          input logic clk,
          input logic rst_n,
          input logic load,
          input logic [D-1:0] descriptor,
          input logic advance,
          output logic active,
          // the beat's words in local memory, and how many words of the beat lie before them
          output logic [S-1:0] word,
          output logic [BEAT_COUNT_BITS-1:0] count,
          output logic [BEAT_WORD_BITS-1:0] lead,
          output logic ends_burst,
          output logic last
      );
      //DESCRIPTOR
        logic is_constant;
        logic [RUN_WORD_BITS-1:0] words;
        logic [RUN_WORD_BITS-1:0] left;
        logic [BEAT_BITS-1:0] beat;
        logic last_run;
        logic [31:0] next_memory;
        logic [S-1:0] next_local;

        wire [BEAT_COUNT_BITS-1:0] room = BEAT_COUNT_BITS'(BEAT_WORDS) - BEAT_COUNT_BITS'(lead);
        wire ends_run = left <= RUN_WORD_BITS'(room);
        wire starts = load || (advance && ends_run);
        wire [31:0] memory = load ? d_memory : next_memory;
        wire aligned = load ? d_is_constant : is_constant;

        assign count = ends_run ? BEAT_COUNT_BITS'(left) : room;
        assign ends_burst = ends_run || (~beat & BEAT_BITS'(BEATS - 1)) == '0;
        assign last = ends_run && last_run;

        @FAMILY@_runs runs (
            .clk(clk),
            .load(load),
            .descriptor(descriptor),
            .advance(advance && ends_run),
            .last(last_run),
            .next_memory(next_memory),
            .next_local(next_local)
        );

        always_ff @(posedge clk) begin
          if (!rst_n) active <= 1'b0;
          else if (load) active <= 1'b1;
          else if (advance && last) active <= 1'b0;

          if (load) begin
            is_constant <= d_is_constant;
            words <= d_words;
          end
          if (starts) begin
            word <= load ? d_local : next_local;
            left <= load ? d_words : words;
            lead <= aligned ? '0 : BEAT_WORD_BITS'(memory >> WORD_SHIFT) & BEAT_WORD_BITS'(BEAT_WORDS - 1);
            beat <= BEAT_BITS'(memory >> LW);
          end else if (advance) begin
            word <= word + S'(room);
            left <= left - RUN_WORD_BITS'(room);
            lead <= '0;
            beat <= beat + BEAT_BITS'(1);
          end
        end
      endmodule
      """;
}
