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
