// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.InstructionSet.Decoded;
import lockstep.isa.vliw.BundleSet.Slot;
import lockstep.sim.vliw.Bundle.Write;

/**
 * The fields of one bundle's operations, and which registers they name: each is checked to exist,
 * and reads are counted against the ports.
 */
final class Operands {
  /** Quarters of a register that is written whole. */
  static final int WHOLE = 0b1111;

  private final VliwArchitecture machine;
  private final int bundle;
  private final int[] reads = new int[RegisterFile.values().length];
  private final List<Write> writes = new ArrayList<>();
  private Slot slot;
  private Decoded fields;

  Operands(VliwArchitecture machine, int bundle, Slot slot, Decoded fields) {
    this.machine = machine;
    this.bundle = bundle;
    this.slot = slot;
    this.fields = fields;
  }

  /** Goes on to the bundle's next operation. */
  void of(Slot nextSlot, Decoded nextFields) {
    slot = nextSlot;
    fields = nextFields;
  }

  int get(String field) {
    return (int) fields.get(field);
  }

  boolean flag(String field) {
    return get(field) != 0;
  }

  /** A field's value, which is from {@code least} to {@code most}. */
  int get(String field, int least, int most) {
    int value = get(field);
    if (value < least || value > most) {
      throw fault("%s %d is not from %d to %d".formatted(field, value, least, most));
    }
    return value;
  }

  /** The register that {@code field} names, which is read. */
  int read(RegisterFile file, String field) {
    return read(file, field, 1);
  }

  /** The first of so many registers that are read one after the other. */
  int read(RegisterFile file, String field, int registers) {
    reads[file.ordinal()] += registers;
    return register(file, field);
  }

  /** The register that {@code field} names, which is written after the slot's latency. */
  int write(RegisterFile file, String field, int quarters) {
    int register = register(file, field);
    writes.add(new Write(file, register, quarters, slot.kind().latency(machine)));
    return register;
  }

  /** The address register that steps on in the next step. */
  void stepOn(int register) {
    writes.add(new Write(RegisterFile.SCALAR, register, WHOLE, 1));
  }

  private int register(RegisterFile file, String field) {
    int register = get(field);
    if (register >= file.count(machine)) {
      throw fault(
          "%s names register %d of %d %s registers"
              .formatted(field, register, file.count(machine), file.word()));
    }
    return register;
  }

  /** Registers read, by file. */
  int[] reads() {
    return reads;
  }

  /** The bundle's writes; faults if it reads more registers than there are ports. */
  Write[] writes() {
    for (RegisterFile file : RegisterFile.values()) {
      int ports = file.readPorts(machine);
      if (reads[file.ordinal()] > ports) {
        throw new BundleFault(
            bundle,
            "reads %d %s registers through %d ports"
                .formatted(reads[file.ordinal()], file.word(), ports));
      }
    }
    return writes.toArray(Write[]::new);
  }

  BundleFault fault(String what) {
    return new BundleFault(
        bundle, "%s, %s: %s".formatted(slot.name(), fields.format().mnemonic(), what));
  }
}
