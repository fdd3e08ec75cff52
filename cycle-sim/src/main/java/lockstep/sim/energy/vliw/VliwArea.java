// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.vliw;

import lockstep.arch.technology.Technology;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.sim.energy.Area;
import lockstep.sim.energy.AreaTally;

/**
 * The area of a VLIW machine: units, register files with their ports, memories, times the figures
 * of its technology table. {@code docs/energy.md} lists the parts.
 */
public final class VliwArea {
  private static final String BIT = "register_bit";
  private static final String MULTIPLEXER = "mux_bit";

  private VliwArea() {}

  /**
   * The area of a machine under its own technology.
   *
   * @throws lockstep.arch.UserError if there is no such technology
   */
  public static Area of(VliwArchitecture machine) {
    Technology technology = Technology.load(machine.technology());
    VliwParts parts = new VliwParts(machine, technology.sram());
    AreaTally tally = new AreaTally(technology);
    tally.logic("matrix.macs", parts.macs(), "multiply-accumulates of a step", "mac");
    tally.logic("vector.lanes", parts.vectorLanes(), "lanes of all slots", "vector_lane");
    if (machine.slots().special().count() > 0) {
      tally.memory("special.tables", parts.tableCopies(), parts.tables());
      tally.memory("special.inverse_tables", parts.specialLanes(), parts.inverseTables());
      tally.logic(
          "special.interpolators", parts.specialLanes(), "lanes of all slots", "interpolator");
    }
    if (machine.slots().permute().count() > 0) {
      tally.logic(
          "permute.network",
          machine.slots().permute().count() * parts.permuteMultiplexers(),
          "bits of two-way multiplexers",
          MULTIPLEXER);
    }
    int scalars = machine.slots().scalar().count();
    tally.logic("scalar.adders", scalars, "slots", "int32_add");
    tally.logic("scalar.multipliers", scalars, "slots", "int32_multiply");
    long addresses = machine.slots().load().count() + machine.slots().store().count();
    tally.logic(
        "addresses", addresses * (machine.pieces() + 1), "adders: a base and pieces", "int32_add");
    tally.logic("slots.registers", parts.slotBits(), "bits of results on their way", BIT);
    file(tally, parts.scalars());
    file(tally, parts.vectors());
    file(tally, parts.accumulators());
    tally.memory("local", machine.localMemory().banks(), parts.local());
    tally.memory("instructions.memory", 1, parts.instructions());
    tally.logic(
        "instructions.registers",
        parts.instructionBits(),
        "bits of fetch buffer, expansion and issue",
        BIT);
    tally.logic("port.registers", parts.portBits(), "bits of beats", BIT);
    tally.logic("port.descriptors", parts.descriptorBits(), "bits of transfers", BIT);
    return tally.area();
  }

  private static void file(AreaTally tally, VliwParts.File file) {
    tally.logic(file.name() + ".registers", file.storageBits(), "bits", BIT);
    tally.logic(
        file.name() + ".ports",
        file.multiplexers(),
        "bits of two-way multiplexers of %d read and %d write ports"
            .formatted(file.readPorts(), file.writePorts()),
        MULTIPLEXER);
  }
}
