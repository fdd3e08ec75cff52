// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.isa.InstructionSet;
import lockstep.isa.InstructionStream;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.rtl.port.Fetch;
import lockstep.rtl.port.Port;
import lockstep.rtl.verilog.Constants;

/**
 * The numbers that the Verilog of one machine is written with; the units' templates use the
 * constants by name.
 */
final class Sizes extends Constants {
  static final String FAMILY = "systolic";

  final SystolicArchitecture architecture;
  final boolean outputStationary;
  final int rows;
  final int cols;
  final int width;
  final int lanes;
  final int chunks;

  Sizes(SystolicArchitecture a) {
    super(FAMILY, SystolicIsa.of(a)::format);
    architecture = a;
    outputStationary = a.array().dataflows().contains(Dataflow.OS);
    rows = a.array().rows();
    cols = a.array().cols();
    width = a.dma().widthBytes();
    lanes = Math.min(Math.min(a.postProcessing().lanes(), width), cols);
    chunks = Math.ceilDiv(cols, lanes);
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
    int entryBytes = SystolicIsa.entryBytes(a);
    Port.constants(this, a.dma(), a.name());
    Fetch.constants(this, a.dma(), entryBytes, a.queues().fetchDepth());
    constant("ENTRY_WORDS", entryBytes / InstructionStream.WORD_BYTES);
    constant("ENTRY_WORD_BITS", bits(entryBytes / InstructionStream.WORD_BYTES - 1));
    constant("MASK_LSB", InstructionStream.MASK_LSB);
    constant("FOLLOW_BITS", InstructionStream.MOST_WORDS);
  }

  private void queues(SystolicArchitecture a) {
    InstructionSet isa = SystolicIsa.of(a);
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
  }

  /** Words after the header. */
  private static int bodyWords(int instructionBits) {
    return Math.ceilDiv(instructionBits, 8 * InstructionStream.WORD_BYTES) - 1;
  }
}
