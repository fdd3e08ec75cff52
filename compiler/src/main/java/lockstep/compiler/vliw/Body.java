// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lockstep.compiler.vliw.Operation.Access;
import lockstep.compiler.vliw.Operation.Use;
import lockstep.compiler.vliw.Register.File;
import lockstep.isa.vliw.SlotKind;

/**
 * The operations of one round of a loop, written one after the other. Addresses out of reach of a
 * load's step get a register of their own, made from the base in each round.
 */
final class Body {
  /** Words of the longest step of a load or store, either way. */
  private static final int REACH = (1 << 11) - 1;

  private static final int FIRST_ID = 1000;

  private final int wordBytes;
  private final List<Operation> operations = new ArrayList<>();
  private final Map<Register, TreeMap<Long, Register>> reached = new HashMap<>();
  private final Map<Integer, List<Register>> ofTurns = new HashMap<>();
  private final Map<Integer, Integer> taken = new HashMap<>();
  private boolean turns;
  private int nextId = FIRST_ID;

  /**
   * @param wordBytes of local memory
   */
  Body(int wordBytes) {
    this.wordBytes = wordBytes;
  }

  List<Operation> operations() {
    return List.copyOf(operations);
  }

  /** A vector register; one of the turn, if there are turns. */
  Register vector(int size) {
    if (!turns) {
      return lasting(size);
    }
    List<Register> all = ofTurns.computeIfAbsent(size, _ -> new ArrayList<>());
    int next = taken.merge(size, 1, Integer::sum) - 1;
    if (next == all.size()) {
      all.add(lasting(size));
    }
    return all.get(next);
  }

  /** A vector register that no turn ends. */
  Register lasting(int size) {
    return new Register(File.VECTOR, nextId++, size);
  }

  /**
   * From here on registers are those of the turn before, whose values are not needed any more: what
   * is computed in one turn waits for the one before, and takes no more registers than one.
   */
  void turn() {
    turns = true;
    taken.clear();
  }

  Register accumulator() {
    return new Register(File.ACCUMULATOR, nextId++, 1);
  }

  void add(Operation operation) {
    operations.add(operation);
  }

  /** Loads part {@code part} of a register from {@code base} and so many words. */
  void load(Register to, int part, Register base, long words, int pattern) {
    Reached at = reach(base, words);
    add(
        new Operation(
            SlotKind.LOAD,
            "load",
            Map.of("step", at.step(), "pattern", (long) pattern),
            List.of(
                Access.of("base", at.base(), Use.READ), new Access("to", to, part, 1, Use.PART))));
  }

  void store(Register from, int part, Register base, long words, int pattern, int pieces) {
    Reached at = reach(base, words);
    add(
        new Operation(
            SlotKind.STORE,
            "store",
            Map.of("step", at.step(), "pattern", (long) pattern, "pieces", (long) pieces),
            List.of(
                Access.of("base", at.base(), Use.READ),
                new Access("from", from, part, 1, Use.READ))));
  }

  /** The base moves on so many bytes behind all that the round does with it. */
  void step(Register base, long bytes) {
    if (bytes != 0) {
      add(addition(base, base, bytes));
    }
  }

  void multiply(Register to, Register left, Register right, boolean adds) {
    add(
        new Operation(
            SlotKind.MATRIX,
            "multiply",
            Map.of("add", adds ? 1L : 0L),
            List.of(
                Access.of("left", left, Use.READ),
                Access.of("right", right, Use.READ),
                Access.of("to", to, adds ? Use.ADD : Use.WRITE))));
  }

  /** A lane operation of two vectors, into a new one. */
  Register lanes(String mnemonic, Register a, Register b) {
    Register to = vector(1);
    add(
        new Operation(
            SlotKind.VECTOR,
            mnemonic,
            Map.of(),
            List.of(
                new Access("a", a, 0, 1, Use.READ),
                new Access("b", b, 0, 1, Use.READ),
                Access.of("to", to, Use.WRITE))));
    return to;
  }

  /** Codes of {@code a} where those of the mask are not 0, else of {@code b}; a new vector. */
  Register select(Register a, Register b, Register mask) {
    Register to = vector(1);
    add(
        new Operation(
            SlotKind.VECTOR,
            "select",
            Map.of(),
            List.of(
                Access.of("a", a, Use.READ),
                Access.of("b", b, Use.READ),
                Access.of("mask", mask, Use.READ),
                Access.of("to", to, Use.WRITE))));
    return to;
  }

  /** The codes of {@code from} at the places that {@code order} names; a new vector. */
  Register shuffle(Register from, Register order) {
    Register to = vector(1);
    add(
        new Operation(
            SlotKind.PERMUTE,
            "shuffle",
            Map.of(),
            List.of(
                Access.of("from", from, Use.READ),
                Access.of("order", order, Use.READ),
                Access.of("to", to, Use.WRITE))));
    return to;
  }

  /** {@code from x multiplier / 2^shift}, whose lanes are two registers of {@code scale}. */
  Register scale(Register from, Register scale, int offset) {
    Register to = vector(1);
    add(
        new Operation(
            SlotKind.VECTOR,
            "scale",
            Map.of(),
            List.of(
                Access.of("from", from, Use.READ),
                new Access("scale", scale, offset, 2, Use.READ),
                Access.of("to", to, Use.WRITE))));
    return to;
  }

  /** The codes of a quarter as lanes. */
  Register widen(Register from, int part, int quarter) {
    Register to = vector(1);
    add(
        new Operation(
            SlotKind.VECTOR,
            "widen",
            Map.of("quarter", (long) quarter),
            List.of(new Access("from", from, part, 1, Use.READ), Access.of("to", to, Use.WRITE))));
    return to;
  }

  /** Lanes as the codes of a quarter. */
  void narrow(Register to, int quarter, Register from, int zero, int min, int max) {
    add(
        new Operation(
            SlotKind.VECTOR,
            "narrow",
            Map.of(
                "quarter",
                (long) quarter,
                "zero",
                (long) zero,
                "min",
                (long) min,
                "max",
                (long) max),
            List.of(Access.of("from", from, Use.READ), Access.of("to", to, Use.PART))));
  }

  static Operation addition(Register to, Register from, long value) {
    return new Operation(
        SlotKind.SCALAR,
        "addi",
        Map.of("value", (long) (int) value),
        List.of(Access.of("a", from, Use.READ), Access.of("to", to, Use.WRITE)));
  }

  private record Reached(Register base, long step) {}

  private Reached reach(Register base, long words) {
    if (Math.abs(words) <= REACH) {
      return new Reached(base, words);
    }
    TreeMap<Long, Register> all = reached.computeIfAbsent(base, _ -> new TreeMap<>());
    var below = all.floorEntry(words + REACH);
    if (below != null && below.getKey() >= words - REACH) {
      return new Reached(below.getValue(), words - below.getKey());
    }
    Register to = new Register(File.SCALAR, nextId++, 1);
    long at = words < 0 ? words - REACH : words + REACH;
    add(addition(to, base, at * wordBytes));
    all.put(at, to);
    return new Reached(to, words - at);
  }
}
