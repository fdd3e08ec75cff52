// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.vliw;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.Symbol;

/** The numbers that the instruction-set package of a VLIW machine gives besides its encoding. */
public final class VliwSymbols {
  private VliwSymbols() {}

  /** The sizes a code generator needs. */
  public static List<Symbol> parameters(VliwArchitecture a) {
    var registers = a.registers();
    var matrix = a.slots().matrix();
    List<Symbol> symbols = new ArrayList<>();
    symbols.add(new Symbol("scalar_registers", registers.scalar().count(), "32 bits each"));
    symbols.add(new Symbol("vector_registers", registers.vector().count(), "of codes or sums"));
    symbols.add(new Symbol("vector_bytes", registers.vector().widthBytes(), "codes of a vector"));
    symbols.add(
        new Symbol("accumulator_registers", registers.accumulator().count(), "rows x cols sums"));
    symbols.add(new Symbol("matrix_rows", matrix.rows(), "rows of a product"));
    symbols.add(new Symbol("matrix_cols", matrix.cols(), "columns of a product"));
    symbols.add(new Symbol("matrix_depth", matrix.depth(), "products of a sum"));
    symbols.add(new Symbol("local_bytes", a.localMemory().capacityBytes(), "local memory"));
    symbols.add(new Symbol("local_banks", a.localMemory().banks(), "banks of local memory"));
    symbols.add(new Symbol("local_word_bytes", a.localMemory().widthBytes(), "bytes of a word"));
    symbols.add(new Symbol("instruction_memory", a.instructionMemory(), "bundles"));
    symbols.add(new Symbol("loop_depth", a.loopDepth(), "loops open at a time"));
    symbols.add(new Symbol("program_alignment", 4096, "the program's base is a multiple of this"));
    for (SlotKind kind : SlotKind.values()) {
      if (kind.count(a) > 0) {
        symbols.add(
            new Symbol("latency_" + kind.word(), kind.latency(a), "steps until a result is seen"));
      }
    }
    for (TransferField field : TransferField.values()) {
      symbols.add(new Symbol("transfer_" + field.word(), field.ordinal(), field.meaning()));
    }
    return List.copyOf(symbols);
  }
}
