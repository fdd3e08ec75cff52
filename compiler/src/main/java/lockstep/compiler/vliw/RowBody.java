// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lockstep.compiler.vliw.Operation.Access;
import lockstep.compiler.vliw.Operation.Use;
import lockstep.compiler.vliw.RowForm.Codes;
import lockstep.compiler.vliw.RowForm.Quarter;
import lockstep.isa.vliw.SlotKind;

/** Operations of code on rows. */
final class RowBody {
  private final Body body;
  private final RowForm form;
  private final RowConstants constants;
  private final Register constantsBase;
  private final Register parametersBase;
  private final boolean frugal;
  private final Map<Integer, Register> loaded = new HashMap<>();
  private final Map<List<Integer>, Register> parameters = new HashMap<>();

  /**
   * @param constantsBase holds the address of the constants
   * @param parametersBase holds the address of the parameters of the round's first quarter
   * @param frugal whether quarters take the same registers one after the other
   */
  RowBody(
      Body body,
      RowForm form,
      RowConstants constants,
      Register constantsBase,
      Register parametersBase,
      boolean frugal) {
    this.body = body;
    this.form = form;
    this.constants = constants;
    this.constantsBase = constantsBase;
    this.parametersBase = parametersBase;
    this.frugal = frugal;
  }

  Body body() {
    return body;
  }

  RowForm form() {
    return form;
  }

  /** What was computed before this turn, but for what is in registers of rows, is over. */
  void turn() {
    if (frugal) {
      body.turn();
    }
  }

  Register lanes(String mnemonic, Register a, Register b) {
    return body.lanes(mnemonic, a, b);
  }

  /** Lanes, or codes with {@code greater}, into a register that there is. */
  void into(Register to, String mnemonic, Register a, Register b) {
    body.add(
        new Operation(
            SlotKind.VECTOR,
            mnemonic,
            Map.of(),
            List.of(
                Access.of("a", a, Use.READ),
                Access.of("b", b, Use.READ),
                Access.of("to", to, Use.WRITE))));
  }

  /** Lanes into a half of a pair. */
  void half(Register pair, int half, String mnemonic, Register a, Register b) {
    body.add(
        new Operation(
            SlotKind.VECTOR,
            mnemonic,
            Map.of(),
            List.of(
                Access.of("a", a, Use.READ),
                Access.of("b", b, Use.READ),
                new Access("to", pair, half, 1, Use.PART))));
  }

  /** One number in all lanes. */
  Register number(int value) {
    Register to = body.vector(1);
    set(to, value);
    return to;
  }

  void set(Register to, int value) {
    splat(Access.of("to", to, Use.WRITE), value);
  }

  void setHalf(Register pair, int half, int value) {
    splat(new Access("to", pair, half, 1, Use.PART), value);
  }

  private void splat(Access to, int value) {
    body.add(new Operation(SlotKind.VECTOR, "splat", Map.of("value", (long) value), List.of(to)));
  }

  /** Two numbers as {@code scale} takes them. */
  Register pair(int multiplier, int shift) {
    Register to = body.vector(2);
    setHalf(to, 0, multiplier);
    setHalf(to, 1, shift);
    return to;
  }

  Register scale(Register from, Register pair) {
    return body.scale(from, pair, 0);
  }

  void scaleHalf(Register to, int half, Register from, Register pair) {
    body.add(
        new Operation(
            SlotKind.VECTOR,
            "scale",
            Map.of(),
            List.of(
                Access.of("from", from, Use.READ),
                Access.of("scale", pair, Use.READ),
                new Access("to", to, half, 1, Use.PART))));
  }

  Register half(Register pair, int half, String mnemonic, Register b) {
    Register to = body.vector(1);
    body.add(
        new Operation(
            SlotKind.VECTOR,
            mnemonic,
            Map.of(),
            List.of(
                new Access("a", pair, half, 1, Use.READ),
                Access.of("b", b, Use.READ),
                Access.of("to", to, Use.WRITE))));
    return to;
  }

  Register widen(Register codes, int quarter) {
    return body.widen(codes, 0, quarter);
  }

  Register lookup(Register codes, int table) {
    return LookupKernel.lookup(body, codes, table);
  }

  void lookup(Register to, Register codes, int table) {
    body.add(
        new Operation(
            SlotKind.SPECIAL,
            "lookup",
            Map.of("table", (long) table),
            List.of(Access.of("from", codes, Use.READ), Access.of("to", to, Use.WRITE))));
  }

  /** {@code reciprocal} or {@code root}: the mantissa (part 0) or the position (part 1). */
  Register inverse(String mnemonic, Register from, int part) {
    Register to = body.vector(1);
    body.add(
        new Operation(
            SlotKind.SPECIAL,
            mnemonic,
            Map.of("part", (long) part),
            List.of(Access.of("from", from, Use.READ), Access.of("to", to, Use.WRITE))));
    return to;
  }

  Register shuffle(Register from, int order) {
    return body.shuffle(from, loaded.computeIfAbsent(order, this::load));
  }

  private Register load(int number) {
    Register to = body.lasting(1);
    body.load(to, 0, constantsBase, (long) number * form.form().pieces(), 0);
    return to;
  }

  /** Lanes of a quarter, 0 where they are not of the row. */
  Register masked(Register lanes, Quarter quarter) {
    return quarter.partial()
        ? lanes("mul", lanes, loaded.computeIfAbsent(constants.lastMask(), this::load))
        : lanes;
  }

  /**
   * So many parameters of a quarter, one behind the other, as one register.
   *
   * @param first number of the first
   */
  Register parameters(Quarter quarter, int first, int count) {
    return parameters.computeIfAbsent(
        List.of(quarter.place(), first, count),
        _ -> {
          int all = constants.kernel().parameters().size();
          Register to = frugal ? body.vector(count) : body.lasting(count);
          for (int i = 0; i < count; i++) {
            long words = ((long) quarter.place() * all + first + i) * form.form().pieces();
            body.load(to, i, parametersBase, words, 0);
          }
          return to;
        });
  }

  /**
   * Adds lanes of the quarters of a slot to registers.
   *
   * @param lanes of a quarter, one for each register
   */
  void accumulate(
      List<Register> to, Codes codes, int slot, Function<Quarter, List<Register>> lanes) {
    List<List<Register>> parts = new ArrayList<>();
    for (Quarter q : codes.quarters()) {
      if (q.slot() == slot) {
        turn();
        parts.add(lanes.apply(q));
        if (frugal) {
          add(to, parts);
          parts.clear();
        }
      }
    }
    add(to, parts);
  }

  private void add(List<Register> to, List<List<Register>> parts) {
    for (int i = 0; i < to.size() && !parts.isEmpty(); i++) {
      List<Register> left = new ArrayList<>();
      for (List<Register> part : parts) {
        left.add(part.get(i));
      }
      while (left.size() > 1) {
        left.add(lanes("add", left.removeFirst(), left.removeFirst()));
      }
      into(to.get(i), "add", to.get(i), left.getFirst());
    }
  }

  /** The sum of lanes of the row in all of them; the same where lanes are of different rows. */
  Register sum(Register lanes) {
    Register all = lanes;
    if (form.across()) {
      int vector = form.form().vector();
      for (int bytes = vector / form.lanes(); bytes < vector; bytes *= 2) {
        all = lanes("add", all, shuffle(all, constants.turn(bytes)));
      }
    }
    return all;
  }

  /** The greatest code of the row in all its places. */
  Register greatest(Register codes) {
    Register all = codes;
    for (int bytes = form.across() ? 1 : form.form().block();
        bytes < form.form().vector();
        bytes *= 2) {
      all = lanes("greater", all, shuffle(all, constants.turn(bytes)));
    }
    return all;
  }

  /** The order that repeats the first code behind the row's last. */
  int lastOrder() {
    return constants.lastOrder();
  }
}
