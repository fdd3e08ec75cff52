// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.sim.energy.Area;
import lockstep.sim.energy.Energy;

/** Adds up the energies of layers by component. */
public final class EnergyParts {
  private final Map<String, ModelRun.Part> parts = new LinkedHashMap<>();

  public void add(Energy energy) {
    energy.components().forEach(this::add);
  }

  private void add(Energy.Component c) {
    var known = parts.get(c.name());
    parts.put(
        c.name(),
        new ModelRun.Part(
            c.name(),
            c.count() + (known == null ? 0 : known.count()),
            c.action(),
            c.picojoulesEach(),
            c.source(),
            c.recalled()));
  }

  public List<ModelRun.Part> list() {
    return List.copyOf(parts.values());
  }

  /** The parts of a machine. */
  public static List<ModelRun.Part> of(Area area) {
    return area.components().stream()
        .map(
            each ->
                new ModelRun.Part(
                    each.name(),
                    each.count(),
                    each.part(),
                    each.squareMicrometresEach(),
                    each.source(),
                    each.recalled()))
        .toList();
  }
}
