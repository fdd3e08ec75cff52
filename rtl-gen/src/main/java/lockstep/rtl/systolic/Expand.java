// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import lockstep.rtl.verilog.VerilogModule;

/**
 * Expansion: takes the words of the stream one a cycle, keeps the words of the last instruction of
 * each opcode, and holds an instruction for dispatch when the last of its words is there.
 */
final class Expand {
  private static final List<String> UNITS = List.of("LOAD", "EXECUTE", "STORE");

  private Expand() {}

  static VerilogModule module(Sizes sizes) {
    StringBuilder kept = new StringBuilder();
    StringBuilder written = new StringBuilder();
    StringBuilder head = new StringBuilder();
    for (String unit : UNITS) {
      int words = Math.toIntExact(sizes.value(unit + "_WORDS"));
      String name = unit.toLowerCase(Locale.ROOT) + "_body";
      kept.append("  logic [32*%d-1:0] %s;\n".formatted(words, name));
      head.append(
          "        OPCODE_BITS'(OPCODE_%s): head = IW'({%s, header});\n".formatted(unit, name));
      written.append(
          """
                if (opcode == OPCODE_BITS'(OPCODE_%1$s))
                  for (int i = 0; i < %1$s_WORDS; i++) if (next[i]) %2$s[32*i+:32] <= word;
          """
              .formatted(unit, name)
              .indent(-2));
    }
    return VerilogModule.of(
        sizes,
        VerilogModule.fill(
            TEXT,
            Map.of(
                "KEPT", kept.toString(),
                "CLEARED", cleared(),
                "WRITTEN", written.toString(),
                "HEAD", head.toString())));
  }

  private static String cleared() {
    StringBuilder text = new StringBuilder();
    for (String unit : UNITS) {
      text.append("      %s_body <= '0;\n".formatted(unit.toLowerCase(Locale.ROOT)));
    }
    return text.toString();
  }

  private static final String TEXT =
      """
      module systolic_expand (
          input logic clk,
          input logic rst_n,
          input logic start,
          // oldest entry of the fetch buffer
          input logic entry_valid,
          input logic [8*IB-1:0] entry,
          output logic entry_take,
          // oldest instruction, all of its words there
          output logic head_valid,
          output logic [IW-1:0] head,
          input logic take
      );
        logic [ENTRY_WORD_BITS-1:0] place;  // of the next word in the entry
        logic [31:0] header;  // its mask gone
        logic [FOLLOW_BITS-1:0] missing;  // words of the instruction that have not come
      @KEPT@
        wire [31:0] word = entry[32*place+:32];
        wire pop = entry_valid && (!head_valid || take);
        wire begins = missing == '0;
        wire [OPCODE_BITS-1:0] opcode = header[OPCODE_BITS-1:0];
        wire [FOLLOW_BITS-1:0] next = missing & (~missing + FOLLOW_BITS'(1));  // the lowest one
        wire [FOLLOW_BITS-1:0] after = begins ? word[31:MASK_LSB] : missing & ~next;
        wire unused_next = &{1'b0, next};

        assign entry_take = pop && place == ENTRY_WORD_BITS'(ENTRY_WORDS - 1);

        always_comb
          unique case (opcode)
      @HEAD@        default: head = IW'(header);
          endcase

        always_ff @(posedge clk)
          if (!rst_n || start) begin
            place <= '0;
            header <= '0;
            missing <= '0;
            head_valid <= 1'b0;
      @CLEARED@    end else begin
            if (take) head_valid <= 1'b0;
            if (pop) begin
              place <= place + ENTRY_WORD_BITS'(1);
              missing <= after;
              head_valid <= after == '0;
              if (begins) header <= 32'(word[MASK_LSB-1:0]);
      @WRITTEN@      end
          end
      endmodule
      """;
}
