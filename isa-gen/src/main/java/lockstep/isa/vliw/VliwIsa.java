// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.vliw;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.Format;
import lockstep.isa.InstructionSet;
import lockstep.isa.vliw.BundleSet.Slot;

/**
 * The instruction set of a VLIW machine, derived from its list of slots; register fields are as
 * wide as the files need. What the operations do, to the step and the cycle, is in {@code
 * docs/vliw.md}.
 */
public final class VliwIsa {
  /** Patterns of addresses that loads and stores can name. */
  public static final int PATTERNS = 8;

  /** Quarters of a vector: the sums of as many vectors are the codes of one. */
  public static final int QUARTERS = 4;

  /** So many that a load, and on most machines a store, is one word. */
  private static final int STEP_BITS = 12;

  private static final int SLOT_BYTES = 8;

  private VliwIsa() {}

  /** The instruction set of {@code a}. */
  public static BundleSet of(VliwArchitecture a) {
    List<Slot> slots = new ArrayList<>();
    int offset = 0;
    for (SlotKind kind : SlotKind.values()) {
      int count = kind.count(a);
      for (int i = 0; i < count; i++) {
        String name = count == 1 ? kind.word() : kind.word() + i;
        int opcodeBits = opcodeBits(kind);
        List<Format> formats = new ArrayList<>();
        formats.add(new Format("nop", BundleSet.NOTHING, List.of(), "nothing"));
        formats.addAll(operations(kind, a, i, opcodeBits));
        var operations = new InstructionSet(name, opcodeBits, SLOT_BYTES, List.copyOf(formats));
        slots.add(new Slot(name, kind, i, operations, offset));
        offset += SLOT_BYTES;
      }
    }
    return new BundleSet(a.name(), List.copyOf(slots));
  }

  private static int opcodeBits(SlotKind kind) {
    return switch (kind) {
      case SCALAR, VECTOR -> 4;
      case SPECIAL, DMA -> 3;
      case LOAD, STORE, MATRIX, PERMUTE -> 2;
    };
  }

  private static List<Format> operations(
      SlotKind kind, VliwArchitecture a, int index, int opcodeBits) {
    return switch (kind) {
      case SCALAR -> scalar(a, index, opcodeBits);
      case LOAD ->
          List.of(
              address(a, opcodeBits)
                  .add("to", vectorBits(a), "register that is written")
                  .format("load", 1, "reads a vector, piece by piece as the pattern has it"));
      case STORE ->
          List.of(
              address(a, opcodeBits)
                  .add("from", vectorBits(a), "register that is read")
                  .add("pieces", bits(a.pieces()), "words that are written, from the first")
                  .format("store", 1, "writes words of a vector as the pattern has it"));
      case MATRIX ->
          List.of(
              new OperationFields(opcodeBits)
                  .add("to", accumulatorBits(a), "accumulator register")
                  .add("left", vectorBits(a), "first register of rows x depth codes")
                  .add("right", vectorBits(a), "first register of depth x cols codes")
                  .add("add", 1, "1: adds to the register, 0: overwrites it")
                  .format("multiply", 1, "left times right, into an accumulator register"));
      case VECTOR -> vector(a, opcodeBits);
      case SPECIAL ->
          List.of(
              new OperationFields(opcodeBits)
                  .add("to", vectorBits(a), "register that is written")
                  .add("from", vectorBits(a), "register of codes")
                  .add("table", tableBits(a), "which table")
                  .format("lookup", 1, "each code's entry in a table of 256 codes"),
              new OperationFields(opcodeBits)
                  .add("from", vectorBits(a), "register of codes")
                  .add("table", tableBits(a), "which table")
                  .add("part", bits(tableParts(a) - 1), "which vector of its entries")
                  .format("fill", 2, "writes entries of a table; those of codes -128, -127, .."),
              inverse(a, opcodeBits).format("reciprocal", 3, "lane by lane: 1 / from"),
              inverse(a, opcodeBits)
                  .format("root", 4, "lane by lane: 1 / the square root of from"));
      case PERMUTE ->
          List.of(
              new OperationFields(opcodeBits)
                  .add("to", vectorBits(a), "register that is written")
                  .add("from", vectorBits(a), "register of codes")
                  .add("order", vectorBits(a), "register of places: bytes, modulo the width")
                  .format("shuffle", 1, "code i is that at place order[i]"));
      case DMA -> dma(a, opcodeBits);
    };
  }

  private static List<Format> scalar(VliwArchitecture a, int index, int opcodeBits) {
    int register = scalarBits(a);
    List<Format> formats = new ArrayList<>();
    formats.add(
        scalarTo(a, opcodeBits)
            .addSigned("value", 32, "the value")
            .format("li", 1, "writes a number"));
    formats.add(binary(a, opcodeBits, "add", 2, "a + b"));
    formats.add(
        scalarTo(a, opcodeBits)
            .add("a", register, "register that is read")
            .addSigned("value", 32, "the value added")
            .format("addi", 3, "a + value"));
    formats.add(binary(a, opcodeBits, "sub", 4, "a - b"));
    formats.add(binary(a, opcodeBits, "mul", 5, "the low 32 bits of a b"));
    if (index == 0) {
      formats.add(
          new OperationFields(opcodeBits)
              .add("pattern", bits(PATTERNS - 1), "which pattern")
              .add("inner", bits(a.pieces()), "words of an inner row, at least 1")
              .addSigned("inner_step", 20, "words of memory from one to the next in a row")
              .addSigned("outer_step", 20, "words of memory from row to row")
              .format("pattern", 6, "sets a pattern of addresses"));
      formats.add(
          new OperationFields(opcodeBits)
              .add("count", 24, "times that the body runs, at least 1")
              .add("bundles", 16, "bundles of the body, which follows; at least 1")
              .format("loop", 7, "opens a loop"));
      formats.add(
          new OperationFields(opcodeBits)
              .format("halt", 8, "ends the program when all work is done"));
    }
    return formats;
  }

  private static Format binary(
      VliwArchitecture a, int opcodeBits, String mnemonic, int opcode, String meaning) {
    return scalarTo(a, opcodeBits)
        .add("a", scalarBits(a), "register that is read")
        .add("b", scalarBits(a), "register that is read")
        .format(mnemonic, opcode, meaning + ", modulo 2^32");
  }

  private static OperationFields scalarTo(VliwArchitecture a, int opcodeBits) {
    return new OperationFields(opcodeBits).add("to", scalarBits(a), "register that is written");
  }

  private static OperationFields address(VliwArchitecture a, int opcodeBits) {
    return new OperationFields(opcodeBits)
        .add("base", scalarBits(a), "register with a byte address")
        .addSigned("step", STEP_BITS, "words of memory")
        .add("post", 1, "1: base is the address, and steps on behind it; 0: base + step is")
        .add("pattern", bits(PATTERNS - 1), "which pattern");
  }

  private static List<Format> vector(VliwArchitecture a, int opcodeBits) {
    int register = vectorBits(a);
    List<Format> formats = new ArrayList<>();
    formats.add(
        clamped(vectorTo(a, opcodeBits).add("quarter", 2, "quarter of `to` that is written"))
            .add("from", accumulatorBits(a), "accumulator register")
            .add("part", bits(a.accumulatorParts() - 1), "which vector of its sums")
            .add("parameters", register, "first of three: bias, multiplier, shift")
            .format("requantise", 1, "sums to codes"));
    formats.add(
        vectorTo(a, opcodeBits)
            .add("from", accumulatorBits(a), "accumulator register")
            .add("part", bits(a.accumulatorParts() - 1), "which vector of its sums")
            .format("sums", 2, "copies sums"));
    String[] lanes = {"add", "sub", "mul", "min", "max"};
    String[] meanings = {"a + b", "a - b", "the low 32 bits of a b", "the less", "the greater"};
    for (int i = 0; i < lanes.length; i++) {
      formats.add(
          vectorTo(a, opcodeBits)
              .add("a", register, "register of sums")
              .add("b", register, "register of sums")
              .format(lanes[i], 3 + i, "lane by lane: " + meanings[i]));
    }
    formats.add(
        vectorTo(a, opcodeBits)
            .add("from", register, "register of sums")
            .add("scale", register, "first of two: multiplier, shift")
            .format("scale", 8, "lane by lane: from x multiplier / 2^shift, half to even"));
    formats.add(
        vectorTo(a, opcodeBits)
            .addSigned("value", 32, "the value")
            .format("splat", 9, "writes a number to all lanes"));
    formats.add(
        vectorTo(a, opcodeBits)
            .add("from", register, "register of codes")
            .add("quarter", 2, "quarter of `from` that is read")
            .format("widen", 10, "codes to sums"));
    formats.add(
        clamped(vectorTo(a, opcodeBits).add("quarter", 2, "quarter of `to` that is written"))
            .add("from", register, "register of sums")
            .format(
                "narrow", 11, "sums to codes: from + zero, not less than min nor more than max"));
    formats.add(
        vectorTo(a, opcodeBits)
            .add("a", register, "register of codes")
            .add("b", register, "register of codes")
            .format("greater", 12, "code by code: the greater"));
    formats.add(
        vectorTo(a, opcodeBits)
            .add("a", register, "register of sums")
            .add("b", register, "register of sums")
            .format("compare", 13, "lane by lane: -1 where a is the greater, else 0"));
    formats.add(
        vectorTo(a, opcodeBits)
            .add("a", register, "register of codes")
            .add("b", register, "register of codes")
            .add("mask", register, "register of codes")
            .format("select", 14, "code by code: a where that of mask is not 0, else b"));
    return formats;
  }

  private static OperationFields inverse(VliwArchitecture a, int opcodeBits) {
    return vectorTo(a, opcodeBits)
        .add("from", vectorBits(a), "register of lanes without a sign")
        .add("part", 1, "0: the result's mantissa, 1: its exponent");
  }

  private static OperationFields vectorTo(VliwArchitecture a, int opcodeBits) {
    return new OperationFields(opcodeBits).add("to", vectorBits(a), "register that is written");
  }

  private static OperationFields clamped(OperationFields fields) {
    return fields
        .addSigned("zero", 8, "output zero point")
        .addSigned("min", 8, "smallest output")
        .addSigned("max", 8, "largest output");
  }

  private static List<Format> dma(VliwArchitecture a, int opcodeBits) {
    int field = bits(TransferField.values().length - 1);
    return List.of(
        new OperationFields(opcodeBits)
            .add("field", field, "which field of the next transfer")
            .addSigned("value", 32, "the value")
            .format("set", 1, "writes a number to a field of the next transfer"),
        new OperationFields(opcodeBits)
            .add("field", field, "which field of the next transfer")
            .add("from", scalarBits(a), "register that is read")
            .format("put", 2, "copies a register to a field of the next transfer"),
        new OperationFields(opcodeBits)
            .add("direction", 2, "0: in, 1: out, 2: in, of a constant instead of memory")
            .format("start", 3, "hands the transfer over; stands still while there is no room"),
        new OperationFields(opcodeBits)
            .add("direction", 1, "0: in, 1: out")
            .add("most", bits(a.transferDepth()), "transfers that may be unfinished")
            .format("wait", 4, "stands still while more transfers are unfinished"));
  }

  static int scalarBits(VliwArchitecture a) {
    return bits(a.registers().scalar().count() - 1);
  }

  static int vectorBits(VliwArchitecture a) {
    return bits(a.registers().vector().count() - 1);
  }

  static int accumulatorBits(VliwArchitecture a) {
    return bits(a.registers().accumulator().count() - 1);
  }

  private static int tableBits(VliwArchitecture a) {
    return bits(a.slots().special().tables() - 1);
  }

  private static int tableParts(VliwArchitecture a) {
    return 256 / a.registers().vector().widthBytes();
  }

  private static int bits(int largest) {
    return Math.max(1, 32 - Integer.numberOfLeadingZeros(largest));
  }
}
