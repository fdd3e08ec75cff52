// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import lockstep.arch.vliw.VliwArchitecture;
import lockstep.sim.vliw.Bundle.Scalar;

/** The scalar registers and the results on their way to them. */
final class ScalarRegisters {
  /** More than the longest latency, a power of two. */
  private static final int STEPS = 8;

  private final int[] values;
  private final int latency;
  private final int most;
  private final int[] pending = new int[STEPS];
  private final int[] registers;
  private final int[] results;

  ScalarRegisters(VliwArchitecture machine) {
    var slots = machine.slots();
    values = new int[machine.registers().scalar().count()];
    latency = slots.scalar().latency();
    most = slots.scalar().count() + slots.load().count() + slots.store().count();
    registers = new int[STEPS * most];
    results = new int[STEPS * most];
  }

  /** Begins step {@code now}: its results arrive. */
  void begin(long now) {
    int at = (int) now & STEPS - 1;
    int count = pending[at];
    for (int i = at * most; count > 0; i++, count--) {
      values[registers[i]] = results[i];
    }
    pending[at] = 0;
  }

  int get(int register) {
    return values[register];
  }

  /** What the operations of scalar slots compute in step {@code now}. */
  void compute(Scalar[] operations, long now) {
    for (Scalar operation : operations) {
      set(operation.to(), result(operation), now + latency);
    }
  }

  /** The register has the value from step {@code arrival} on. */
  void set(int register, int value, long arrival) {
    int at = (int) arrival & STEPS - 1;
    int i = at * most + pending[at]++;
    registers[i] = register;
    results[i] = value;
  }

  /** Numbers of a {@link #state}. */
  int stateSize() {
    return values.length + STEPS * most;
  }

  /** The registers and the results on their way before step {@code now}, the next one first. */
  void state(long now, int[] state) {
    System.arraycopy(values, 0, state, 0, values.length);
    for (int s = 0; s < STEPS; s++) {
      int from = ((int) now + s & STEPS - 1) * most;
      System.arraycopy(results, from, state, values.length + s * most, most);
    }
  }

  /** The register that each number of a {@link #state} is or will be in, -1 for none. */
  void places(long now, int[] places) {
    for (int r = 0; r < values.length; r++) {
      places[r] = r;
    }
    for (int s = 0; s < STEPS; s++) {
      int at = (int) now + s & STEPS - 1;
      for (int i = 0; i < most; i++) {
        places[values.length + s * most + i] = i < pending[at] ? registers[at * most + i] : -1;
      }
    }
  }

  /** Adds {@code change} so many times to the numbers of the state before step {@code now}. */
  void add(long now, int[] change, int times) {
    for (int r = 0; r < values.length; r++) {
      values[r] += change[r] * times;
    }
    for (int s = 0; s < STEPS; s++) {
      int at = ((int) now + s & STEPS - 1) * most;
      for (int i = 0; i < most; i++) {
        results[at + i] += change[values.length + s * most + i] * times;
      }
    }
  }

  private int result(Scalar operation) {
    return switch (operation) {
      case Scalar.Li(var to, var value) -> value;
      case Scalar.Add(var to, var a, var b) -> values[a] + values[b];
      case Scalar.AddI(var to, var a, var value) -> values[a] + value;
      case Scalar.Sub(var to, var a, var b) -> values[a] - values[b];
      case Scalar.Mul(var to, var a, var b) -> values[a] * values[b];
    };
  }
}
