// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/**
 * Issue: which bundle comes next, through all loops, and whether it issues in this cycle. Its
 * {@code step} is what registers and slots advance with.
 */
final class Issue {
  private Issue() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module @FAMILY@_issue (
          input logic clk,
          input logic rst_n,
          input logic start,
          input logic running,
          // instruction memory: bundles before `readable` are there
          input logic [NUMBER_BITS-1:0] readable,
          output logic [NUMBER_BITS-1:0] oldest,
          output logic read,
          output logic [PLACE_BITS-1:0] read_place,
          // the bundle's slots that say whether it waits, and where it goes on
          input logic [63:0] scalar_word,
          input logic [63:0] dma_word,
          input logic banks_busy,
          input logic [Q_BITS-1:0] unfinished_in,
          input logic [Q_BITS-1:0] unfinished_out,
          output logic step,
          output logic retire,
          output logic done,
          // account
          output logic waits_for_fetch,
          output logic waits_for_bank,
          output logic waits,
          output logic waits_for_room,
          output logic drains
      );
        //FIELDS scalar_loop scalar_word loop_
        //FIELDS dma_start dma_word start_
        //FIELDS dma_wait dma_word wait_
        logic [NUMBER_BITS-1:0] number;  // of the bundle that issues next
        logic [PLACE_BITS-1:0] place;
        // open loops, the innermost first
        logic [LOOP_BITS-1:0] open;
        logic [23:0] rounds[0:LOOPS-1];
        logic [NUMBER_BITS-1:0] first[0:LOOPS-1];
        logic [NUMBER_BITS-1:0] last[0:LOOPS-1];
        logic [PLACE_BITS-1:0] first_place[0:LOOPS-1];
        logic [NUMBER_BITS-1:0] outermost;
        logic last_rounds;

        wire [SCALAR_OPCODE-1:0] scalar_opcode = scalar_word[SCALAR_OPCODE-1:0];
        wire [DMA_OPCODE-1:0] dma_opcode = dma_word[DMA_OPCODE-1:0];
        wire halts = scalar_opcode == SCALAR_OPCODE'(SCALAR_HALT);
        wire opens = scalar_opcode == SCALAR_OPCODE'(SCALAR_LOOP);
        wire [Q_BITS-1:0] awaited = wait_direction[0] ? unfinished_out : unfinished_in;
        wire unmet = dma_opcode == DMA_OPCODE'(DMA_WAIT) && awaited > wait_most;
        wire [Q_BITS-1:0] queued = start_direction == 2'd1 ? unfinished_out : unfinished_in;
        wire full = dma_opcode == DMA_OPCODE'(DMA_START) && queued == Q_BITS'(Q);
        wire undrained = halts && (unfinished_in != '0 || unfinished_out != '0);

        wire unused_bundles = &{1'b0, loop_bundles};

        wire here = number != readable;
        wire ready = running && here && !banks_busy;

        assign waits_for_fetch = running && !here;
        assign waits_for_bank = running && here && banks_busy;
        assign waits = ready && unmet;
        assign waits_for_room = ready && !unmet && full;
        assign drains = ready && !unmet && !full && undrained;
        assign step = ready && !unmet && !full && !undrained;
        assign done = step && halts;
        assign retire = step && !halts && last_rounds;

        wire ends = open != '0 && number == last[0];
        wire again = ends && rounds[0] != 24'd1;
        wire closes = ends && rounds[0] == 24'd1;
        wire [NUMBER_BITS-1:0] number_after = number + NUMBER_BITS'(1);
        wire [PLACE_BITS-1:0] place_after =
            place == PLACE_BITS'(BUNDLES - 1) ? '0 : place + PLACE_BITS'(1);
        wire [PLACE_BITS-1:0] next_place = again ? first_place[0] : place_after;

        assign oldest = open == '0 ? number : outermost;
        assign read = step || !here;
        assign read_place = step ? next_place : place;

        always_comb begin
          last_rounds = 1'b1;
          for (int i = 0; i < LOOPS; i++)
            if (LOOP_BITS'(i) < open && rounds[i] != 24'd1) last_rounds = 1'b0;
        end

        always_ff @(posedge clk)
          if (!rst_n || start) begin
            number <= '0;
            place <= '0;
            open <= '0;
          end else if (step) begin
            number <= again ? first[0] : number_after;
            place  <= next_place;
            if (opens) begin
              open <= open + LOOP_BITS'(1);
              if (open == '0) outermost <= number_after;
            end else if (closes) open <= open - LOOP_BITS'(1);
          end

        always_ff @(posedge clk)
          if (step && opens) begin
            rounds[0] <= loop_count;
            first[0] <= number_after;
            last[0] <= number + NUMBER_BITS'(loop_bundles);
            first_place[0] <= place_after;
            for (int i = 1; i < LOOPS; i++) begin
              rounds[i] <= rounds[i-1];
              first[i] <= first[i-1];
              last[i] <= last[i-1];
              first_place[i] <= first_place[i-1];
            end
          end else if (step && closes) begin
            for (int i = 1; i < LOOPS; i++) begin
              rounds[i-1] <= rounds[i];
              first[i-1] <= first[i];
              last[i-1] <= last[i];
              first_place[i-1] <= first_place[i];
            end
          end else if (step && again) rounds[0] <= rounds[0] - 24'd1;
      endmodule
      """;
}
