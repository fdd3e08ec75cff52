// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.memory.MultiportSram;
import lockstep.rtl.verilog.VerilogModule;

/**
 * Local memory: the pieces of a step wait for the ports of their banks, loads before stores; what
 * is read is put together, piece by piece. The DMA engine has ports of its own.
 */
final class LocalMemory {
  private LocalMemory() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT.replace("@SRAM@", MultiportSram.NAME));
  }

  private static final String TEXT =
      """
      module @FAMILY@_local_memory (
          input logic clk,
          input logic clear,
          // a step's pieces, those of loads first
          input logic step,
          input logic [PIECES-1:0] asked,
          input logic [PIECES*S-1:0] words,
          input logic [STORES*8*V-1:0] stored,
          output logic busy,
          // what the step before has read
          output logic [LOADS*8*V-1:0] loaded,
          // DMA: words next to each other
          input logic in_write,
          input logic [S-1:0] in_word,
          input logic [BEAT_COUNT_BITS-1:0] in_count,
          input logic [8*W-1:0] in_data,
          input logic out_read,
          input logic [S-1:0] out_word,
          input logic [BEAT_COUNT_BITS-1:0] out_count,
          output logic [8*W-1:0] out_data
      );
        logic [PIECES-1:0] pending;  // pieces that wait for a port
        logic [PIECES*S-1:0] held_words;
        logic [STORES*8*V-1:0] held_stored;
        logic [BANKS*PIECES-1:0] left;  // by bank: pieces that no port serves in this cycle
        logic [BANKS*PIECES-1:0] second;  // by bank: pieces that the second port serves
        logic [BANKS*E*8*WB-1:0] read_data;
        logic [PIECES-1:0] any_left;
        logic [LOAD_PIECES-1:0] any_second;
        logic [LOAD_PIECES-1:0] fresh;  // read in the cycle before
        logic [LOAD_PIECES-1:0] from_second;
        logic [LOAD_PIECES*BANK_BITS-1:0] from_bank;
        logic [LOADS*8*V-1:0] collected;
        logic [BANKS*8*WB-1:0] out_banks;
        logic [S-1:0] out_first;

        assign busy = pending != '0;
        wire [PIECES-1:0] pieces = busy ? pending : step ? asked : '0;
        wire [PIECES*S-1:0] piece_words = busy ? held_words : words;
        wire [STORES*8*V-1:0] piece_data = busy ? held_stored : stored;
        wire [BANKS*8*WB-1:0] in_banks = (BANKS * 8 * WB)'(in_data);

        for (genvar b = 0; b < BANKS; b++) begin : g_bank
          logic [PIECES-1:0] here;
          logic [PIECES-1:0] next;
          logic [E-1:0] enable;
          logic [E-1:0] write;
          logic [E*ROW_BITS-1:0] row;
          logic [E*8*WB-1:0] data;

          always_comb begin
            here = '0;
            for (int i = 0; i < PIECES; i++)
              here[i] = pieces[i] && (piece_words[S*i+:S] & S'(BANKS - 1)) == S'(b);
            next = '0;
            enable = '0;
            write = '0;
            row = '0;
            data = '0;
            second[b*PIECES+:PIECES] = '0;
            for (int e = 0; e < E; e++)
              if (here != '0) begin
                next = here & (~here + PIECES'(1));  // the first of them
                here = here & ~next;
                if (e == 1) second[b*PIECES+:PIECES] = next;
                enable[e] = 1'b1;
                for (int i = 0; i < PIECES; i++)
                  if (next[i]) row[ROW_BITS*e+:ROW_BITS] = ROW_BITS'(piece_words[S*i+:S] >> BANK_SHIFT);
                for (int i = LOAD_PIECES; i < PIECES; i++)
                  if (next[i]) begin
                    write[e] = 1'b1;
                    data[8*WB*e+:8*WB] = piece_data[8*WB*(i-LOAD_PIECES)+:8*WB];
                  end
              end
            left[b*PIECES+:PIECES] = here;
          end

          wire [S-1:0] in_place = (S'(b) - in_word) & S'(BANKS - 1);
          wire [S-1:0] out_place = (S'(b) - out_word) & S'(BANKS - 1);

          @SRAM@ #(
              .DEPTH(WORDS_PER_BANK),
              .ADDRESS_BITS(ROW_BITS),
              .WIDTH(8 * WB),
              .PORTS(E)
          ) bank (
              .clk(clk),
              .enable(enable),
              .enable_write(write),
              .address(row),
              .data(data),
              .enabled_data(read_data[8*WB*E*b+:8*WB*E]),
              .read(out_read && out_place < S'(out_count)),
              .read_address(ROW_BITS'((out_word + out_place) >> BANK_SHIFT)),
              .read_data(out_banks[8*WB*b+:8*WB]),
              .write(in_write && in_place < S'(in_count)),
              .write_address(ROW_BITS'((in_word + in_place) >> BANK_SHIFT)),
              .write_data(in_banks[8*WB*in_place+:8*WB])
          );
        end

        always_comb begin
          any_left = '0;
          any_second = '0;
          for (int b = 0; b < BANKS; b++) begin
            any_left = any_left | left[b*PIECES+:PIECES];
            any_second = any_second | second[b*PIECES+:LOAD_PIECES];
          end
        end

        always_ff @(posedge clk) begin
          if (clear) pending <= '0;
          else pending <= any_left;
          if (step) begin
            held_words  <= words;
            held_stored <= stored;
          end
          fresh <= pieces[LOAD_PIECES-1:0] & ~any_left[LOAD_PIECES-1:0];
          from_second <= any_second;
          for (int i = 0; i < LOAD_PIECES; i++)
            from_bank[BANK_BITS*i+:BANK_BITS] <= BANK_BITS'(piece_words[S*i+:S] & S'(BANKS - 1));
          collected <= loaded;
          if (out_read) out_first <= out_word & S'(BANKS - 1);
        end

        for (genvar i = 0; i < LOAD_PIECES; i++) begin : g_piece
          wire [BANK_BITS-1:0] bank = from_bank[BANK_BITS*i+:BANK_BITS];
          wire [31:0] port = 32'(bank) * E + 32'(from_second[i]);
          assign loaded[8*WB*i+:8*WB] =
              fresh[i] ? read_data[8*WB*port+:8*WB] : collected[8*WB*i+:8*WB];
        end

        for (genvar i = 0; i < BEAT_WORDS; i++) begin : g_beat
          wire [S-1:0] bank = (out_first + S'(i)) & S'(BANKS - 1);
          assign out_data[8*WB*i+:8*WB] = out_banks[8*WB*bank+:8*WB];
        end
      endmodule
      """;
}
