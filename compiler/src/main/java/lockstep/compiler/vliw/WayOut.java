// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.network.Output;
import lockstep.compiler.vliw.Operation.Access;
import lockstep.compiler.vliw.Operation.Use;
import lockstep.compiler.vliw.Register.File;
import lockstep.isa.vliw.SlotKind;
import org.jspecify.annotations.Nullable;

/**
 * The operations from sums to codes, as {@link lockstep.isa.FixedPoint#postProcess} has them: one
 * where there is neither residual nor slope nor second shift, else lane by lane.
 */
final class WayOut {
  private static final int NO_LEAK = 1 << 15;
  private static final int LEAK_SHIFT = 15;
  private static final int FIRST_ID = 500;

  private final Output out;
  private final int zero;
  private final int residualZero;
  private final Map<Register, Long> constants = new LinkedHashMap<>();
  private final @Nullable Register multiplier;
  private final @Nullable Register residualCode;
  private final @Nullable Register nothing;
  private final @Nullable Register leak;
  private final @Nullable Register shift;

  /**
   * @param zero added at the end
   */
  WayOut(Output out, int zero) {
    this.out = out;
    this.zero = zero;
    residualZero = out.residual() == null ? 0 : out.residual().zeroPoint();
    multiplier = out.residual() == null ? null : constant(out.residualMultiplier());
    residualCode = residualZero == 0 ? null : constant(residualZero);
    nothing = out.leak() == NO_LEAK ? null : constant(0);
    leak = out.leak() == NO_LEAK || out.leak() == 0 ? null : pair(out.leak(), LEAK_SHIFT);
    shift = out.outShift() == 0 ? null : pair(1, out.outShift());
  }

  private Register constant(long value) {
    Register register = new Register(File.VECTOR, FIRST_ID + constants.size(), 1);
    constants.put(register, value);
    return register;
  }

  /** Two registers; the value has the second's number above the first's. */
  private Register pair(long first, long second) {
    Register register = new Register(File.VECTOR, FIRST_ID + constants.size(), 2);
    constants.put(register, second << Integer.SIZE | first);
    return register;
  }

  boolean direct() {
    return constants.isEmpty();
  }

  /** Numbers for the registers of constants, from the end of the file. */
  Map<Register, Integer> fixed(int end) {
    Map<Register, Integer> fixed = new LinkedHashMap<>();
    int at = end;
    for (Register register : constants.keySet()) {
      at -= register.size();
      fixed.put(register, at);
    }
    return fixed;
  }

  /** Operations that write the constants. */
  List<Operation> splats(Map<Register, Integer> fixed) {
    List<Operation> splats = new ArrayList<>();
    constants.forEach(
        (register, value) -> {
          long number = fixed.getOrDefault(register, -1);
          splats.add(splat(number, (int) (long) value));
          if (register.size() == 2) {
            splats.add(splat(number + 1, (int) (value >> Integer.SIZE)));
          }
        });
    return splats;
  }

  static Operation splat(long number, long value) {
    return new Operation(SlotKind.VECTOR, "splat", Map.of("to", number, "value", value), List.of());
  }

  /** Vector operations for each vector of sums. */
  int operations() {
    if (direct()) {
      return 1;
    }
    int operations = 4;
    operations += multiplier == null ? 0 : 3;
    operations += residualCode == null ? 0 : 1;
    operations += nothing == null ? 0 : leak == null ? 1 : 4;
    operations += shift == null ? 0 : 1;
    return operations;
  }

  /**
   * Codes of a quarter from a vector of sums.
   *
   * @param sums accumulator register
   * @param part of it
   * @param parameters three registers: biases, multipliers, shifts
   * @param residual codes of the residual, those of the same quarter
   */
  void codes(
      Body body,
      Register to,
      int quarter,
      Register sums,
      int part,
      Register parameters,
      @Nullable Register residual) {
    if (direct()) {
      body.add(
          new Operation(
              SlotKind.VECTOR,
              "requantise",
              Map.of(
                  "quarter",
                  (long) quarter,
                  "part",
                  (long) part,
                  "zero",
                  (long) zero,
                  "min",
                  (long) out.min(),
                  "max",
                  (long) out.max()),
              List.of(
                  Access.of("from", sums, Use.READ),
                  Access.of("parameters", parameters, Use.READ),
                  Access.of("to", to, Use.PART))));
      return;
    }
    Register x = body.vector(1);
    body.add(
        new Operation(
            SlotKind.VECTOR,
            "sums",
            Map.of("part", (long) part),
            List.of(Access.of("from", sums, Use.READ), Access.of("to", x, Use.WRITE))));
    x = body.lanes("add", x, parameters);
    x = body.scale(x, parameters, 1);
    if (multiplier != null && residual != null) {
      Register r = body.widen(residual, 0, quarter);
      if (residualCode != null) {
        r = body.lanes("sub", r, residualCode);
      }
      x = body.lanes("add", x, body.lanes("mul", r, multiplier));
    }
    if (nothing != null) {
      Register positive = body.lanes("max", x, nothing);
      x =
          leak == null
              ? positive
              : body.lanes("add", positive, body.scale(body.lanes("min", x, nothing), leak, 0));
    }
    if (shift != null) {
      x = body.scale(x, shift, 0);
    }
    body.narrow(to, quarter, x, zero, out.min(), out.max());
  }
}
