// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.systolic;

import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.technology.Technology;
import lockstep.sim.energy.Area;
import lockstep.sim.energy.AreaTally;

/**
 * The area of a systolic machine: its cells, memories, registers and lanes times the figures of its
 * technology table. {@code docs/energy.md} lists the parts.
 */
public final class SystolicArea {
  private SystolicArea() {}

  /**
   * The area of a machine under its own technology.
   *
   * @throws lockstep.arch.UserError if there is no such technology
   */
  public static Area of(SystolicArchitecture machine) {
    Technology technology = Technology.load(machine.technology());
    SystolicParts parts = new SystolicParts(machine, technology.sram());
    AreaTally tally = new AreaTally(technology);
    String bit = "register_bit";
    tally.logic("array.macs", parts.cells(), "cells", "mac");
    tally.logic("array.registers", parts.cellBits(), "bits in the cells", bit);
    tally.logic("array.skew", parts.skewBits(), "bits of skew registers", bit);
    tally.memory("scratchpad", machine.scratchpad().banks(), parts.scratchpad());
    tally.memory("accumulator", machine.accumulator().banks(), parts.accumulator());
    tally.memory("parameters", 1, parts.parameters());
    tally.logic("post.lanes", parts.lanes(), "lanes", "lane");
    tally.logic("post.maximum", machine.array().cols(), "pooling comparators", "maximum");
    tally.logic("post.registers", parts.postBits(), "bits of parameters and maxima", bit);
    tally.logic("instructions", parts.instructionBits(), "bits of fetch buffer and queues", bit);
    tally.memory("port.read_buffer", 1, parts.readBuffer());
    tally.logic("port.write_fifo", parts.writeFifoBits(), "bits", bit);
    return tally.area();
  }
}
