// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static lockstep.sim.vliw.RegisterFile.ACCUMULATOR;
import static lockstep.sim.vliw.RegisterFile.VECTOR;

import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.vliw.SlotKind;
import lockstep.sim.vliw.ValueOperation.Fill;
import lockstep.sim.vliw.ValueOperation.Greater;
import lockstep.sim.vliw.ValueOperation.Inverse;
import lockstep.sim.vliw.ValueOperation.Lanes;
import lockstep.sim.vliw.ValueOperation.Lookup;
import lockstep.sim.vliw.ValueOperation.Multiply;
import lockstep.sim.vliw.ValueOperation.Narrow;
import lockstep.sim.vliw.ValueOperation.Requantise;
import lockstep.sim.vliw.ValueOperation.Scale;
import lockstep.sim.vliw.ValueOperation.Select;
import lockstep.sim.vliw.ValueOperation.Shuffle;
import lockstep.sim.vliw.ValueOperation.Splat;
import lockstep.sim.vliw.ValueOperation.Sums;
import lockstep.sim.vliw.ValueOperation.Widen;

/** Makes a {@link ValueOperation} of the fields of a matrix, vector, special or permute slot. */
final class ValueDecoder {
  private static final int TABLE_ENTRIES = 256;
  private static final int PARAMETERS = 3;
  private static final int SCALES = 2;

  private final VliwArchitecture machine;

  ValueDecoder(VliwArchitecture machine) {
    this.machine = machine;
  }

  ValueOperation decode(SlotKind kind, String mnemonic, Operands o) {
    return switch (kind) {
      case MATRIX ->
          new Multiply(
              o.write(ACCUMULATOR, "to", Operands.WHOLE),
              o.read(VECTOR, "left", machine.leftVectors()),
              o.read(VECTOR, "right", machine.rightVectors()),
              o.flag("add"));
      case VECTOR -> vector(mnemonic, o);
      case SPECIAL -> special(mnemonic, o);
      case PERMUTE -> new Shuffle(to(o), o.read(VECTOR, "from"), o.read(VECTOR, "order"));
      case SCALAR, LOAD, STORE, DMA ->
          throw new IllegalArgumentException("slots " + kind.word() + " compute no values");
    };
  }

  private ValueOperation vector(String mnemonic, Operands o) {
    return switch (mnemonic) {
      case "requantise" -> {
        int quarter = o.get("quarter");
        clamp(o);
        yield new Requantise(
            o.write(VECTOR, "to", 1 << quarter),
            quarter,
            o.get("zero"),
            o.get("min"),
            o.get("max"),
            o.read(ACCUMULATOR, "from"),
            part(o),
            o.read(VECTOR, "parameters", PARAMETERS));
      }
      case "sums" -> new Sums(to(o), o.read(ACCUMULATOR, "from"), part(o));
      case "add" -> lanes(Lanes.Function.ADD, o);
      case "sub" -> lanes(Lanes.Function.SUB, o);
      case "mul" -> lanes(Lanes.Function.MUL, o);
      case "min" -> lanes(Lanes.Function.MIN, o);
      case "max" -> lanes(Lanes.Function.MAX, o);
      case "scale" -> new Scale(to(o), o.read(VECTOR, "from"), o.read(VECTOR, "scale", SCALES));
      case "splat" -> new Splat(to(o), o.get("value"));
      case "widen" -> new Widen(to(o), o.read(VECTOR, "from"), o.get("quarter"));
      case "narrow" -> {
        int quarter = o.get("quarter");
        clamp(o);
        yield new Narrow(
            o.write(VECTOR, "to", 1 << quarter),
            quarter,
            o.get("zero"),
            o.get("min"),
            o.get("max"),
            o.read(VECTOR, "from"));
      }
      case "greater" -> new Greater(to(o), o.read(VECTOR, "a"), o.read(VECTOR, "b"));
      case "compare" -> lanes(Lanes.Function.COMPARE, o);
      case "select" ->
          new Select(to(o), o.read(VECTOR, "a"), o.read(VECTOR, "b"), o.read(VECTOR, "mask"));
      default -> throw new IllegalArgumentException("no vector operation " + mnemonic);
    };
  }

  private ValueOperation special(String mnemonic, Operands o) {
    return switch (mnemonic) {
      case "lookup" -> new Lookup(to(o), o.read(VECTOR, "from"), table(o));
      case "fill" ->
          new Fill(
              o.read(VECTOR, "from"),
              table(o),
              o.get("part", 0, TABLE_ENTRIES / machine.registers().vector().widthBytes() - 1));
      case "reciprocal" -> inverse(Inverse.Function.RECIPROCAL, o);
      case "root" -> inverse(Inverse.Function.ROOT, o);
      default -> throw new IllegalArgumentException("no special operation " + mnemonic);
    };
  }

  private int table(Operands o) {
    return o.get("table", 0, machine.slots().special().tables() - 1);
  }

  private static Inverse inverse(Inverse.Function function, Operands o) {
    return new Inverse(function, to(o), o.read(VECTOR, "from"), o.get("part"));
  }

  private static int to(Operands o) {
    return o.write(VECTOR, "to", Operands.WHOLE);
  }

  private int part(Operands o) {
    return o.get("part", 0, machine.accumulatorParts() - 1);
  }

  private static Lanes lanes(Lanes.Function function, Operands o) {
    return new Lanes(function, to(o), o.read(VECTOR, "a"), o.read(VECTOR, "b"));
  }

  private static void clamp(Operands o) {
    if (o.get("min") > o.get("max")) {
      throw o.fault("min %d is more than max %d".formatted(o.get("min"), o.get("max")));
    }
  }
}
