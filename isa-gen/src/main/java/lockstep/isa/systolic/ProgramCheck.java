// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.systolic;

import java.util.List;
import java.util.Optional;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.systolic.SystolicInstruction.Execute;
import lockstep.isa.systolic.SystolicInstruction.Halt;
import lockstep.isa.systolic.SystolicInstruction.Load;
import lockstep.isa.systolic.SystolicInstruction.Store;

/**
 * The rules of {@code docs/timing-contracts.md} that a program must keep and that one instruction
 * alone can break: counts of at least one, rows that exist, pieces in order, runs that are read to
 * their end, a window with a counting tap. What two instructions break together (a bank read twice
 * in a cycle, a token that never comes) the hardware's fault bit and the simulator tell.
 */
public final class ProgramCheck {
  private static final long AT_HAND_BEFORE = 2;

  private final SystolicArchitecture arch;

  private ProgramCheck(SystolicArchitecture arch) {
    this.arch = arch;
  }

  /** The first broken rule, as {@code instruction 3 (load): ...}; empty if there is none. */
  public static Optional<String> firstFault(
      SystolicArchitecture arch, List<SystolicInstruction> program) {
    ProgramCheck check = new ProgramCheck(arch);
    for (int i = 0; i < program.size(); i++) {
      SystolicInstruction instruction = program.get(i);
      String fault =
          switch (instruction) {
            case Load load -> check.load(load);
            case Execute execute -> check.execute(execute);
            case Store store -> check.store(store);
            case Halt halt ->
                i == program.size() - 1 ? "" : "instructions follow it and would never run";
          };
      if (!fault.isEmpty()) {
        return Optional.of("instruction %d (%s): %s".formatted(i, instruction.mnemonic(), fault));
      }
    }
    return program.isEmpty() || !(program.getLast() instanceof Halt)
        ? Optional.of("the program does not end with halt")
        : Optional.empty();
  }

  private String load(Load d) {
    if (d.lines() < 1 || d.windows() < 1 || d.copies() < 1 || d.bytes() < 1) {
      return "lines, windows, copies and bytes must be at least 1";
    }
    if (d.copies() > d.lines()) {
      return "it has " + d.copies() + " copies of " + d.lines() + " lines";
    }
    int rowBytes = arch.array().rows();
    boolean ends = d.rowEndStep() != 0;
    if (ends && (d.parameters() || d.lane() >= rowBytes || d.laneCopyStep() >= rowBytes)) {
      return "rows that end take scratchpad rows, lane and lane_copy_step below " + rowBytes;
    }
    int rows =
        d.parameters() ? arch.postProcessing().parameterRows() : arch.scratchpad().totalRows();
    int width = d.parameters() ? 8 * arch.array().cols() : arch.scratchpad().widthBytes();
    long lastByte = d.lane() + (d.copies() - 1L) * d.laneCopyStep() + d.bytes() - 1;
    long last =
        d.row()
            + (long) (d.lines() - d.copies()) * d.rowLineStride()
            + (long) (d.windows() - 1) * d.rowStep()
            + (long) (d.copies() - 1) * d.rowCopyStep()
            + (ends ? lastByte / rowBytes * d.rowEndStep() : 0);
    if (last >= rows) {
      return "it writes row " + last + " of " + rows;
    }
    if (!ends && lastByte >= width) {
      return "it writes byte " + lastByte + " of rows of " + width;
    }
    return d.firstLine() < Math.min(d.lastLine(), d.lines()) && d.firstByte() < d.lastByte()
        ? run(d)
        : "";
  }

  private String run(Load d) {
    if (!d.diagonal() && !ordered(d)) {
      return "a piece begins more than two beats before one before it";
    }
    long x = d.diagonal() ? d.lastByte() - 1L - d.firstByte() : lastWindowBefore(d);
    return x < d.windows()
            && x * d.step() < d.lastByte()
            && d.lastByte() <= x * d.step() + d.bytes()
        ? ""
        : "no piece holds byte " + (d.lastByte() - 1) + " of the line";
  }

  /** The last window that begins before the end of the run. */
  private static long lastWindowBefore(Load d) {
    return d.step() == 0
        ? d.windows() - 1
        : Math.min(d.windows() - 1, (d.lastByte() - 1L) / d.step());
  }

  private boolean ordered(Load d) {
    long back = 0;
    for (int h = 0; h < d.copies(); h++) {
      back = Math.max(back, lastPiece(d, h));
    }
    long again = d.copies() > 1 ? back : d.windows() > 1 ? back - d.step() : 0;
    return again <= AT_HAND_BEFORE * arch.dma().widthBytes();
  }

  /** Where in the window the last piece of copy {@code h} begins. */
  private int lastPiece(Load d, int h) {
    int rowBytes = arch.array().rows();
    int at = 0;
    while (true) {
      int bytes = Math.min(arch.dma().widthBytes(), d.bytes() - at);
      if (d.rowEndStep() != 0) {
        long lane = d.lane() + (long) h * d.laneCopyStep() + at;
        bytes = Math.min(bytes, rowBytes - (int) (lane % rowBytes));
      }
      if (at + bytes == d.bytes()) {
        return at;
      }
      at += bytes;
    }
  }

  private String execute(Execute d) {
    if (d.nY() < 1 || d.nX() < 1 || d.nC() < 1 || d.nFy() < 1 || d.nFx() < 1) {
      return "its counts must be at least 1";
    }
    if (d.kRows() < 1 || d.kRows() > arch.array().rows()) {
      return "k_rows " + d.kRows() + " is outside 1 to " + arch.array().rows();
    }
    if (d.outputStationary() && (d.hold() || d.pixels() > arch.array().rows())) {
      return "output-stationary needs hold = 0 and at most " + arch.array().rows() + " pixels";
    }
    boolean has =
        arch.array()
            .dataflows()
            .contains(
                d.outputStationary()
                    ? SystolicArchitecture.Dataflow.OS
                    : SystolicArchitecture.Dataflow.WS);
    if (!has) {
      return "the array does not have its dataflow";
    }
    long a =
        d.aRow()
            + (long) (d.nC() - 1) * d.aStrideC()
            + (long) (d.nFy() - 1) * d.aStrideFy()
            + (long) (d.nFx() - 1) * d.aStrideFx()
            + (long) (d.nY() - 1) * d.aStrideY()
            + (long) (d.nX() - 1) * d.aStrideX();
    long w = d.wRow() + (long) (d.hold() ? 1 : d.taps()) * d.kRows() - 1;
    int rows = arch.scratchpad().totalRows();
    if (a >= rows || w >= rows) {
      return "it reads scratchpad row " + Math.max(a, w) + " of " + rows;
    }
    long acc = d.accRow() + (long) d.pixels() - 1;
    return acc < arch.accumulator().totalRows()
        ? ""
        : "it writes accumulator row " + acc + " of " + arch.accumulator().totalRows();
  }

  private String store(Store d) {
    if (d.nY() < 1 || d.nX() < 1 || d.poolH() < 1 || d.poolW() < 1 || d.channels() < 1) {
      return "its counts must be at least 1";
    }
    if (d.channels() > arch.array().cols()) {
      return "it stores " + d.channels() + " of " + arch.array().cols() + " columns";
    }
    if (!counts(d.nY(), d.poolH(), d.strideY(), d.padY(), d.tileH())
        || !counts(d.nX(), d.poolW(), d.strideX(), d.padX(), d.tileW())) {
      return "a pooling window lies wholly outside the tile";
    }
    long acc = d.accRow() + (long) d.tileH() * d.tileW() - 1;
    if (acc >= arch.accumulator().totalRows()) {
      return "it reads accumulator row " + acc + " of " + arch.accumulator().totalRows();
    }
    if (d.parameterRow() >= arch.postProcessing().parameterRows()) {
      return "it reads parameter row " + d.parameterRow();
    }
    int rows = arch.scratchpad().totalRows();
    long residual = d.residualRow() + (long) d.nY() * d.nX() + (d.nY() - 1L) * d.residualSkip() - 1;
    if (d.residual() && residual >= rows) {
      return "it reads scratchpad row " + residual + " of " + rows;
    }
    return d.onChip() ? target(d, rows) : "";
  }

  private String target(Store d, int rows) {
    long last = d.row() + (d.nY() - 1L) * d.rowLineStride() + d.nX() - 1;
    if (last >= rows) {
      return "it writes scratchpad row " + last + " of " + rows;
    }
    int width = arch.scratchpad().widthBytes();
    return d.lane() + d.channels() > width
        ? "it writes byte " + (d.lane() + d.channels() - 1) + " of rows of " + width
        : "";
  }

  private static boolean counts(int outputs, int pool, int stride, int pad, int tile) {
    for (int o = 0; o < outputs; o++) {
      int from = o * stride - pad;
      if (from >= tile || from + pool <= 0) {
        return false;
      }
    }
    return true;
  }
}
