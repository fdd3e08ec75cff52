// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import lockstep.rtl.verilog.VerilogModule;

/**
 * Load, second stage: generates the pieces of each line, takes beats as they are needed, aligns the
 * bytes and writes one piece a cycle.
 */
final class LoadFill {
  private LoadFill() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, PORTS + PIECE + BEATS + LoadFillWalk.TEXT + WRITE);
  }

  private static final String PORTS =
      """
      module systolic_load_fill (
          input logic clk,
          input logic rst_n,
          // accepted instructions
          input logic empty,
          input logic [LOAD_BITS-1:0] descriptor,
          output logic take,
          output logic active,
          output logic emit,
          // beats from memory
          input logic beat,
          input logic [8*W-1:0] beat_data,
          output logic burst_consumed,
          // write port: byte i of the row takes lane i modulo W
          output logic write_scratchpad,
          output logic write_parameters,
          output logic [TA-1:0] write_row,
          output logic [POSITION_BITS-1:0] write_position,
          output logic [LW:0] write_bytes,
          output logic [8*W-1:0] write_lanes,
          output logic retire,
          output logic signal_execute,
          output logic signal_store
      );
      """;

  private static final String PIECE =
      """
        // the current piece
        logic [LOAD_BITS-1:0] d;
        //FIELDS load d d_
        logic [15:0] line;
        logic [15:0] window;
        logic [7:0] copy;
        logic [7:0] first_copy;  // of the line
        logic [11:0] first;  // its first byte within the window
        logic [31:0] line_address;  // of offset 0
        logic [32:0] window_offset;
        logic [TA-1:0] line_row;  // of the line's first copy
        logic [POSITION_BITS-1:0] line_lane;
        logic [TA-1:0] window_row;
        logic [TA-1:0] copy_row;
        logic [POSITION_BITS-1:0] copy_lane;
        logic [TA-1:0] row;
        logic [POSITION_BITS-1:0] lane;
        logic [BEAT_BITS-1:0] next_beat;  // of the line's run, not yet taken
        logic [24:0] only;  // offset of a diagonal's one real byte

        wire rows_end = d_row_end_step != '0;
        wire [POSITION_BITS-1:0] to_end = POSITION_BITS'(R) - lane;
        wire [LW:0] room = rows_end && to_end < POSITION_BITS'(W) ? (LW + 1)'(to_end) : (LW + 1)'(W);
        wire [12:0] rest = 13'(d_bytes) - 13'(first);
        wire copy_ends = rest <= 13'(room);
        wire window_ends = copy_ends && (copy == d_copies - 8'd1 || 16'(copy) == line);
        wire line_ends = window_ends && window == d_windows - 16'd1;
        wire load_ends = line_ends && line == d_lines - 16'd1;
        wire [LW:0] bytes = copy_ends ? (LW + 1)'(rest) : room;
        wire [33:0] begin_offset = 34'(window_offset) + 34'(first);
        wire [33:0] end_offset = begin_offset + 34'(bytes);
        wire line_real = line >= d_first_line && line < d_last_line && d_first_byte < d_last_byte;
        wire outside = d_diagonal && only >= 25'(d_last_byte);
        wire [24:0] range_begin = d_diagonal ? only : 25'(d_first_byte);
        wire [24:0] range_end = d_diagonal ? only + 25'd1 : 25'(d_last_byte);
        wire real_bytes = line_real && !outside && begin_offset < 34'(range_end)
            && end_offset > 34'(range_begin);
        wire [33:0] real_begin = begin_offset < 34'(range_begin) ? 34'(range_begin) : begin_offset;
        wire [33:0] real_end = end_offset < 34'(range_end) ? end_offset : 34'(range_end);
        wire [31:0] begin_address = line_address + 32'(begin_offset);
        wire [31:0] last_address = line_address + 32'(real_end) - 32'd1;
        wire [31:0] run_last_address = line_address + 32'(d_last_byte) - 32'd1;
        wire [BEAT_BITS-1:0] ahead = last_address[31:LW] - next_beat;  // negative: at hand
        wire at_hand = ahead[BEAT_BITS-1];

      """;

  private static final String BEATS =
      """
        // beats that have arrived, and the last four taken
        logic [HELD_BITS-1:0] held;
        logic [HELD_POINTER_BITS-1:0] oldest;
        logic [HELD_POINTER_BITS-1:0] newest;
        logic [8*W-1:0] taken_0;
        logic [8*W-1:0] taken_1;
        logic [8*W-1:0] taken_2;
        logic [8*W-1:0] taken_3;

        wire pop = active && real_bytes && !at_hand && held != '0;
        wire [BEAT_BITS-1:0] next_beat_after = next_beat + BEAT_BITS'(pop);
        wire last_of_burst = (~next_beat & BEAT_BITS'(BEATS - 1)) == '0
            || next_beat == run_last_address[31:LW];

        assign burst_consumed = pop && last_of_burst;
        assign emit = active && (!real_bytes || at_hand || (pop && ahead == '0));
        assign take = !empty && (!active || (emit && load_ends));

        sram_1r1w #(
            .DEPTH(HELD),
            .ADDRESS_BITS(HELD_POINTER_BITS),
            .WIDTH(8 * W),
            .MASK_BITS(1)
        ) beats (
            .clk(clk),
            .read(pop),
            .read_address(oldest),
            .read_data(taken_0),
            .write(beat),
            .write_address(newest),
            .write_mask(1'b1),
            .write_data(beat_data)
        );

        always_ff @(posedge clk) begin
          if (pop) begin
            taken_1 <= taken_0;
            taken_2 <= taken_1;
            taken_3 <= taken_2;
          end
          if (!rst_n) begin
            held   <= '0;
            oldest <= '0;
            newest <= '0;
          end else begin
            held <= held + HELD_BITS'(beat) - HELD_BITS'(pop);
            if (pop)
              oldest <= oldest == HELD_POINTER_BITS'(HELD - 1) ? '0 : oldest + HELD_POINTER_BITS'(1);
            if (beat)
              newest <= newest == HELD_POINTER_BITS'(HELD - 1) ? '0 : newest + HELD_POINTER_BITS'(1);
          end
        end

      """;

  private static final String WRITE =
      """
        // the piece emitted in the cycle before
        logic written;
        logic to_parameters;
        logic last;
        logic signals_execute;
        logic signals_store;
        logic [7:0] pad;
        logic [LW-1:0] source_lane;
        logic [1:0] age;  // of the beat with its first byte, 0: taken last
        logic [LW:0] real_from;
        logic [LW:0] real_to;

        always_ff @(posedge clk) begin
          written <= rst_n && emit;
          last <= load_ends;
          to_parameters <= d_parameters;
          signals_execute <= d_signal_execute;
          signals_store <= d_signal_store;
          pad <= d_pad;
          write_row <= row;
          write_position <= lane;
          write_bytes <= bytes;
          source_lane <= begin_address[LW-1:0];
          age <= 2'(next_beat_after - BEAT_BITS'(1) - begin_address[31:LW]);
          real_from <= real_bytes ? (LW + 1)'(real_begin - begin_offset) : '0;
          real_to <= real_bytes ? (LW + 1)'(real_end - begin_offset) : '0;
        end

        wire [LW-1:0] target_lane = write_position[LW-1:0];
        wire [LW-1:0] rotation = target_lane - source_lane;
        wire [W-1:0] real_mask = W'(((2 * W)'(1) << real_to) - ((2 * W)'(1) << real_from));
        wire [2*W-1:0] real_lanes_twice = {real_mask, real_mask} << target_lane;
        wire [W-1:0] real_lanes = real_lanes_twice[2*W-1:W];
        wire [W-1:0] later_lanes = ~({W{1'b1}} << source_lane);
        wire [8*W-1:0] begins = age[1] ? (age[0] ? taken_3 : taken_2) : age[0] ? taken_1 : taken_0;
        wire [8*W-1:0] later = age[1] ? (age[0] ? taken_2 : taken_1) : taken_0;

        function automatic logic [8*W-1:0] spread(input logic [W-1:0] mask);
          for (int i = 0; i < W; i++) spread[8*i+:8] = {8{mask[i]}};
        endfunction

        wire [8*W-1:0] source = (later & spread(later_lanes)) | (begins & spread(~later_lanes));
        wire [16*W-1:0] rotated_twice = {source, source} << {rotation, 3'b000};
        wire [8*W-1:0] rotated = rotated_twice[16*W-1:8*W];
        wire unused_halves = &{1'b0, real_lanes_twice[W-1:0], rotated_twice[8*W-1:0]};

        assign write_lanes = (rotated & spread(real_lanes)) | ({W{pad}} & spread(~real_lanes));
        assign write_scratchpad = written && !to_parameters;
        assign write_parameters = written && to_parameters;
        assign retire = written && last;
        assign signal_execute = signals_execute;
        assign signal_store = signals_store;
      endmodule
      """;
}
