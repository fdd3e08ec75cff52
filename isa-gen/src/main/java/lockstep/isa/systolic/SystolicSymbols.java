// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.systolic;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.Symbol;

/**
 * The numbers that the instruction-set package of a systolic machine gives besides its encoding.
 */
public final class SystolicSymbols {
  private SystolicSymbols() {}

  /** The sizes a driver or a code generator needs. */
  public static List<Symbol> parameters(SystolicArchitecture a) {
    return List.of(
        new Symbol("array_rows", a.array().rows(), "rows of the array"),
        new Symbol("array_cols", a.array().cols(), "columns of the array"),
        new Symbol("scratchpad_banks", a.scratchpad().banks(), "banks of the scratchpad"),
        new Symbol(
            "scratchpad_rows_per_bank", a.scratchpad().rowsPerBank(), "rows of a scratchpad bank"),
        new Symbol(
            "scratchpad_width_bytes", a.scratchpad().widthBytes(), "bytes of a scratchpad row"),
        new Symbol("accumulator_banks", a.accumulator().banks(), "banks of the accumulator"),
        new Symbol(
            "accumulator_rows_per_bank",
            a.accumulator().rowsPerBank(),
            "rows of an accumulator bank"),
        new Symbol("parameter_rows", a.postProcessing().parameterRows(), "rows of parameters"),
        new Symbol("lanes", a.postProcessing().lanes(), "elements post-processed a cycle"),
        new Symbol("dma_width_bytes", a.dma().widthBytes(), "bytes of a beat"),
        new Symbol("program_alignment", 4096, "the program's base is a multiple of this"));
  }

  /** Index of every counter. */
  public static List<Symbol> counters() {
    List<Symbol> symbols = new ArrayList<>();
    for (SystolicCounter c : SystolicCounter.values()) {
      symbols.add(new Symbol(c.key(), c.ordinal(), c.meaning()));
    }
    return List.copyOf(symbols);
  }
}
