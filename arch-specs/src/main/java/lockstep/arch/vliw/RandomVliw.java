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
  private RandomVliw() {}

  /** A machine whose vectors have at most 32 codes. */
  public static VliwArchitecture draw(RandomGenerator random, String name) {
    int width = 8 << random.nextInt(3);
    int word = Math.min(width, 4 << random.nextInt(3));
    int lanes = width / VliwArchitecture.WORD_BYTES;
    int depth = width >> random.nextInt(3);
    int rows = width / depth * (1 + random.nextInt(2));
    int cols = width / depth * (1 + random.nextInt(2));
    while (rows * cols % lanes != 0) {
      cols *= 2;
    }
    Slots slots =
        new Slots(
            new Unit(1 + random.nextInt(3), 1 + random.nextInt(3)),
            new Unit(1 + random.nextInt(3), 2 + random.nextInt(4)),
            new Store(1 + random.nextInt(2)),
            new Matrix(1 + random.nextInt(2), 1 + random.nextInt(5), rows, cols, depth),
            new Unit(1 + random.nextInt(2), 1 + random.nextInt(4)),
            new Special(random.nextInt(2), 1 + random.nextInt(4), 1 << random.nextInt(3)),
            new Unit(random.nextInt(3), 1 + random.nextInt(3)));
    int operands = (rows + cols) * depth / width;
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
                Math.max(12, operands) + random.nextInt(9), width, vector.read(), vector.write()),
            new AccumulatorFile(2 + random.nextInt(4), accumulator.read(), accumulator.write())),
        new LocalMemory(
            (long) banks * word * Math.max(4, 4096 / banks / word),
            banks,
            word,
            1 + random.nextInt(2)),
        32 + random.nextInt(64),
        8 + 4 * random.nextInt(8),
        2 + random.nextInt(3),
        1 + random.nextInt(4),
        new Dma(port, 1 + random.nextInt(8), beats),
        new OffChipMemory("unit", latency, 1 + random.nextInt(2 * port), 1L << 28),
        1000,
        "unit");
  }
}
