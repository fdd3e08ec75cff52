// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lockstep.isa.vliw.BundleSet.Slot;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.VliwCounter;
import lockstep.rtl.port.Counter;
import lockstep.rtl.port.Counters;

/** The performance counters in {@link Top}, with the event that each of them counts. */
final class TopCounters {
  private static final int OPERATION_BITS = 3;
  private static final int WORDS_BITS = 8;
  private static final int BEATS_BITS = 16;

  private TopCounters() {}

  /** The counters in the order of their enumeration. */
  static final List<Counter> ALL =
      Stream.of(VliwCounter.values()).map(TopCounters::counter).toList();

  static String text(Sizes sizes) {
    Map<Counter, String> events = new LinkedHashMap<>();
    for (VliwCounter c : VliwCounter.values()) {
      events.put(counter(c), event(c, sizes));
    }
    return PIECES + Counters.instance(events);
  }

  private static Counter counter(VliwCounter c) {
    int bits =
        switch (c) {
          case CYCLES,
              BUNDLES,
              ISSUE_BUSY,
              ISSUE_FETCH,
              ISSUE_BANK,
              ISSUE_WAIT,
              ISSUE_TRANSFER,
              ISSUE_DRAIN,
              WRITE_BEATS,
              CONSTANT_WRITES ->
              1;
          case SCALAR_OPERATIONS,
              LOAD_OPERATIONS,
              STORE_OPERATIONS,
              MATRIX_OPERATIONS,
              VECTOR_OPERATIONS,
              SPECIAL_OPERATIONS,
              PERMUTE_OPERATIONS,
              DMA_OPERATIONS ->
              OPERATION_BITS;
          case READ_BEATS -> BEATS_BITS;
          case LOCAL_READS, LOCAL_WRITES -> WORDS_BITS;
        };
    return new Counter(c.key(), c.meaning(), bits);
  }

  private static String event(VliwCounter counter, Sizes sizes) {
    return switch (counter) {
      case CYCLES -> "1'b1";
      case BUNDLES, ISSUE_BUSY -> "step";
      case ISSUE_FETCH -> "waits_for_fetch";
      case ISSUE_BANK -> "waits_for_bank";
      case ISSUE_WAIT -> "waits";
      case ISSUE_TRANSFER -> "waits_for_room";
      case ISSUE_DRAIN -> "drains";
      case SCALAR_OPERATIONS -> operations(SlotKind.SCALAR, sizes);
      case LOAD_OPERATIONS -> operations(SlotKind.LOAD, sizes);
      case STORE_OPERATIONS -> operations(SlotKind.STORE, sizes);
      case MATRIX_OPERATIONS -> operations(SlotKind.MATRIX, sizes);
      case VECTOR_OPERATIONS -> operations(SlotKind.VECTOR, sizes);
      case SPECIAL_OPERATIONS -> operations(SlotKind.SPECIAL, sizes);
      case PERMUTE_OPERATIONS -> operations(SlotKind.PERMUTE, sizes);
      case DMA_OPERATIONS -> operations(SlotKind.DMA, sizes);
      case READ_BEATS ->
          "(fetch_granted && fetch_first ? 16'(GROUP_BEATS) : '0) + (load_granted ?"
              + " 16'(load_length) + 16'd1 : '0)";
      case WRITE_BEATS -> "m_axi_wvalid && m_axi_wready";
      case LOCAL_READS -> "step ? pieces_read : '0";
      case LOCAL_WRITES -> "step ? pieces_written : '0";
      case CONSTANT_WRITES -> "in_constant";
    };
  }

  private static String operations(SlotKind kind, Sizes sizes) {
    String sum =
        sizes.isa.slots().stream()
            .filter(slot -> slot.kind() == kind)
            .map(TopCounters::operation)
            .collect(Collectors.joining(" + "));
    return sum.isEmpty() ? "'0" : "step ? " + sum + " : '0";
  }

  private static String operation(Slot slot) {
    return "3'(%s_word[%s_OPCODE-1:0] != '0)".formatted(TopSlots.name(slot), slot.kind().name());
  }

  private static final String PIECES =
      """
        logic [7:0] pieces_read;
        logic [7:0] pieces_written;

        always_comb begin
          pieces_read = '0;
          pieces_written = '0;
          for (int i = 0; i < LOAD_PIECES; i++) pieces_read = pieces_read + 8'(asked[i]);
          for (int i = LOAD_PIECES; i < PIECES; i++) pieces_written = pieces_written + 8'(asked[i]);
        end

      """;
}
