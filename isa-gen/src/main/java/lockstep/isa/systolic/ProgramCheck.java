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
    if (d.lines() < 1 || d.windows() < 1 || d.chunks() < 1 || d.bytes() < 1) {
      return "lines, windows, chunks and bytes must be at least 1";
    }
    int rows =
        d.parameters() ? arch.postProcessing().parameterRows() : arch.scratchpad().totalRows();
    int width = d.parameters() ? 8 * arch.array().cols() : arch.scratchpad().widthBytes();
    long last =
        d.row()
            + (long) (d.lines() - 1) * d.rowLineStride()
            + (long) (d.windows() - 1) * d.rowStep()
            + (long) (d.chunks() - 1) * d.rowChunkStep();
    if (last >= rows) {
      return "it writes row " + last + " of " + rows;
    }
    if (d.lane() + d.bytes() > width) {
      return "it writes byte " + (d.lane() + d.bytes() - 1) + " of rows of " + width;
    }
    return d.firstLine() < Math.min(d.lastLine(), d.lines()) && d.firstByte() < d.lastByte()
        ? d.diagonal() ? diagonal(d) : pieces(d)
        : "";
  }

  /** Whether the byte at {@code last_byte - 1} is in a window that has it as its real one. */
  private static String diagonal(Load d) {
    long x = d.lastByte() - 1L - d.firstByte();
    boolean held = false;
    for (int h = 0; h < d.chunks(); h++) {
      long o = x * d.step() + (long) h * d.chunkStep();
      held |= o < d.lastByte() && d.lastByte() <= o + d.bytes();
    }
    return held && x < d.windows() ? "" : unread(d);
  }

  private String pieces(Load d) {
    int port = arch.dma().widthBytes();
    int lastPieceOfChunk = (d.bytes() - 1) / port * port;
    long chunkEnd = (long) (d.chunks() - 1) * d.chunkStep() + lastPieceOfChunk;
    boolean ordered =
        (d.chunks() == 1 || d.chunkStep() >= lastPieceOfChunk)
            && (d.windows() == 1 || d.step() >= chunkEnd);
    if (!ordered) {
      return "a piece begins before the piece before it";
    }
    long lastHeld = -1;
    for (int x = d.windows() - 1; x >= 0 && lastHeld < 0; x--) {
      for (int h = d.chunks() - 1; h >= 0 && lastHeld < 0; h--) {
        long o = (long) x * d.step() + (long) h * d.chunkStep();
        long end = Math.min(o + d.bytes(), d.lastByte());
        if (Math.max(o, d.firstByte()) < end) {
          lastHeld = end - 1;
        }
      }
    }
    return lastHeld == d.lastByte() - 1 ? "" : unread(d);
  }

  private static String unread(Load d) {
    return "its last piece does not hold byte " + (d.lastByte() - 1) + " of the line";
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
