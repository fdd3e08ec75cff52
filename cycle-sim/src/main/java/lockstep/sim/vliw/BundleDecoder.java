// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static lockstep.sim.vliw.RegisterFile.SCALAR;
import static lockstep.sim.vliw.RegisterFile.VECTOR;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.InstructionSet.Decoded;
import lockstep.isa.vliw.BundleSet;
import lockstep.isa.vliw.BundleSet.Slot;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.TransferField;
import lockstep.isa.vliw.VliwIsa;
import lockstep.sim.vliw.Bundle.Access;
import lockstep.sim.vliw.Bundle.Dma;
import lockstep.sim.vliw.Bundle.Loop;
import lockstep.sim.vliw.Bundle.Pattern;
import lockstep.sim.vliw.Bundle.Scalar;
import lockstep.sim.vliw.ValueOperation.Multiply;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Bundle} of its bytes; what its fields must not say ends in a fault. */
final class BundleDecoder {
  private final VliwArchitecture machine;
  private final BundleSet isa;
  private final ValueDecoder valueDecoder;

  // of the bundle in work
  private final List<Scalar> scalars = new ArrayList<>();
  private final List<Access> accesses = new ArrayList<>();
  private final List<ValueOperation> values = new ArrayList<>();
  private @Nullable Pattern pattern;
  private @Nullable Loop loop;
  private @Nullable Dma dma;
  private boolean halt;
  private int number;

  BundleDecoder(VliwArchitecture machine, BundleSet isa) {
    this.machine = machine;
    this.isa = isa;
    valueDecoder = new ValueDecoder(machine);
  }

  /** The bundle of that number, whose bytes begin at {@code offset}. */
  Bundle decode(int bundle, byte[] words, int offset) {
    clear(bundle);
    int[] operations = new int[SlotKind.values().length];
    Operands operands = null;
    for (Slot slot : isa.slots()) {
      Decoded fields = fields(slot, words, offset + slot.offset());
      if (fields.format().opcode() == BundleSet.NOTHING) {
        continue;
      }
      if (operands == null) {
        operands = new Operands(machine, bundle, slot, fields);
      } else {
        operands.of(slot, fields);
      }
      operations[slot.kind().ordinal()]++;
      operation(slot, fields.format().mnemonic(), operands);
    }
    int reads = 0;
    for (Access access : accesses) {
      reads += access.store() ? 0 : access.pieces();
    }
    int lateReads = 0;
    for (ValueOperation value : values) {
      lateReads += value instanceof Multiply multiply && multiply.add() ? 1 : 0;
    }
    return new Bundle(
        bundle,
        halt,
        loop,
        pattern,
        scalars.toArray(Scalar[]::new),
        accesses.toArray(Access[]::new),
        reads,
        dma,
        values.toArray(ValueOperation[]::new),
        operands == null ? new Bundle.Write[0] : operands.writes(),
        operands == null ? new int[RegisterFile.values().length] : operands.reads(),
        lateReads,
        operations);
  }

  private void clear(int bundle) {
    number = bundle;
    scalars.clear();
    accesses.clear();
    values.clear();
    pattern = null;
    loop = null;
    dma = null;
    halt = false;
  }

  private Decoded fields(Slot slot, byte[] words, int offset) {
    try {
      return slot.operations().decode(words, offset);
    } catch (IllegalArgumentException e) {
      throw new BundleFault(number, "%s: %s".formatted(slot.name(), e.getMessage()));
    }
  }

  private void operation(Slot slot, String mnemonic, Operands operands) {
    switch (slot.kind()) {
      case SCALAR -> scalar(mnemonic, operands);
      case LOAD, STORE -> accesses.add(access(slot.kind() == SlotKind.STORE, operands));
      case MATRIX, VECTOR, SPECIAL, PERMUTE ->
          values.add(valueDecoder.decode(slot.kind(), mnemonic, operands));
      case DMA -> dma = dma(mnemonic, operands);
    }
  }

  private void scalar(String mnemonic, Operands o) {
    switch (mnemonic) {
      case "li" -> scalars.add(new Scalar.Li(to(o), o.get("value")));
      case "addi" -> scalars.add(new Scalar.AddI(to(o), o.read(SCALAR, "a"), o.get("value")));
      case "add" -> scalars.add(new Scalar.Add(to(o), o.read(SCALAR, "a"), o.read(SCALAR, "b")));
      case "sub" -> scalars.add(new Scalar.Sub(to(o), o.read(SCALAR, "a"), o.read(SCALAR, "b")));
      case "mul" -> scalars.add(new Scalar.Mul(to(o), o.read(SCALAR, "a"), o.read(SCALAR, "b")));
      case "pattern" ->
          pattern =
              new Pattern(
                  o.get("pattern"),
                  o.get("inner", 1, machine.pieces()),
                  o.get("inner_step"),
                  o.get("outer_step"));
      case "loop" ->
          loop =
              new Loop(
                  o.get("count", 1, Integer.MAX_VALUE),
                  number + o.get("bundles", 1, Integer.MAX_VALUE));
      case "halt" -> halt = true;
      default -> throw new IllegalArgumentException("no scalar operation " + mnemonic);
    }
  }

  private static int to(Operands o) {
    return o.write(SCALAR, "to", Operands.WHOLE);
  }

  private Access access(boolean store, Operands o) {
    int base = o.read(SCALAR, "base");
    boolean post = o.flag("post");
    if (post) {
      o.stepOn(base);
    }
    return new Access(
        store,
        base,
        o.get("step") * machine.localMemory().widthBytes(),
        post,
        o.get("pattern", 0, VliwIsa.PATTERNS - 1),
        store ? o.read(VECTOR, "from") : o.write(VECTOR, "to", Operands.WHOLE),
        store ? o.get("pieces", 0, machine.pieces()) : machine.pieces());
  }

  private static Dma dma(String mnemonic, Operands o) {
    int fields = TransferField.values().length;
    return switch (mnemonic) {
      case "set" -> new Dma.Set(o.get("field", 0, fields - 1), o.get("value"));
      case "put" -> new Dma.Put(o.get("field", 0, fields - 1), o.read(SCALAR, "from"));
      case "start" -> {
        int direction = o.get("direction", 0, 2);
        yield new Dma.Start(direction == 1, direction == 2);
      }
      case "wait" -> new Dma.Wait(o.flag("direction"), o.get("most"));
      default -> throw new IllegalArgumentException("no DMA operation " + mnemonic);
    };
  }
}
