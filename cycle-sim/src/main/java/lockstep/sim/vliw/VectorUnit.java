// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static lockstep.arch.vliw.VliwArchitecture.WORD_BYTES;

import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.FixedPoint;
import lockstep.sim.vliw.ValueOperation.Greater;
import lockstep.sim.vliw.ValueOperation.Lanes;
import lockstep.sim.vliw.ValueOperation.Narrow;
import lockstep.sim.vliw.ValueOperation.Requantise;
import lockstep.sim.vliw.ValueOperation.Scale;
import lockstep.sim.vliw.ValueOperation.Select;
import lockstep.sim.vliw.ValueOperation.Splat;
import lockstep.sim.vliw.ValueOperation.Sums;
import lockstep.sim.vliw.ValueOperation.Widen;

/** What vector slots compute, on codes and on lanes. */
final class VectorUnit {
  private static final int MULTIPLIER = (1 << FixedPoint.MULTIPLIER_BITS) - 1;
  private static final int SHIFT = (1 << FixedPoint.SHIFT_BITS) - 1;
  private static final int NO_LEAK = 1 << 15;

  private final VectorRegisters vectors;
  private final MatrixUnit matrix;
  private final int lanes;
  private final byte[] values;
  private final byte[] results;

  VectorUnit(VliwArchitecture machine, VectorRegisters vectors, MatrixUnit matrix) {
    this.vectors = vectors;
    this.matrix = matrix;
    lanes = machine.lanes();
    values = vectors.values();
    results = vectors.results();
  }

  void requantise(Requantise r, long arrival) {
    int to = vectors.quarter(r.to(), r.quarter(), arrival);
    for (int i = 0; i < lanes; i++) {
      results[to + i] =
          FixedPoint.postProcess(
              matrix.sum(r.from(), r.part(), i),
              vectors.lane(r.parameters(), 0, i),
              vectors.lane(r.parameters(), 1, i) & MULTIPLIER,
              vectors.lane(r.parameters(), 2, i) & SHIFT,
              0,
              0,
              0,
              NO_LEAK,
              0,
              r.zero(),
              r.min(),
              r.max());
    }
  }

  void sums(Sums s, long arrival) {
    int to = vectors.result(s.to(), arrival);
    for (int i = 0; i < lanes; i++) {
      put(to, i, matrix.sum(s.from(), s.part(), i));
    }
  }

  void lanes(Lanes l, long arrival) {
    int to = vectors.result(l.to(), arrival);
    for (int i = 0; i < lanes; i++) {
      put(to, i, l.function().of(vectors.lane(l.a(), 0, i), vectors.lane(l.b(), 0, i)));
    }
  }

  void scale(Scale s, long arrival) {
    int to = vectors.result(s.to(), arrival);
    for (int i = 0; i < lanes; i++) {
      int multiplier = vectors.lane(s.scale(), 0, i) & MULTIPLIER;
      int shift = vectors.lane(s.scale(), 1, i) & SHIFT;
      put(to, i, FixedPoint.requantise(vectors.lane(s.from(), 0, i), multiplier, shift));
    }
  }

  void splat(Splat s, long arrival) {
    int to = vectors.result(s.to(), arrival);
    for (int i = 0; i < lanes; i++) {
      put(to, i, s.value());
    }
  }

  void widen(Widen w, long arrival) {
    int to = vectors.result(w.to(), arrival);
    int from = vectors.offset(w.from(), 0) + w.quarter() * lanes;
    for (int i = 0; i < lanes; i++) {
      put(to, i, values[from + i]);
    }
  }

  void narrow(Narrow n, long arrival) {
    int to = vectors.quarter(n.to(), n.quarter(), arrival);
    for (int i = 0; i < lanes; i++) {
      long sum = (long) vectors.lane(n.from(), 0, i) + n.zero();
      results[to + i] = (byte) Math.clamp(sum, n.min(), n.max());
    }
  }

  void greater(Greater g, long arrival) {
    int to = vectors.result(g.to(), arrival);
    int a = vectors.offset(g.a(), 0);
    int b = vectors.offset(g.b(), 0);
    for (int i = 0; i < lanes * WORD_BYTES; i++) {
      results[to + i] = (byte) Math.max(values[a + i], values[b + i]);
    }
  }

  void select(Select s, long arrival) {
    int to = vectors.result(s.to(), arrival);
    int a = vectors.offset(s.a(), 0);
    int b = vectors.offset(s.b(), 0);
    int mask = vectors.offset(s.mask(), 0);
    for (int i = 0; i < lanes * WORD_BYTES; i++) {
      results[to + i] = values[mask + i] != 0 ? values[a + i] : values[b + i];
    }
  }

  private void put(int to, int lane, int value) {
    VectorRegisters.INT.set(results, to + lane * WORD_BYTES, value);
  }
}
