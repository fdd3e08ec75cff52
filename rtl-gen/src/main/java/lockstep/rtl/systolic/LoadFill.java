// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

/**
 * Load, second stage: generates the pieces of each line, takes beats as they are needed, aligns the
 * bytes and writes one piece a cycle.
 */
final class LoadFill {
  private LoadFill() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, PORTS + PIECE + BEATS + WALK + WRITE);
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
        logic [7:0] chunk;
        logic [11:0] first;  // its first byte within the chunk
        logic [31:0] line_address;  // of offset 0
        logic [32:0] window_offset;
        logic [32:0] chunk_offset;
        logic [TA-1:0] line_row;
        logic [TA-1:0] window_row;
        logic [TA-1:0] chunk_row;
        logic [BEAT_BITS-1:0] next_beat;  // of the line's run, not yet taken
        logic [24:0] only;  // offset of a diagonal's one real byte

        wire [12:0] rest = 13'(d_bytes) - 13'(first);
        wire chunk_ends = rest <= 13'(W);
        wire window_ends = chunk_ends && chunk == d_chunks - 8'd1;
        wire line_ends = window_ends && window == d_windows - 16'd1;
        wire load_ends = line_ends && line == d_lines - 16'd1;
        wire [LW:0] bytes = chunk_ends ? (LW + 1)'(rest) : (LW + 1)'(W);
        wire [33:0] begin_offset = 34'(chunk_offset) + 34'(first);
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
        // beats that have arrived
        logic [HELD_BITS-1:0] held;
        logic [HELD_POINTER_BITS-1:0] oldest;
        logic [HELD_POINTER_BITS-1:0] newest;
        logic [8*W-1:0] current;
        logic [8*W-1:0] previous;

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
            .read_data(current),
            .write(beat),
            .write_address(newest),
            .write_mask(1'b1),
            .write_data(beat_data)
        );

        always_ff @(posedge clk) begin
          if (pop) previous <= current;
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

  private static final String WALK =
      """
        // from piece to piece
        //FIELDS load descriptor n_
        wire [31:0] next_line_address = line_address + $unsigned(d_line_stride);
        wire [31:0] next_run = next_line_address + 32'(d_first_byte);
        wire [31:0] first_run = n_dram_address + 32'(n_first_byte);
        wire [32:0] next_window_offset = window_offset + 33'(d_step);
        wire [32:0] next_chunk_offset = chunk_offset + 33'(d_chunk_step);
        wire [TA-1:0] next_line_row = line_row + d_row_line_stride;
        wire [TA-1:0] next_window_row = window_row + d_row_step;
        wire unused_low_bits = &{1'b0, next_run[LW-1:0], first_run[LW-1:0], run_last_address[LW-1:0],
            last_address[LW-1:0]};

        always_ff @(posedge clk) begin
          if (!rst_n) active <= 1'b0;
          else if (take) active <= 1'b1;
          else if (emit && load_ends) active <= 1'b0;

          if (take) begin
            d <= descriptor;
            line <= '0;
            window <= '0;
            chunk <= '0;
            first <= '0;
            line_address <= n_dram_address;
            window_offset <= '0;
            chunk_offset <= '0;
            line_row <= n_row;
            window_row <= n_row;
            chunk_row <= n_row;
            only <= 25'(n_first_byte);
            next_beat <= first_run[31:LW];
          end else begin
            next_beat <= next_beat_after;
            if (emit) begin
              first <= chunk_ends ? '0 : first + 12'(W);
              if (chunk_ends) begin
                chunk <= chunk + 8'd1;
                chunk_offset <= next_chunk_offset;
                chunk_row <= chunk_row + d_row_chunk_step;
              end
              if (window_ends) begin
                chunk <= '0;
                window <= window + 16'd1;
                only <= only + 25'd1;
                window_offset <= next_window_offset;
                chunk_offset <= next_window_offset;
                window_row <= next_window_row;
                chunk_row <= next_window_row;
              end
              if (line_ends) begin
                window <= '0;
                only <= 25'(d_first_byte);
                line <= line + 16'd1;
                line_address <= next_line_address;
                next_beat <= next_run[31:LW];
                window_offset <= '0;
                chunk_offset <= '0;
                line_row <= next_line_row;
                window_row <= next_line_row;
                chunk_row <= next_line_row;
              end
            end
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
        logic all_current;  // its first byte is in the beat taken last
        logic [LW:0] real_from;
        logic [LW:0] real_to;

        always_ff @(posedge clk) begin
          written <= rst_n && emit;
          last <= load_ends;
          to_parameters <= d_parameters;
          signals_execute <= d_signal_execute;
          signals_store <= d_signal_store;
          pad <= d_pad;
          write_row <= chunk_row;
          write_position <= POSITION_BITS'(d_lane) + POSITION_BITS'(first);
          write_bytes <= bytes;
          source_lane <= begin_address[LW-1:0];
          all_current <= begin_address[31:LW] + BEAT_BITS'(1) == next_beat_after;
          real_from <= real_bytes ? (LW + 1)'(real_begin - begin_offset) : '0;
          real_to <= real_bytes ? (LW + 1)'(real_end - begin_offset) : '0;
        end

        wire [LW-1:0] target_lane = write_position[LW-1:0];
        wire [LW-1:0] rotation = target_lane - source_lane;
        wire [W-1:0] real_mask = W'(((2 * W)'(1) << real_to) - ((2 * W)'(1) << real_from));
        wire [2*W-1:0] real_lanes_twice = {real_mask, real_mask} << target_lane;
        wire [W-1:0] real_lanes = real_lanes_twice[2*W-1:W];
        wire [W-1:0] current_lanes = all_current ? '1 : ~({W{1'b1}} << source_lane);

        function automatic logic [8*W-1:0] spread(input logic [W-1:0] mask);
          for (int i = 0; i < W; i++) spread[8*i+:8] = {8{mask[i]}};
        endfunction

        wire [8*W-1:0] source = (current & spread(current_lanes)) | (previous & spread(~current_lanes));
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
