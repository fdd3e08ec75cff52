// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.technology.Figure;
import lockstep.arch.technology.SramTable;
import lockstep.arch.technology.Technology;

/** Collects the components of an area under one technology table. */
public final class AreaTally {
  private final Technology technology;
  private final List<Area.Component> components = new ArrayList<>();

  public AreaTally(Technology technology) {
    this.technology = technology;
  }

  /** Parts that have the table's figure of that name. */
  public void logic(String name, long count, String part, String figure) {
    Figure each = technology.area(figure);
    components.add(
        new Area.Component(name, count, part, each.value(), each.provenance(), each.recalled()));
  }

  /** Banks of memory. */
  public void memory(String name, long banks, SramTable.Bank bank) {
    SramTable sram = technology.sram();
    components.add(
        new Area.Component(
            name,
            banks,
            "banks of " + bank.macros() + " macros",
            bank.areaMm2() * 1e6,
            sram.provenance(),
            sram.recalled()));
  }

  /** What was collected. */
  public Area area() {
    return new Area(List.copyOf(components), technology.notCounted());
  }
}
