// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.Map;

/**
 * Fetch: asks for groups of four entries of the stream, puts the beats together, holds the entries
 * in order for expansion.
 */
final class Fetch {
  private Fetch() {}

  static VerilogModule module(Sizes sizes) {
    String receive;
    if (sizes.value("SLOTS") > 1) {
      StringBuilder slots = new StringBuilder();
      for (int i = 0; i < sizes.value("SLOTS"); i++) {
        slots.append(
            "      buffer[next + FD_POINTER_BITS'(%d)] <= beat_data[%d*IB*8+:8*IB];\n"
                .formatted(i, i));
      }
      receive = VerilogModule.fill(SEVERAL_PER_BEAT, Map.of("SLOTS_WRITTEN", slots.toString()));
    } else if (sizes.value("PARTS") == 1) {
      receive = ONE_PER_BEAT;
    } else {
      String shift =
          sizes.value("PARTS") == 2 ? "beat_data" : "{beat_data, assembled[8*(IB-W)-1:8*W]}";
      receive = VerilogModule.fill(SEVERAL_BEATS, Map.of("SHIFT", shift));
    }
    return VerilogModule.of(sizes, VerilogModule.fill(TEXT, Map.of("RECEIVE", receive)));
  }

  private static final String SEVERAL_PER_BEAT =
      """
        wire complete = beat;
        wire [FD_BITS-1:0] completed = FD_BITS'(SLOTS);

        always_ff @(posedge clk)
          if (beat) begin
      @SLOTS_WRITTEN@    end
      """;

  private static final String ONE_PER_BEAT =
      """
        wire complete = beat;
        wire [FD_BITS-1:0] completed = FD_BITS'(1);

        always_ff @(posedge clk) if (beat) buffer[next] <= beat_data;
      """;

  private static final String SEVERAL_BEATS =
      """
        logic [PARTS_BITS-1:0] beats_of_entry;
        logic [8*(IB-W)-1:0] assembled;
        wire complete = beat && beats_of_entry == PARTS_BITS'(PARTS - 1);
        wire [FD_BITS-1:0] completed = FD_BITS'(1);

        always_ff @(posedge clk) begin
          if (beat) assembled <= @SHIFT@;
          if (complete) buffer[next] <= {beat_data, assembled};
          if (!rst_n || start) beats_of_entry <= '0;
          else if (beat)
            beats_of_entry <= complete ? '0 : beats_of_entry + PARTS_BITS'(1);
        end
      """;

  private static final String TEXT =
      """
      module systolic_fetch (
          input logic clk,
          input logic rst_n,
          input logic start,
          input logic running,
          input logic [31:0] program_address,
          input logic [31:0] program_bytes,
          // requests for bursts
          output logic ask,
          output logic [31:0] ask_address,
          output logic [7:0] ask_length,
          output logic first_of_group,
          input logic granted,
          // beats from memory
          input logic beat,
          input logic [8*W-1:0] beat_data,
          // oldest entry
          output logic head_valid,
          output logic [8*IB-1:0] head,
          input logic take,
          output logic drained
      );
        logic [31-LG:0] groups_left;
        logic [31:0] address;
        logic [GROUP_BURST_BITS-1:0] burst;
        logic [FD_BITS-1:0] reserved;  // entries in the buffer or asked for
        logic [FD_BITS-1:0] held;  // entries in the buffer
        logic [PENDING_BITS-1:0] pending;  // beats asked for and not yet here
        logic [FD_POINTER_BITS-1:0] first;
        logic [FD_POINTER_BITS-1:0] next;
        logic [8*IB-1:0] buffer[0:FD-1];

        wire [31:0] bytes_rounded = program_bytes + 32'(4 * IB - 1);
        wire unused_bytes_rounded = &{1'b0, bytes_rounded[LG-1:0]};
        wire group_granted = granted && first_of_group;
        wire last_of_group = burst == GROUP_BURST_BITS'(GROUP_BURSTS - 1);

        assign first_of_group = burst == '0;
        assign ask = !first_of_group || (running && groups_left != '0 && reserved <= FD_BITS'(FD - 4));
        assign ask_address = address;
        assign ask_length = 8'(GROUP_BURST_BEATS - 1);
        assign head_valid = held != '0;
        assign head = buffer[first];
        assign drained = pending == '0;

      @RECEIVE@
        always_ff @(posedge clk)
          if (!rst_n) begin
            groups_left <= '0;
            address <= '0;
            burst <= '0;
            reserved <= '0;
            held <= '0;
            pending <= '0;
            first <= '0;
            next <= '0;
          end else if (start) begin
            groups_left <= bytes_rounded[31:LG];
            address <= program_address;
            burst <= '0;
            reserved <= '0;
            held <= '0;
            first <= '0;
            next <= '0;
          end else begin
            if (group_granted) groups_left <= groups_left - (32 - LG)'(1);
            if (granted) begin
              address <= address + 32'(GROUP_BURST_BYTES);
              burst   <= last_of_group ? '0 : burst + GROUP_BURST_BITS'(1);
            end
            reserved <= reserved + (group_granted ? FD_BITS'(4) : '0) - FD_BITS'(take);
            held <= held + (complete ? completed : '0) - FD_BITS'(take);
            pending <= pending + (group_granted ? PENDING_BITS'(GROUP_BEATS) : '0) - PENDING_BITS'(beat);
            if (complete)
              next <= next == FD_POINTER_BITS'(FD - SLOTS) ? '0 : next + FD_POINTER_BITS'(SLOTS);
            if (take) first <= first == FD_POINTER_BITS'(FD - 1) ? '0 : first + FD_POINTER_BITS'(1);
          end
      endmodule
      """;
}
