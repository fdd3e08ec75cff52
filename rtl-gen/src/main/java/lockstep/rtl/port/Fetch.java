// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.port;

import java.util.Map;
import lockstep.arch.Dma;
import lockstep.rtl.verilog.Constants;
import lockstep.rtl.verilog.VerilogModule;

/**
 * Fetch: asks for groups of four entries of a program's stream, puts the beats together, holds the
 * entries in order for what reads instructions out of them.
 */
public final class Fetch {
  private static final int GROUP_ENTRIES = 4;

  private Fetch() {}

  /**
   * Adds what the unit is written with.
   *
   * @param entryBytes bytes of an entry, a power of two; at least a beat in a group
   * @param depth entries of the buffer, a multiple of four
   */
  public static void constants(Constants sizes, Dma dma, int entryBytes, int depth) {
    int width = dma.widthBytes();
    int groupBytes = GROUP_ENTRIES * entryBytes;
    int burstBytes = dma.burstBeats() * width;
    int parts = Math.max(1, entryBytes / width);
    int bursts = Math.max(1, groupBytes / burstBytes);
    sizes.constant("IB", entryBytes);
    sizes.constant("LG", Integer.numberOfTrailingZeros(groupBytes));
    sizes.constant("PARTS", parts);
    sizes.constant("PARTS_BITS", Constants.bits(parts - 1));
    sizes.constant("SLOTS", Math.max(1, width / entryBytes));
    sizes.constant("GROUP_BEATS", groupBytes / width);
    sizes.constant("GROUP_BURSTS", bursts);
    sizes.constant("GROUP_BURST_BITS", Constants.bits(bursts - 1));
    sizes.constant("GROUP_BURST_BEATS", Math.min(groupBytes / width, dma.burstBeats()));
    sizes.constant("GROUP_BURST_BYTES", Math.min(groupBytes, burstBytes));
    sizes.constant("PENDING_BITS", Constants.bits(depth / GROUP_ENTRIES * (groupBytes / width)));
    sizes.constant("FD", depth);
    sizes.constant("FD_BITS", Constants.bits(depth));
    sizes.constant("FD_POINTER_BITS", Constants.bits(depth - 1));
  }

  /** The module of a machine. */
  public static VerilogModule module(Constants sizes) {
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

  /**
   * The unit in the template of a machine's top, behind {@link #SIGNALS}.
   *
   * @param take the signal that takes the oldest entry, {@code fetched_entry}, which is there if
   *     {@code fetched}
   */
  public static String instance(String take) {
    return VerilogModule.fill(INSTANCE, Map.of("TAKE", take));
  }

  /** The signals of {@link #instance} in the template of a machine's top. */
  public static final String SIGNALS =
      """
        logic fetch_ask;
        logic [31:0] fetch_address;
        logic [7:0] fetch_length;
        logic fetch_first;
        logic fetch_granted;
        logic fetched;
        logic [8*IB-1:0] fetched_entry;
      """;

  private static final String INSTANCE =
      """
        @FAMILY@_fetch fetch (
            .clk(clk),
            .rst_n(rst_n),
            .start(start),
            .running(busy),
            .program_address(program_address),
            .program_bytes(program_bytes),
            .ask(fetch_ask),
            .ask_address(fetch_address),
            .ask_length(fetch_length),
            .first_of_group(fetch_first),
            .granted(fetch_granted),
            .beat(m_axi_rvalid && !m_axi_rid),
            .beat_data(m_axi_rdata),
            .head_valid(fetched),
            .head(fetched_entry),
            .take(@TAKE@),
            .drained(fetch_drained)
        );

      """;

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
      module @FAMILY@_fetch (
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
