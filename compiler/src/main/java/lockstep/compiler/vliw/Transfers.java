// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.EnumMap;
import java.util.Map;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.TransferField;

/** The bundles of a program and its transfers, whose fields are set where they change. */
final class Transfers {
  /** Directions of transfers. */
  enum Direction {
    IN,
    OUT,
    CONSTANT
  }

  /**
   * Runs of bytes in loops around each other, the inner first.
   *
   * @param counts of the loops, three
   * @param memorySteps bytes off chip, three
   * @param localSteps bytes in local memory, three
   */
  record Shape(
      long memory, long local, long bytes, int[] counts, long[] memorySteps, long[] localSteps) {}

  private static final TransferField[] COUNTS = {
    TransferField.COUNT1, TransferField.COUNT2, TransferField.COUNT3
  };
  private static final TransferField[] MEMORY_STEPS = {
    TransferField.MEMORY_STEP1, TransferField.MEMORY_STEP2, TransferField.MEMORY_STEP3
  };
  private static final TransferField[] LOCAL_STEPS = {
    TransferField.LOCAL_STEP1, TransferField.LOCAL_STEP2, TransferField.LOCAL_STEP3
  };

  private final BundleCode code;
  private final int depth;
  private final Map<TransferField, Long> fields = new EnumMap<>(TransferField.class);
  private final int[] started = new int[2];
  private final int[] finished = new int[2];

  Transfers(VliwArchitecture machine, BundleCode code) {
    this.code = code;
    depth = machine.transferDepth();
  }

  /** Starts a transfer from or to memory; returns its number among those in or out, from 1. */
  int start(Direction direction, Shape shape) {
    set(TransferField.MEMORY, shape.memory());
    return run(direction, shape);
  }

  /** Starts a transfer of a code to local memory; returns its number among those in. */
  int fill(int value, Shape shape) {
    set(TransferField.CONSTANT, value);
    return run(Direction.CONSTANT, shape);
  }

  private int run(Direction direction, Shape shape) {
    set(TransferField.LOCAL, shape.local());
    set(TransferField.BYTES, shape.bytes());
    for (int i = 0; i < COUNTS.length; i++) {
      set(COUNTS[i], shape.counts()[i]);
      if (shape.counts()[i] > 1) {
        if (direction != Direction.CONSTANT) {
          set(MEMORY_STEPS[i], shape.memorySteps()[i]);
        }
        set(LOCAL_STEPS[i], shape.localSteps()[i]);
      }
    }
    code.append(SlotKind.DMA, "start", Map.of("direction", (long) direction.ordinal()));
    return ++started[side(direction)];
  }

  private void set(TransferField field, long value) {
    Long before = fields.put(field, value);
    if (before == null ? value != 0 : before != value) {
      code.append(SlotKind.DMA, "set", Map.of("field", (long) field.ordinal(), "value", value));
    }
  }

  /** How many have been started. */
  int started(Direction direction) {
    return started[side(direction)];
  }

  /** Stands still until a transfer, and those before it, are finished. */
  void await(Direction direction, int number) {
    int side = side(direction);
    if (number <= finished[side] || started[side] - number >= depth) {
      return;
    }
    finished[side] = number;
    code.append(
        SlotKind.DMA,
        "wait",
        Map.of("direction", (long) side, "most", (long) (started[side] - number)));
  }

  private static int side(Direction direction) {
    return direction == Direction.OUT ? 1 : 0;
  }
}
