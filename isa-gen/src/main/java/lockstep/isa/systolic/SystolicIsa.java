// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.systolic;

import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.Format;
import lockstep.isa.InstructionSet;
import lockstep.isa.InstructionStream;

/**
 * The instruction set of a systolic machine, derived from its spec: four instructions, address
 * fields as wide as the memories need. What the fields do, to the cycle, is in {@code
 * docs/timing-contracts.md}.
 */
public final class SystolicIsa {
  public static final int OPCODE_BITS = 2;
  public static final int HALT = 0;
  public static final int LOAD = 1;
  public static final int EXECUTE = 2;
  public static final int STORE = 3;

  /** Entries of the fetch buffer that are asked for together. */
  public static final int GROUP_ENTRIES = 4;

  /** Bits of a count of tokens to wait for. */
  public static final int WAIT_BITS = 3;

  private static final int ENTRY_BYTES = 16;

  private SystolicIsa() {}

  /** Bits of a scratchpad row address. */
  public static int scratchpadBits(SystolicArchitecture a) {
    return addressBits(a.scratchpad().totalRows());
  }

  /** Bits of an accumulator row address. */
  public static int accumulatorBits(SystolicArchitecture a) {
    return addressBits(a.accumulator().totalRows());
  }

  /** Bits of a parameter row address. */
  public static int parameterBits(SystolicArchitecture a) {
    return addressBits(a.postProcessing().parameterRows());
  }

  /** The instruction set of {@code a}. */
  public static InstructionSet of(SystolicArchitecture a) {
    int sp = scratchpadBits(a);
    int acc = accumulatorBits(a);
    int par = parameterBits(a);
    int target = Math.max(sp, par);
    int lane = Math.max(1, 32 - Integer.numberOfLeadingZeros(a.scratchpad().widthBytes() - 1));

    Layout load = new Layout();
    tokens(load, "execute", "store");
    load.add(0, "dram_address", 32, "byte address of offset 0 of line 0")
        .add(1, "parameters", 1, "1: into the parameter memory, 0: into the scratchpad")
        .add(1, "row", target, "first target row")
        .add(1, "lane", lane, "byte of the row at which a window begins")
        .add(2, "lines", 16, "lines, at least 1")
        .addSigned(5, "line_stride", 32, "bytes from line to line")
        .add(6, "row_line_stride", target, "target rows from line to line of a copy")
        .add(2, "windows", 16, "windows of a line, at least 1")
        .add(4, "step", 16, "bytes from window to window")
        .add(6, "row_step", target, "target rows from window to window")
        .add(8, "copies", 8, "times that a window is written, at least 1")
        .add(9, "row_copy_step", target, "target rows from copy to copy")
        .add(4, "bytes", 12, "bytes of a window, at least 1")
        .add(7, "first_line", 16, "first line that is real")
        .add(7, "last_line", 16, "line after the last real one")
        .add(8, "first_byte", 24, "first real byte offset of a line")
        .add(3, "last_byte", 24, "byte offset after the last real one")
        .addSigned(3, "pad", 8, "value of bytes that are not real")
        .add(1, "diagonal", 1, "1: of window x only the byte at offset first_byte + x is real")
        .add(9, "lane_copy_step", lane, "bytes of the row from copy to copy")
        .add(9, "row_end_step", target, "target rows from a row's end on; 0: none ends");

    Layout execute = new Layout();
    tokens(execute, "load", "store");
    execute
        .add(1, "output_stationary", 1, "1: output-stationary, 0: weight-stationary")
        .add(1, "accumulate", 1, "1: tap 0 adds to the accumulator, 0: it overwrites")
        .add(1, "hold", 1, "1: all taps use the weights of tap 0")
        .add(0, "a_row", sp, "scratchpad row of the first activation")
        .add(0, "w_row", sp, "scratchpad row of the first weight")
        .add(1, "acc_row", acc, "accumulator row of the first pixel")
        .add(1, "k_rows", bits(a.array().rows()), "reduction lanes in use, 1 to rows")
        .add(2, "n_y", 16, "pixel lines")
        .add(2, "n_x", 16, "pixels of a line")
        .add(3, "a_stride_y", sp, "activation rows from pixel line to pixel line")
        .add(3, "a_stride_x", sp, "activation rows from pixel to pixel")
        .add(4, "n_c", 12, "taps: outermost count")
        .add(4, "n_fy", 8, "taps: middle count")
        .add(4, "n_fx", 8, "taps: innermost count")
        .add(5, "a_stride_c", sp, "activation rows for each outermost step")
        .add(5, "a_stride_fy", sp, "activation rows for each middle step")
        .add(6, "a_stride_fx", sp, "activation rows for each innermost step");

    Layout store = new Layout();
    tokens(store, "load", "execute");
    store
        .add(0, "dram_address", 32, "byte address of pixel 0")
        .addSigned(6, "line_stride", 32, "bytes from output line to output line")
        .add(1, "acc_row", acc, "accumulator row of the tile's first pixel")
        .add(1, "parameter_row", par, "row of bias, multiplier and shift")
        .add(3, "residual", 1, "1: add a residual")
        .add(3, "residual_row", sp, "scratchpad row of the first residual pixel")
        .add(4, "n_y", 16, "output lines")
        .add(4, "n_x", 16, "output pixels of a line")
        .add(7, "pool_h", 8, "pooling window height, 1 for none")
        .add(7, "pool_w", 8, "pooling window width, 1 for none")
        .add(7, "stride_y", 8, "pooling stride, lines")
        .add(7, "stride_x", 8, "pooling stride, pixels")
        .add(9, "pad_y", 8, "pooling padding before the first line")
        .add(9, "pad_x", 8, "pooling padding before the first pixel")
        .add(5, "tile_h", 16, "lines of the accumulator tile")
        .add(5, "tile_w", 16, "pixels of a line of the accumulator tile")
        .add(1, "channels", bits(a.array().cols()), "columns stored, 1 to cols")
        .addSigned(8, "zero", 8, "output zero point")
        .addSigned(8, "min", 8, "smallest output")
        .addSigned(8, "max", 8, "largest output")
        .addSigned(8, "residual_zero", 8, "residual zero point")
        .add(10, "residual_multiplier", 16, "residual scale in units of the intermediate result")
        .add(10, "leak", 16, "slope of the negative side in 2^-15; 32768 for none")
        .add(9, "out_shift", 4, "last rounding shift")
        .add(2, "on_chip", 1, "1: into the scratchpad, 0: to off-chip memory")
        .add(2, "row", sp, "scratchpad row of pixel 0")
        .add(11, "row_line_stride", sp, "scratchpad rows from output line to output line")
        .add(2, "lane", lane, "byte of the row at which a pixel begins")
        .add(11, "residual_skip", sp, "residual rows left out after each output line");

    List<Format> formats =
        List.of(
            new Layout().format("halt", HALT, "ends the program when all work is done"),
            load.format("load", LOAD, "off-chip memory to an on-chip memory"),
            execute.format("execute", EXECUTE, "multiplies in the array"),
            store.format(
                "store",
                STORE,
                "accumulator through post-processing to off-chip memory or the scratchpad"));
    int bits = formats.stream().mapToInt(Format::bits).max().orElseThrow();
    int words = Math.ceilDiv(bits, 8 * InstructionStream.WORD_BYTES);
    if (words - 1 > InstructionStream.MOST_WORDS) {
      throw new IllegalStateException(
          "an instruction of %s has %d words".formatted(a.name(), words));
    }
    int bytes = Integer.highestOneBit(words * InstructionStream.WORD_BYTES * 2 - 1);
    return new InstructionSet(a.name(), OPCODE_BITS, bytes, formats);
  }

  /**
   * Bytes of one entry of the fetch buffer. Instructions are fetched in groups of {@value
   * #GROUP_ENTRIES} entries, at least a beat of the port.
   */
  public static int entryBytes(SystolicArchitecture a) {
    return Math.max(ENTRY_BYTES, a.dma().widthBytes() / GROUP_ENTRIES);
  }

  /** Bytes of a group, to a multiple of which programs are padded. */
  public static int groupBytes(SystolicArchitecture a) {
    return GROUP_ENTRIES * entryBytes(a);
  }

  private static void tokens(Layout layout, String first, String second) {
    layout
        .header("wait_" + first, WAIT_BITS, "tokens of " + first + " taken before it starts")
        .header("wait_" + second, WAIT_BITS, "tokens of " + second + " taken before it starts")
        .header("signal_" + first, 1, "1: a token to " + first + " when it retires")
        .header("signal_" + second, 1, "1: a token to " + second + " when it retires");
  }

  private static int addressBits(int count) {
    return bits(Math.max(1, count - 1));
  }

  private static int bits(int largest) {
    return 32 - Integer.numberOfLeadingZeros(largest);
  }
}
