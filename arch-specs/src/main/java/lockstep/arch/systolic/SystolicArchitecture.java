// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.systolic;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import lockstep.arch.Architecture;
import lockstep.arch.Dma;
import lockstep.arch.OffChipMemory;

/**
 * A systolic array with a banked scratchpad for activations, weights and residuals, a banked int32
 * accumulator memory, a post-processing pipeline on the way out, and decoupled fetch, load, execute
 * and store units.
 *
 * <p>Rows hold the reduction dimension in weight-stationary mode and output pixels in
 * output-stationary mode; columns hold output channels in both. All capacities are in bytes; a
 * memory's usable depth is rounded down to whole rows per bank.
 */
public record SystolicArchitecture(
    String name,
    Array array,
    Scratchpad scratchpad,
    Accumulator accumulator,
    PostProcessing postProcessing,
    Dma dma,
    Queues queues,
    OffChipMemory memory,
    double clockMhz,
    String technology)
    implements Architecture {

  /** Bits of what a cell multiplies. */
  public static final int OPERAND_BITS = 8;

  /** Which operand stays in the array. */
  public enum Dataflow {
    /** Weights stay, activations stream, partial sums move down. */
    WS,
    /** Outputs stay, activations and weights stream. */
    OS
  }

  /** {@code rows} and {@code cols} from 1 to 256; at least one dataflow. */
  public record Array(int rows, int cols, Set<Dataflow> dataflows) {
    public Array {
      dataflows = Collections.unmodifiableSet(EnumSet.copyOf(dataflows));
    }
  }

  /**
   * @param capacityBytes total over all banks
   * @param banks at least 3: activations, weights and residuals are read in the same cycle, each
   *     from banks of its own
   * @param widthBytes bytes of one row, at least the larger of rows and cols
   */
  public record Scratchpad(long capacityBytes, int banks, int widthBytes) {
    public int rowsPerBank() {
      return Math.toIntExact(capacityBytes / banks / widthBytes);
    }

    public int totalRows() {
      return rowsPerBank() * banks;
    }
  }

  /**
   * @param capacityBytes total over all banks
   * @param banks 1 or more; execute and store work on different banks at the same time
   * @param widthBytes bytes of one row, at least 4 x cols
   */
  public record Accumulator(long capacityBytes, int banks, int widthBytes) {
    public int rowsPerBank() {
      return Math.toIntExact(capacityBytes / banks / widthBytes);
    }

    public int totalRows() {
      return rowsPerBank() * banks;
    }
  }

  /**
   * @param lanes output elements requantised per cycle
   * @param parameterRows rows of the parameter memory; one row holds bias, multiplier and shift of
   *     one block of {@code cols} output channels
   */
  public record PostProcessing(int lanes, int parameterRows) {}

  /**
   * @param unitDepth entries of the queue before each of load, execute and store
   * @param fetchDepth entries of the fetch buffer, of 16 bytes or a quarter of the port; a multiple
   *     of 4, at least 8
   */
  public record Queues(int unitDepth, int fetchDepth) {}
}
