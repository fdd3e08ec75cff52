// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.systolic;

import java.util.stream.Stream;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.arch.technology.SramTable;
import lockstep.isa.systolic.SystolicIsa;

/**
 * What a systolic machine is made of, as far as the technology tables price it: memories, and
 * registers in bits.
 *
 * <pre>
 *   cell          activation 8, partial sum 32, weight 8; ws: next weight 8; os: own sum 32
 *   skew          row r delays its activations by r, column c its sums by cols - 1 - c; os: each
 *                 row turns a pixel's bytes into a sequence, rows bytes long
 *   instructions  fetch buffer, and for each of three units the last one expanded and a queue
 *   post          the parameters of every column, and a running maximum for pooling
 *   writes        the write FIFO of two bursts
 * </pre>
 */
record SystolicParts(SystolicArchitecture machine, SramTable sram) {
  static final int STREAMING_BITS = 8 + 32;
  static final int WEIGHT_BITS = 8;
  private static final int SUM_BITS = 32;
  private static final int PARAMETER_BYTES = 8;

  long cells() {
    return (long) machine.array().rows() * machine.array().cols();
  }

  long cellBits() {
    int bits = STREAMING_BITS + WEIGHT_BITS;
    if (has(Dataflow.WS)) {
      bits += WEIGHT_BITS;
    }
    if (has(Dataflow.OS)) {
      bits += SUM_BITS;
    }
    return cells() * bits;
  }

  /** The triangles, which every row passes through. */
  long triangleBits() {
    long rows = machine.array().rows();
    long cols = machine.array().cols();
    return rows * (rows - 1) / 2 * 8 + cols * (cols - 1) / 2 * 32;
  }

  long skewBits() {
    long rows = machine.array().rows();
    return has(Dataflow.OS) ? triangleBits() + rows * rows * 8 : triangleBits();
  }

  private boolean has(Dataflow dataflow) {
    return machine.array().dataflows().contains(dataflow);
  }

  /** Bits of one expanded instruction of {@code mnemonic}. */
  int instructionBits(String mnemonic) {
    return SystolicIsa.of(machine).format(mnemonic).bits();
  }

  long instructionBits() {
    long copies = machine.queues().unitDepth() + 1L;
    long expanded = Stream.of("load", "execute", "store").mapToLong(this::instructionBits).sum();
    return 8L * machine.queues().fetchDepth() * SystolicIsa.entryBytes(machine) + copies * expanded;
  }

  long postBits() {
    return machine.array().cols() * (8L * PARAMETER_BYTES + 32);
  }

  long writeFifoBits() {
    return 2L * 8 * machine.dma().burstBytes();
  }

  long registerBits() {
    return cellBits() + skewBits() + instructionBits() + postBits() + writeFifoBits();
  }

  /** Lanes that can work: no more than columns, or than bytes of the port. */
  int lanes() {
    return Math.min(
        machine.postProcessing().lanes(),
        Math.min(machine.dma().widthBytes(), machine.array().cols()));
  }

  SramTable.Bank scratchpad() {
    SystolicArchitecture.Scratchpad s = machine.scratchpad();
    return sram.bank((long) s.rowsPerBank() * s.widthBytes(), 8 * s.widthBytes());
  }

  SramTable.Bank accumulator() {
    SystolicArchitecture.Accumulator a = machine.accumulator();
    return sram.bank((long) a.rowsPerBank() * a.widthBytes(), 8 * a.widthBytes());
  }

  SramTable.Bank parameters() {
    int width = parameterWidth();
    return sram.bank((long) machine.postProcessing().parameterRows() * width, 8 * width);
  }

  int parameterWidth() {
    return PARAMETER_BYTES * machine.array().cols();
  }

  /** The beats of all bursts in flight wait here for the load unit. */
  SramTable.Bank readBuffer() {
    long bytes = (long) machine.dma().outstandingRequests() * machine.dma().burstBytes();
    return sram.bank(bytes, 8 * machine.dma().widthBytes());
  }

  /** Energy of a write of a beat's bytes into a row of {@code widthBytes}. */
  double pieceWritePj(SramTable.Bank bank, int widthBytes) {
    return bank.writePj(widthBytes, machine.dma().widthBytes());
  }

  /** Energy of a write of one chunk that store hands on into a row of {@code widthBytes}. */
  double chunkWritePj(SramTable.Bank bank, int widthBytes) {
    return bank.writePj(widthBytes, lanes());
  }
}
