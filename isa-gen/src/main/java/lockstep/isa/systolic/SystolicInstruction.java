// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.systolic;

import lockstep.isa.Format;
import lockstep.isa.InstructionSet;

/**
 * The instructions of a systolic machine as typed values. Component names and their order are those
 * of the fields in {@link SystolicIsa}; {@link #decode} and {@link #values} convert.
 */
public sealed interface SystolicInstruction {

  /** Field values in encoding order. */
  long[] values();

  String mnemonic();

  record Halt() implements SystolicInstruction {
    @Override
    public long[] values() {
      return new long[0];
    }

    @Override
    public String mnemonic() {
      return "halt";
    }
  }

  record Load(
      int waitExecute,
      int waitStore,
      boolean signalExecute,
      boolean signalStore,
      long dramAddress,
      boolean parameters,
      int row,
      int lane,
      int lines,
      int lineStride,
      int rowLineStride,
      int windows,
      int step,
      int rowStep,
      int copies,
      int rowCopyStep,
      int bytes,
      int firstLine,
      int lastLine,
      int firstByte,
      int lastByte,
      int pad,
      boolean diagonal,
      int laneCopyStep,
      int rowEndStep)
      implements SystolicInstruction {
    @Override
    public long[] values() {
      return new long[] {
        waitExecute,
        waitStore,
        bit(signalExecute),
        bit(signalStore),
        dramAddress,
        bit(parameters),
        row,
        lane,
        lines,
        lineStride,
        rowLineStride,
        windows,
        step,
        rowStep,
        copies,
        rowCopyStep,
        bytes,
        firstLine,
        lastLine,
        firstByte,
        lastByte,
        pad,
        bit(diagonal),
        laneCopyStep,
        rowEndStep
      };
    }

    @Override
    public String mnemonic() {
      return "load";
    }
  }

  record Execute(
      int waitLoad,
      int waitStore,
      boolean signalLoad,
      boolean signalStore,
      boolean outputStationary,
      boolean accumulate,
      boolean hold,
      int aRow,
      int wRow,
      int accRow,
      int kRows,
      int nY,
      int nX,
      int aStrideY,
      int aStrideX,
      int nC,
      int nFy,
      int nFx,
      int aStrideC,
      int aStrideFy,
      int aStrideFx)
      implements SystolicInstruction {
    public int taps() {
      return nC * nFy * nFx;
    }

    public int pixels() {
      return nY * nX;
    }

    @Override
    public long[] values() {
      return new long[] {
        waitLoad,
        waitStore,
        bit(signalLoad),
        bit(signalStore),
        bit(outputStationary),
        bit(accumulate),
        bit(hold),
        aRow,
        wRow,
        accRow,
        kRows,
        nY,
        nX,
        aStrideY,
        aStrideX,
        nC,
        nFy,
        nFx,
        aStrideC,
        aStrideFy,
        aStrideFx
      };
    }

    @Override
    public String mnemonic() {
      return "execute";
    }
  }

  record Store(
      int waitLoad,
      int waitExecute,
      boolean signalLoad,
      boolean signalExecute,
      long dramAddress,
      int lineStride,
      int accRow,
      int parameterRow,
      boolean residual,
      int residualRow,
      int nY,
      int nX,
      int poolH,
      int poolW,
      int strideY,
      int strideX,
      int padY,
      int padX,
      int tileH,
      int tileW,
      int channels,
      int zero,
      int min,
      int max,
      int residualZero,
      int residualMultiplier,
      int leak,
      int outShift,
      boolean onChip,
      int row,
      int rowLineStride,
      int lane,
      int residualSkip)
      implements SystolicInstruction {
    @Override
    public long[] values() {
      return new long[] {
        waitLoad,
        waitExecute,
        bit(signalLoad),
        bit(signalExecute),
        dramAddress,
        lineStride,
        accRow,
        parameterRow,
        bit(residual),
        residualRow,
        nY,
        nX,
        poolH,
        poolW,
        strideY,
        strideX,
        padY,
        padX,
        tileH,
        tileW,
        channels,
        zero,
        min,
        max,
        residualZero,
        residualMultiplier,
        leak,
        outShift,
        bit(onChip),
        row,
        rowLineStride,
        lane,
        residualSkip
      };
    }

    @Override
    public String mnemonic() {
      return "store";
    }
  }

  /** Writes the instruction's word at {@code offset}. */
  default void encode(InstructionSet isa, byte[] target, int offset) {
    isa.encode(isa.format(mnemonic()), values(), target, offset);
  }

  /** Reads the instruction at {@code offset}. */
  static SystolicInstruction decode(InstructionSet isa, byte[] source, int offset) {
    InstructionSet.Decoded d = isa.decode(source, offset);
    return of(d.format(), d.values());
  }

  /** The typed instruction of field values in encoding order. */
  static SystolicInstruction of(Format format, long[] f) {
    return of(format.opcode(), f);
  }

  /** The same instruction with other tokens; the order is that of its first four fields. */
  default SystolicInstruction withTokens(int wait1, int wait2, boolean signal1, boolean signal2) {
    long[] f = values();
    if (f.length == 0) {
      return this;
    }
    f[0] = wait1;
    f[1] = wait2;
    f[2] = bit(signal1);
    f[3] = bit(signal2);
    return switch (this) {
      case Halt halt -> halt;
      case Load load -> of(SystolicIsa.LOAD, f);
      case Execute execute -> of(SystolicIsa.EXECUTE, f);
      case Store store -> of(SystolicIsa.STORE, f);
    };
  }

  private static SystolicInstruction of(int opcode, long[] f) {
    return switch (opcode) {
      case SystolicIsa.HALT -> new Halt();
      case SystolicIsa.LOAD ->
          new Load(
              (int) f[0],
              (int) f[1],
              f[2] != 0,
              f[3] != 0,
              f[4],
              f[5] != 0,
              (int) f[6],
              (int) f[7],
              (int) f[8],
              (int) f[9],
              (int) f[10],
              (int) f[11],
              (int) f[12],
              (int) f[13],
              (int) f[14],
              (int) f[15],
              (int) f[16],
              (int) f[17],
              (int) f[18],
              (int) f[19],
              (int) f[20],
              (int) f[21],
              f[22] != 0,
              (int) f[23],
              (int) f[24]);
      case SystolicIsa.EXECUTE ->
          new Execute(
              (int) f[0],
              (int) f[1],
              f[2] != 0,
              f[3] != 0,
              f[4] != 0,
              f[5] != 0,
              f[6] != 0,
              (int) f[7],
              (int) f[8],
              (int) f[9],
              (int) f[10],
              (int) f[11],
              (int) f[12],
              (int) f[13],
              (int) f[14],
              (int) f[15],
              (int) f[16],
              (int) f[17],
              (int) f[18],
              (int) f[19],
              (int) f[20]);
      case SystolicIsa.STORE ->
          new Store(
              (int) f[0],
              (int) f[1],
              f[2] != 0,
              f[3] != 0,
              f[4],
              (int) f[5],
              (int) f[6],
              (int) f[7],
              f[8] != 0,
              (int) f[9],
              (int) f[10],
              (int) f[11],
              (int) f[12],
              (int) f[13],
              (int) f[14],
              (int) f[15],
              (int) f[16],
              (int) f[17],
              (int) f[18],
              (int) f[19],
              (int) f[20],
              (int) f[21],
              (int) f[22],
              (int) f[23],
              (int) f[24],
              (int) f[25],
              (int) f[26],
              (int) f[27],
              f[28] != 0,
              (int) f[29],
              (int) f[30],
              (int) f[31],
              (int) f[32]);
      default -> throw new IllegalArgumentException("opcode " + opcode);
    };
  }

  private static long bit(boolean b) {
    return b ? 1 : 0;
  }
}
