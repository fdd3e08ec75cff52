// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.technology.Figure;
import lockstep.arch.technology.SramTable;
import lockstep.arch.technology.Technology;

/**
 * The area of a systolic machine: its cells, memories, registers and lanes times the figures of its
 * technology table. {@code docs/energy.md} lists the parts.
 */
public final class AreaModel {
  private AreaModel() {}

  /**
   * The area of a machine under its own technology.
   *
   * @throws lockstep.arch.UserError if there is no such technology
   */
  public static Area of(SystolicArchitecture machine) {
    Technology technology = Technology.load(machine.technology());
    SystolicParts parts = new SystolicParts(machine, technology.sram());
    Figure bit = technology.area("register_bit");
    List<Area.Component> components = new ArrayList<>();
    components.add(logic("array.macs", parts.cells(), "cells", technology.area("mac")));
    components.add(logic("array.registers", parts.cellBits(), "bits in the cells", bit));
    components.add(logic("array.skew", parts.skewBits(), "bits of skew registers", bit));
    components.add(
        memory(technology, "scratchpad", machine.scratchpad().banks(), parts.scratchpad()));
    components.add(
        memory(technology, "accumulator", machine.accumulator().banks(), parts.accumulator()));
    components.add(memory(technology, "parameters", 1, parts.parameters()));
    components.add(logic("post.lanes", parts.lanes(), "lanes", technology.area("lane")));
    components.add(
        logic(
            "post.maximum",
            machine.array().cols(),
            "pooling comparators",
            technology.area("maximum")));
    components.add(logic("post.registers", parts.postBits(), "bits of parameters and maxima", bit));
    components.add(
        logic("instructions", parts.instructionBits(), "bits of fetch buffer and queues", bit));
    components.add(memory(technology, "port.read_buffer", 1, parts.readBuffer()));
    components.add(logic("port.write_fifo", parts.writeFifoBits(), "bits", bit));
    return new Area(List.copyOf(components), technology.notCounted());
  }

  private static Area.Component logic(String name, long count, String part, Figure figure) {
    return new Area.Component(
        name, count, part, figure.value(), figure.provenance(), figure.recalled());
  }

  private static Area.Component memory(
      Technology technology, String name, int banks, SramTable.Bank bank) {
    SramTable sram = technology.sram();
    return new Area.Component(
        name,
        banks,
        "banks of " + bank.macros() + " macros",
        bank.areaMm2() * 1e6,
        sram.provenance(),
        sram.recalled());
  }
}
