// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.systolic;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.Field;
import lockstep.isa.Format;
import lockstep.isa.InstructionSet;

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
    load.add("dram_address", 32, "byte address of offset 0 of line 0")
        .add("parameters", 1, "1: into the parameter memory, 0: into the scratchpad")
        .add("row", target, "first target row")
        .add("lane", lane, "byte of the row at which a window begins")
        .add("lines", 16, "lines, at least 1")
        .addSigned("line_stride", 32, "bytes from line to line")
        .add("row_line_stride", target, "target rows from line to line")
        .add("windows", 16, "windows of a line, at least 1")
        .add("step", 16, "bytes from window to window")
        .add("row_step", target, "target rows from window to window")
        .add("chunks", 8, "chunks of a window, at least 1")
        .add("chunk_step", 16, "bytes from chunk to chunk")
        .add("row_chunk_step", target, "target rows from chunk to chunk")
        .add("bytes", 12, "bytes written for each chunk, at least 1")
        .add("first_line", 16, "first line that is real")
        .add("last_line", 16, "line after the last real one")
        .add("first_byte", 24, "first real byte offset of a line")
        .add("last_byte", 24, "byte offset after the last real one")
        .addSigned("pad", 8, "value of bytes that are not real")
        .add("diagonal", 1, "1: of window x only the byte at offset first_byte + x is real");

    Layout execute = new Layout();
    tokens(execute, "load", "store");
    execute
        .add("output_stationary", 1, "1: output-stationary, 0: weight-stationary")
        .add("accumulate", 1, "1: tap 0 adds to the accumulator, 0: it overwrites")
        .add("hold", 1, "1: all taps use the weights of tap 0")
        .add("a_row", sp, "scratchpad row of the first activation")
        .add("w_row", sp, "scratchpad row of the first weight")
        .add("acc_row", acc, "accumulator row of the first pixel")
        .add("k_rows", bits(a.array().rows()), "reduction lanes in use, 1 to rows")
        .add("n_y", 16, "pixel lines")
        .add("n_x", 16, "pixels of a line")
        .add("a_stride_y", sp, "activation rows from pixel line to pixel line")
        .add("a_stride_x", sp, "activation rows from pixel to pixel")
        .add("n_c", 12, "taps: outermost count")
        .add("n_fy", 8, "taps: middle count")
        .add("n_fx", 8, "taps: innermost count")
        .add("a_stride_c", sp, "activation rows for each outermost step")
        .add("a_stride_fy", sp, "activation rows for each middle step")
        .add("a_stride_fx", sp, "activation rows for each innermost step");

    Layout store = new Layout();
    tokens(store, "load", "execute");
    store
        .add("dram_address", 32, "byte address of pixel 0")
        .addSigned("line_stride", 32, "bytes from output line to output line")
        .add("acc_row", acc, "accumulator row of the tile's first pixel")
        .add("parameter_row", par, "row of bias, multiplier and shift")
        .add("residual", 1, "1: add a residual")
        .add("residual_row", sp, "scratchpad row of the first residual pixel")
        .add("n_y", 16, "output lines")
        .add("n_x", 16, "output pixels of a line")
        .add("pool_h", 8, "pooling window height, 1 for none")
        .add("pool_w", 8, "pooling window width, 1 for none")
        .add("stride_y", 8, "pooling stride, lines")
        .add("stride_x", 8, "pooling stride, pixels")
        .add("pad_y", 8, "pooling padding before the first line")
        .add("pad_x", 8, "pooling padding before the first pixel")
        .add("tile_h", 16, "lines of the accumulator tile")
        .add("tile_w", 16, "pixels of a line of the accumulator tile")
        .add("channels", bits(a.array().cols()), "columns stored, 1 to cols")
        .addSigned("zero", 8, "output zero point")
        .addSigned("min", 8, "smallest output")
        .addSigned("max", 8, "largest output")
        .addSigned("residual_zero", 8, "residual zero point")
        .add("residual_multiplier", 16, "residual scale in units of the intermediate result")
        .add("leak", 16, "slope of the negative side in 2^-15; 32768 for none")
        .add("out_shift", 4, "last rounding shift")
        .add("on_chip", 1, "1: into the scratchpad, 0: to off-chip memory")
        .add("row", sp, "scratchpad row of pixel 0")
        .add("row_line_stride", sp, "scratchpad rows from output line to output line")
        .add("lane", lane, "byte of the row at which a pixel begins")
        .add("residual_skip", sp, "residual rows left out after each output line");

    int widest = Math.max(load.next, Math.max(execute.next, store.next));
    int bytes = Math.max(8, Integer.highestOneBit((widest + 7) / 8 * 2 - 1));
    return new InstructionSet(
        a.name(),
        OPCODE_BITS,
        bytes,
        List.of(
            new Format("halt", HALT, List.of(), "ends the program when all work is done"),
            new Format(
                "load", LOAD, List.copyOf(load.fields), "off-chip memory to an on-chip memory"),
            new Format("execute", EXECUTE, List.copyOf(execute.fields), "multiplies in the array"),
            new Format(
                "store",
                STORE,
                List.copyOf(store.fields),
                "accumulator through post-processing to off-chip memory or the scratchpad")));
  }

  private static void tokens(Layout layout, String first, String second) {
    layout
        .add("wait_" + first, 8, "tokens of " + first + " taken before it starts")
        .add("wait_" + second, 8, "tokens of " + second + " taken before it starts")
        .add("signal_" + first, 1, "1: a token to " + first + " when it retires")
        .add("signal_" + second, 1, "1: a token to " + second + " when it retires");
  }

  private static int addressBits(int count) {
    return bits(Math.max(1, count - 1));
  }

  private static int bits(int largest) {
    return 32 - Integer.numberOfLeadingZeros(largest);
  }

  private static final class Layout {
    final List<Field> fields = new ArrayList<>();
    int next = OPCODE_BITS;

    Layout add(String name, int bits, String meaning) {
      fields.add(new Field(name, next, bits, false, meaning));
      next += bits;
      return this;
    }

    Layout addSigned(String name, int bits, String meaning) {
      fields.add(new Field(name, next, bits, true, meaning));
      next += bits;
      return this;
    }
  }
}
