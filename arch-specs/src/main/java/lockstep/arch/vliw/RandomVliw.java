// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.vliw;

import java.util.random.RandomGenerator;
import lockstep.arch.Dma;
import lockstep.arch.OffChipMemory;
import lockstep.arch.vliw.VliwArchitecture.AccumulatorFile;
import lockstep.arch.vliw.VliwArchitecture.LocalMemory;
import lockstep.arch.vliw.VliwArchitecture.Matrix;
import lockstep.arch.vliw.VliwArchitecture.Registers;
import lockstep.arch.vliw.VliwArchitecture.ScalarFile;
import lockstep.arch.vliw.VliwArchitecture.Slots;
import lockstep.arch.vliw.VliwArchitecture.Special;
import lockstep.arch.vliw.VliwArchitecture.Store;
import lockstep.arch.vliw.VliwArchitecture.Unit;
import lockstep.arch.vliw.VliwArchitecture.VectorFile;

/**
 * Draws VLIW machines for testing: few slots and many, short latencies and long ones, narrow and
 * wide vectors, one bank and many, memories without latency and with a lot of it. The same
 * generator state gives the same machine.
 */
public final class RandomVliw {
  private static final int MOST_MACS = 512;
  private static final int MOST_OPERANDS = 12;
  private static final int MOST_VECTORS = 64;

  private RandomVliw() {}

  /**
   * A machine whose vectors have at most 32 codes, and whose rows of the matrix unit's operands are
   * whole words.
   *
   * @param localBytes about the most that its local memory holds
   */
  public static VliwArchitecture draw(RandomGenerator random, String name, int localBytes) {
    int width;
    int word;
    Slots slots;
    do {
      width = 8 << random.nextInt(3);
      word = Math.min(width, 4 << random.nextInt(3));
      slots = slots(random, width, word);
    } while (slots.matrix().macs() > MOST_MACS || operands(slots, width) > MOST_OPERANDS);
    var matrix = slots.matrix();
    int operands = operands(slots, width);
    int parameters = 3 * Math.max(1, matrix.cols() * VliwArchitecture.WORD_BYTES / width);
    SlotPorts scalar = SlotPorts.scalar(slots);
    SlotPorts vector = SlotPorts.vector(slots, width);
    SlotPorts accumulator = SlotPorts.accumulator(slots);
    int port = Math.max(word, 4 << random.nextInt(5));
    int banks = Math.max(port / word, 1 << random.nextInt(5));
    int beats = Math.min(1 << random.nextInt(6), 4096 / port);
    int latency =
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> random.nextInt(8);
          case 2 -> random.nextInt(100);
          default -> random.nextInt(400);
        };
    return new VliwArchitecture(
        name,
        slots,
        new Registers(
            new ScalarFile(16 + random.nextInt(17), scalar.read(), scalar.write()),
            new VectorFile(
                Math.min(MOST_VECTORS, 8 + 2 * operands + parameters + random.nextInt(17)),
                width,
                vector.read(),
                vector.write()),
            new AccumulatorFile(2 + random.nextInt(7), accumulator.read(), accumulator.write())),
        new LocalMemory(
            (long) banks * word * Math.max(4, localBytes / banks / word),
            banks,
            word,
            1 + random.nextInt(2)),
        (96 << random.nextInt(3)) + random.nextInt(96),
        8 + 4 * random.nextInt(8),
        2 + random.nextInt(3),
        1 + random.nextInt(4),
        new Dma(port, 1 + random.nextInt(8), beats),
        new OffChipMemory("unit", latency, 1 + random.nextInt(2 * port), 1L << 28),
        1000,
        "unit");
  }

  private static int operands(Slots slots, int width) {
    var matrix = slots.matrix();
    return (matrix.rows() + matrix.cols()) * matrix.depth() / width;
  }

  private static Slots slots(RandomGenerator random, int width, int word) {
    int lanes = width / VliwArchitecture.WORD_BYTES;
    int depth = row(random, width, word);
    int cols = row(random, width, word);
    while (cols * depth % width != 0) {
      cols *= 2;
    }
    int rows = Math.max(1, width / depth) * (1 + random.nextInt(3));
    while (rows * cols % lanes != 0) {
      rows *= 2;
    }
    return new Slots(
        new Unit(1 + random.nextInt(3), 1 + random.nextInt(3)),
        new Unit(1 + random.nextInt(3), 2 + random.nextInt(4)),
        new Store(1 + random.nextInt(2)),
        new Matrix(1 + random.nextInt(2), 1 + random.nextInt(5), rows, cols, depth),
        new Unit(1 + random.nextInt(2), 1 + random.nextInt(4)),
        new Special(random.nextInt(2), 1 + random.nextInt(4), 1 << random.nextInt(3)),
        new Unit(random.nextInt(3), 1 + random.nextInt(3)));
  }

  /** Codes of an operand's row: words that are a part of a vector, fill one or two. */
  private static int row(RandomGenerator random, int width, int word) {
    int parts = Integer.numberOfTrailingZeros(width / word);
    return random.nextInt(6) == 0 ? 2 * width : word << random.nextInt(parts + 1);
  }
}
