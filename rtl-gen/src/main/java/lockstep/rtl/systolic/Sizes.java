// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.LinkedHashMap;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.isa.InstructionSet;
import lockstep.isa.InstructionStream;
import lockstep.isa.systolic.SystolicIsa;

/**
 * The numbers that the Verilog of one machine is written with. Constants have the names they have
 * in the Verilog; the units' templates use them by name.
 */
final class Sizes {
  private static final int LONGEST_AXI_BURST = 256;

  final SystolicArchitecture architecture;
  final InstructionSet isa;
  final boolean outputStationary;
  final int rows;
  final int cols;
  final int width;
  final int lanes;
  final int chunks;
  private final Map<String, Long> constants = new LinkedHashMap<>();

  Sizes(SystolicArchitecture a) {
    architecture = a;
    isa = SystolicIsa.of(a);
    outputStationary = a.array().dataflows().contains(Dataflow.OS);
    rows = a.array().rows();
    cols = a.array().cols();
    width = a.dma().widthBytes();
    lanes = Math.min(Math.min(a.postProcessing().lanes(), width), cols);
    chunks = Math.ceilDiv(cols, lanes);
    if (a.dma().burstBeats() > LONGEST_AXI_BURST) {
      throw new UserError(
          "%s: dma.burst_beats is %d, but an AXI4 burst has at most %d beats; lower it"
              .formatted(a.name(), a.dma().burstBeats(), LONGEST_AXI_BURST));
    }
    array(a);
    memories(a);
    port(a);
    queues(a);
  }

  private void array(SystolicArchitecture a) {
    constant("R", rows);
    constant("C", cols);
    constant("HOP_BITS", bits(rows - 1));
    constant("K_BITS", bits(rows));
    constant("CHANNEL_BITS", bits(cols));
    constant("LANE_BITS", Math.max(1, bits(a.scratchpad().widthBytes() - 1)));
    constant("MIN_OCCUPANCY", Math.max(rows, 3));
    constant("OCCUPANCY_BITS", bits(Math.max(rows, 3)));
    constant("DELAY", rows + cols - 1);
    constant("DELAY_BITS", bits(rows + cols - 2));
    constant("G", lanes);
    constant("G_BITS", bits(lanes));
    constant("CHUNKS", chunks);
    constant("CHUNK_BITS", bits(chunks - 1));
    constant("RECIPROCAL", Math.ceilDiv(1 << 18, lanes));
    constant("EXECUTES_BITS", bits(rows + cols + 16));
  }

  private void memories(SystolicArchitecture a) {
    int scratchpadBits = SystolicIsa.scratchpadBits(a);
    int parameterBits = SystolicIsa.parameterBits(a);
    constant("SA", scratchpadBits);
    constant("AA", SystolicIsa.accumulatorBits(a));
    constant("PA", parameterBits);
    constant("TA", Math.max(scratchpadBits, parameterBits));
    constant("P", a.scratchpad().widthBytes());
    constant("S_BANKS", a.scratchpad().banks());
    constant("S_ROWS", a.scratchpad().rowsPerBank());
    constant("S_BANK_BITS", bits(a.scratchpad().banks() - 1));
    constant("S_ROW_BITS", bits(a.scratchpad().rowsPerBank() - 1));
    constant("A_BANKS", a.accumulator().banks());
    constant("A_ROWS", a.accumulator().rowsPerBank());
    constant("A_BANK_BITS", bits(a.accumulator().banks() - 1));
    constant("A_ROW_BITS", bits(a.accumulator().rowsPerBank() - 1));
    constant("P_ROWS", a.postProcessing().parameterRows());
    constant("POSITION_BITS", 13);
  }

  private void port(SystolicArchitecture a) {
    int beats = a.dma().burstBeats();
    int outstanding = a.dma().outstandingRequests();
    int entryBytes = SystolicIsa.entryBytes(a);
    int groupBytes = SystolicIsa.groupBytes(a);
    constant("W", width);
    constant("LW", Integer.numberOfTrailingZeros(width));
    constant("BEAT_BITS", 32 - Integer.numberOfTrailingZeros(width));
    constant("BEATS", beats);
    constant("O", outstanding);
    constant("O_BITS", bits(outstanding));
    constant("O_POINTER_BITS", bits(outstanding - 1));
    constant("HELD", outstanding * beats);
    constant("HELD_BITS", bits(outstanding * beats));
    constant("HELD_POINTER_BITS", bits(outstanding * beats - 1));
    constant("FIFO", 2 * beats);
    constant("FIFO_BITS", bits(2 * beats));
    constant("FIFO_POINTER_BITS", bits(2 * beats - 1));
    constant("IB", entryBytes);
    constant("LG", Integer.numberOfTrailingZeros(groupBytes));
    constant("PARTS", Math.max(1, entryBytes / width));
    constant("PARTS_BITS", bits(Math.max(1, entryBytes / width) - 1));
    constant("SLOTS", Math.max(1, width / entryBytes));
    constant("ENTRY_WORDS", entryBytes / InstructionStream.WORD_BYTES);
    constant("ENTRY_WORD_BITS", bits(entryBytes / InstructionStream.WORD_BYTES - 1));
    constant("MASK_LSB", InstructionStream.MASK_LSB);
    constant("FOLLOW_BITS", InstructionStream.MOST_WORDS);
    constant("GROUP_BEATS", groupBytes / width);
    constant("GROUP_BURSTS", Math.max(1, groupBytes / (beats * width)));
    constant("GROUP_BURST_BITS", bits(Math.max(1, groupBytes / (beats * width)) - 1));
    constant("GROUP_BURST_BEATS", Math.min(groupBytes / width, beats));
    constant("GROUP_BURST_BYTES", Math.min(groupBytes, beats * width));
    constant("PENDING_BITS", bits(a.queues().fetchDepth() / 4 * (groupBytes / width)));
  }

  private void queues(SystolicArchitecture a) {
    int load = isa.format("load").bits();
    int execute = isa.format("execute").bits();
    int store = isa.format("store").bits();
    constant("IW", Math.max(load, Math.max(execute, store)));
    constant("LOAD_BITS", load);
    constant("EXECUTE_BITS", execute);
    constant("STORE_BITS", store);
    constant("LOAD_WORDS", bodyWords(load));
    constant("EXECUTE_WORDS", bodyWords(execute));
    constant("STORE_WORDS", bodyWords(store));
    constant("OPCODE_BITS", isa.opcodeBits());
    constant("WAIT_BITS", SystolicIsa.WAIT_BITS);
    constant("OPCODE_HALT", SystolicIsa.HALT);
    constant("OPCODE_LOAD", SystolicIsa.LOAD);
    constant("OPCODE_EXECUTE", SystolicIsa.EXECUTE);
    constant("OPCODE_STORE", SystolicIsa.STORE);
    constant("UD", a.queues().unitDepth());
    constant("FD", a.queues().fetchDepth());
    constant("FD_BITS", bits(a.queues().fetchDepth()));
    constant("FD_POINTER_BITS", bits(a.queues().fetchDepth() - 1));
  }

  /** Words after the header. */
  private static int bodyWords(int instructionBits) {
    return Math.ceilDiv(instructionBits, 8 * InstructionStream.WORD_BYTES) - 1;
  }

  private void constant(String name, long value) {
    constants.put(name, value);
  }

  /** Constants by name, in a fixed order. */
  Map<String, Long> constants() {
    return constants;
  }

  long value(String constant) {
    Long value = constants.get(constant);
    if (value == null) {
      throw new IllegalArgumentException("no constant " + constant);
    }
    return value;
  }

  /** Bits that hold {@code largest}, at least 1. */
  static int bits(int largest) {
    return Math.max(1, 32 - Integer.numberOfLeadingZeros(largest));
  }
}
