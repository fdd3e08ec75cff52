// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import lockstep.isa.vliw.SlotKind;
import org.jspecify.annotations.Nullable;

/**
 * A bundle of the program, decoded once.
 *
 * @param loop what it opens
 * @param pattern what it sets
 * @param accesses loads before stores, slots in order
 * @param reads words that the loads read
 * @param values what matrix, vector, special and permute slots compute
 * @param writes results in registers
 * @param readsByFile registers that it reads in its own step, by file
 * @param lateReads accumulators that multiplications add to, in the step before their results
 * @param operations other than nop, by kind of slot
 */
record Bundle(
    int number,
    boolean halt,
    @Nullable Loop loop,
    @Nullable Pattern pattern,
    Scalar[] scalars,
    Access[] accesses,
    int reads,
    @Nullable Dma dma,
    ValueOperation[] values,
    Write[] writes,
    int[] readsByFile,
    int lateReads,
    int[] operations) {

  /** The same at another place of the program; of a bundle that opens no loop. */
  Bundle numbered(int other) {
    return new Bundle(
        other,
        halt,
        loop,
        pattern,
        scalars,
        accesses,
        reads,
        dma,
        values,
        writes,
        readsByFile,
        lateReads,
        operations);
  }

  /** Opens a loop over the bundles up to {@code last}. */
  record Loop(int count, int last) {}

  /** Sets pattern {@code index}; steps in words. */
  record Pattern(int index, int inner, int innerStep, int outerStep) {}

  /** An operation of a scalar slot. */
  sealed interface Scalar {
    int to();

    record Li(int to, int value) implements Scalar {}

    record Add(int to, int a, int b) implements Scalar {}

    record AddI(int to, int a, int value) implements Scalar {}

    record Sub(int to, int a, int b) implements Scalar {}

    record Mul(int to, int a, int b) implements Scalar {}
  }

  /**
   * A load, or a store of {@code pieces} words.
   *
   * @param step in bytes
   */
  record Access(
      boolean store, int base, int step, boolean post, int pattern, int register, int pieces) {}

  /** An operation of the DMA slot. */
  sealed interface Dma {
    record Set(int field, int value) implements Dma {}

    record Put(int field, int from) implements Dma {}

    /** Starts a transfer in or out, in of a constant if so. */
    record Start(boolean out, boolean constant) implements Dma {}

    record Wait(boolean out, int most) implements Dma {}
  }

  /**
   * A result that arrives {@code latency} steps later.
   *
   * @param quarters bit q: quarter q of the register; all four of a register that is written whole
   */
  record Write(RegisterFile file, int register, int quarters, int latency) {}

  int registerReads(RegisterFile file) {
    return readsByFile[file.ordinal()];
  }

  int accumulatorReads() {
    return registerReads(RegisterFile.ACCUMULATOR);
  }

  int operations(SlotKind kind) {
    return operations[kind.ordinal()];
  }

  /** Words that its stores write. */
  int stored() {
    int words = 0;
    for (Access access : accesses) {
      words += access.store() ? access.pieces() : 0;
    }
    return words;
  }
}
