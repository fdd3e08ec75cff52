// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.util.Map;
import lockstep.arch.MachineSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the compiler decides after its passes and can be left out as they can. */
final class MappingSteps {
  /** Layers run in stripes with their neighbours where that saves off-chip traffic. */
  static final String DEPTH_FIRST = "depth-first";

  private MappingSteps() {}

  /** The machine with a last rule in its {@code mapping:} that forbids it for every layer. */
  static MachineSpec withoutDepthFirst(MachineSpec machine) {
    var rules = JsonNodeFactory.instance.arrayNode();
    JsonNode given = machine.machine().get("mapping");
    if (given != null) {
      given.forEach(each -> rules.add(each.deepCopy()));
    }
    rules.addObject().put("match", "*").put("depth_first", "off");
    return machine.with(Map.of("mapping", rules));
  }
}
