// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.vliw;

import lockstep.arch.Architecture;
import lockstep.arch.Dma;
import lockstep.arch.OffChipMemory;

/**
 * A statically scheduled neural processor: one bundle of operations a step, a field of the bundle
 * for each slot; exposed latencies, zero-overhead loops, a banked local memory that a DMA engine
 * fills and empties beside the slots. {@code docs/vliw.md} says what it does, to the cycle.
 *
 * @param instructionMemory bundles that the machine keeps, decompressed; a loop's body must fit
 * @param fetchDepth entries of 16 bytes (a quarter of the port, if that is more) that are asked for
 *     or wait to be decompressed; a multiple of 4, at least 8
 * @param loopDepth loops that may be open at a time
 * @param transferDepth transfers that wait or run in each direction of the DMA engine
 */
public record VliwArchitecture(
    String name,
    Slots slots,
    Registers registers,
    LocalMemory localMemory,
    int instructionMemory,
    int fetchDepth,
    int loopDepth,
    int transferDepth,
    Dma dma,
    OffChipMemory memory,
    double clockMhz,
    String technology)
    implements Architecture {

  /** Bits of a scalar register, of a sum, and of a lane of a vector that holds sums. */
  public static final int WORD_BITS = 32;

  /** Bytes of these. */
  public static final int WORD_BYTES = WORD_BITS / Byte.SIZE;

  /**
   * What a bundle can do at a time. Beside these every machine has one DMA slot.
   *
   * @param scalar integers, addresses, loops; at least one
   * @param load local memory to a vector register
   * @param store vector register to local memory, where the next step sees it
   * @param vector lanes of codes or sums
   * @param special functions by table
   * @param permute order of a vector's codes
   */
  public record Slots(
      Unit scalar,
      Unit load,
      Store store,
      Matrix matrix,
      Unit vector,
      Special special,
      Unit permute) {}

  /**
   * @param count slots of the kind
   * @param latency steps from an operation to the first that sees its result, at least 1
   */
  public record Unit(int count, int latency) {}

  /** {@code count} slots that store. */
  public record Store(int count) {}

  /**
   * As {@link Unit}, with memory of its own.
   *
   * @param tables of 256 codes
   */
  public record Special(int count, int latency, int tables) {}

  /**
   * Multiplies {@code rows x depth} codes by {@code depth x cols} codes in a step, into an
   * accumulator register of {@code rows x cols} sums.
   */
  public record Matrix(int count, int latency, int rows, int cols, int depth) {
    /** Multiply-accumulates of one operation. */
    public int macs() {
      return rows * cols * depth;
    }
  }

  /** The register files. */
  public record Registers(ScalarFile scalar, VectorFile vector, AccumulatorFile accumulator) {}

  /**
   * Registers of 32 bits.
   *
   * @param readPorts registers that a bundle may read
   * @param writePorts registers that a step may write
   */
  public record ScalarFile(int count, int readPorts, int writePorts) {}

  /**
   * @param widthBytes codes of a register; a quarter as many sums
   * @param readPorts registers that a bundle may read
   * @param writePorts registers that a step may write
   */
  public record VectorFile(int count, int widthBytes, int readPorts, int writePorts) {}

  /**
   * Registers of {@code rows x cols} sums of the matrix unit.
   *
   * @param readPorts registers that a bundle may read
   * @param writePorts registers that a step may write
   */
  public record AccumulatorFile(int count, int readPorts, int writePorts) {}

  /**
   * @param capacityBytes over all banks
   * @param banks a power of two; words lie in them in turn
   * @param widthBytes bytes of a word, which a bank reads or writes at a time: a power of two
   * @param ports words that a bank reads or writes for the slots in a cycle; the DMA engine has
   *     ports of its own
   */
  public record LocalMemory(long capacityBytes, int banks, int widthBytes, int ports) {
    /** Words of one bank. */
    public int wordsPerBank() {
      return Math.toIntExact(capacityBytes / banks / widthBytes);
    }
  }

  /** Words of local memory that make up a vector. */
  public int pieces() {
    return registers.vector().widthBytes() / localMemory.widthBytes();
  }

  /** Sums in a vector. */
  public int lanes() {
    return registers.vector().widthBytes() / WORD_BYTES;
  }

  /** Vectors that hold the left operand of the matrix unit. */
  public int leftVectors() {
    return slots.matrix().rows() * slots.matrix().depth() / registers.vector().widthBytes();
  }

  /** Vectors that hold the right operand of the matrix unit. */
  public int rightVectors() {
    return slots.matrix().cols() * slots.matrix().depth() / registers.vector().widthBytes();
  }

  /** Vectors that hold the sums of an accumulator register. */
  public int accumulatorParts() {
    return slots.matrix().rows() * slots.matrix().cols() / lanes();
  }
}
