// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.ArrayDeque;
import java.util.Deque;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.sim.vliw.ValueOperation.Fill;
import lockstep.sim.vliw.ValueOperation.Lookup;
import lockstep.sim.vliw.ValueOperation.Shuffle;

/** What special and permute slots compute, code by code: functions by table, and order. */
final class CodeUnits {
  private static final int ENTRIES = 256;

  private record Filling(long arrival, int entry, byte[] codes) {}

  private final VectorRegisters vectors;
  private final int width;
  private final byte[] tables;
  private final Deque<Filling> fillings = new ArrayDeque<>();

  CodeUnits(VliwArchitecture machine, VectorRegisters vectors) {
    this.vectors = vectors;
    width = machine.registers().vector().widthBytes();
    tables = new byte[machine.slots().special().tables() * ENTRIES];
  }

  /** Begins step {@code now}: entries of tables arrive. */
  void begin(long now) {
    while (!fillings.isEmpty() && fillings.peek().arrival() <= now) {
      Filling filling = fillings.remove();
      System.arraycopy(filling.codes(), 0, tables, filling.entry(), width);
    }
  }

  void fill(Fill f, long arrival) {
    byte[] codes = new byte[width];
    System.arraycopy(vectors.values(), vectors.offset(f.from(), 0), codes, 0, width);
    fillings.add(new Filling(arrival, f.table() * ENTRIES + f.part() * width, codes));
  }

  void lookup(Lookup l, long arrival) {
    int to = vectors.result(l.to(), arrival);
    int from = vectors.offset(l.from(), 0);
    int table = l.table() * ENTRIES - Byte.MIN_VALUE;
    for (int i = 0; i < width; i++) {
      vectors.results()[to + i] = tables[table + vectors.values()[from + i]];
    }
  }

  void shuffle(Shuffle s, long arrival) {
    int to = vectors.result(s.to(), arrival);
    int from = vectors.offset(s.from(), 0);
    int order = vectors.offset(s.order(), 0);
    for (int i = 0; i < width; i++) {
      int place = vectors.values()[order + i] & width - 1;
      vectors.results()[to + i] = vectors.values()[from + place];
    }
  }
}
