// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.technology.Figure;
import lockstep.arch.technology.SramTable;
import lockstep.arch.technology.Technology;

/** Collects the components of an energy under one technology table. */
public final class EnergyTally {
  private final Technology technology;
  private final List<Energy.Component> components = new ArrayList<>();

  public EnergyTally(Technology technology) {
    this.technology = technology;
  }

  /** Actions that cost the table's figure of that name. */
  public void add(String name, double count, String action, String figure) {
    add(name, count, action, technology.energy(figure));
  }

  /** Actions that cost a figure. */
  public void add(String name, double count, String action, Figure each) {
    add(name, count, action, each, 1);
  }

  /** Actions that cost so many times a figure. */
  public void add(String name, double count, String action, Figure each, double times) {
    components.add(
        new Energy.Component(
            name, count, action, times * each.value(), each.provenance(), each.recalled()));
  }

  /** Accesses of a memory, of {@code each} picojoules. */
  public void memory(String name, double count, String action, double each) {
    SramTable sram = technology.sram();
    components.add(
        new Energy.Component(name, count, action, each, sram.provenance(), sram.recalled()));
  }

  /** Leakage of banks, if the table has a figure. */
  public void leakage(String name, long banks, SramTable.Bank bank, double microseconds) {
    Double milliwatts = bank.leakageMw();
    if (milliwatts != null) {
      memory(name, microseconds, "microseconds", banks * milliwatts * 1e3);
    }
  }

  /** Leakage of parts, if the table has a figure of that name. */
  public void leakage(String name, String part, long count, double microseconds) {
    Figure figure = technology.leakage(part);
    if (figure != null) {
      add(name, microseconds, "microseconds", figure, count * 1e3);
    }
  }

  /** What was collected, of a run of so many cycles. */
  public Energy energy(long cycles, double microseconds) {
    return new Energy(
        technology.unit(), List.copyOf(components), cycles, microseconds, technology.notCounted());
  }
}
