// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import lockstep.arch.quantisation.QuantisationSpec;
import lockstep.arch.systolic.SystolicMapping;
import lockstep.arch.systolic.SystolicSpec;
import lockstep.arch.vliw.VliwMapping;
import lockstep.arch.vliw.VliwSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Loads machine files. The steps: YAML to a tree with places, overrides, JSON Schema, records with
 * every default filled in, then the conditions that no schema can say. Each step reports all the
 * mistakes that it finds.
 */
public final class SpecLoader {
  private SpecLoader() {}

  /**
   * Loads a machine file.
   *
   * @param overrides {@code a.b=c}, as given to {@code --set}; {@code c} is YAML
   * @throws UserError naming file, line and column of every mistake
   */
  public static MachineSpec load(Path file, List<String> overrides) {
    var document = YamlDocument.read(file);
    var places = new HashMap<>(document.positions());
    if (!(document.tree() instanceof ObjectNode tree)) {
      throw new UserError(
          places.get("")
              + ": is not a machine; write keys and values, for example family: systolic");
    }
    overrides.forEach(each -> override(tree, each, places));
    return fromTree(tree, places);
  }

  /**
   * Loads a machine from a tree, as {@link #load} does from the tree of a file.
   *
   * @param positions the place of each value by JSON pointer; the root must be there
   */
  public static MachineSpec fromTree(JsonNode tree, Map<String, Position> positions) {
    var mistakes = new Mistakes(positions);
    if (!(tree instanceof ObjectNode object)) {
      throw new UserError(positions.get("") + ": is not a machine; write keys and values");
    }
    var family = Family.of(object, mistakes);
    mistakes.refuse();
    var schema = SpecSchema.of(family);
    schema.check(object, mistakes);
    mistakes.refuse();

    var machine = object.deepCopy();
    Optional<JsonNode> sweep = Optional.ofNullable(machine.remove("sweep"));
    var filled = machine.deepCopy();
    schema.fillDefaults(filled);
    filled.remove("sweep");
    var block = filled.remove("quantisation");
    var mappingBlock = filled.remove("mapping");
    var without = new TreeSet<String>();
    filled.remove("without").forEach(each -> without.add(each.stringValue()));
    var architecture =
        switch (family) {
          case SYSTOLIC -> SystolicSpec.bind(filled, mistakes);
          case VLIW -> VliwSpec.bind(filled, mistakes);
        };
    var mapping =
        switch (family) {
          case SYSTOLIC -> SystolicMapping.bind(mappingBlock);
          case VLIW -> VliwMapping.bind(mappingBlock);
        };
    var quantisation = QuantisationSpec.bind(block, mistakes);
    sweep.ifPresent(each -> SweepCheck.check(each, machine, schema, mistakes));
    mistakes.refuse();
    return new MachineSpec(
        architecture,
        quantisation,
        mapping,
        Collections.unmodifiableSortedSet(without),
        sweep,
        ResolvedYaml.of(architecture, quantisation, mapping, without),
        machine,
        Map.copyOf(positions));
  }

  private static void override(ObjectNode tree, String override, Map<String, Position> places) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      throw new UserError(
          "--set " + override + ": is not path=value; write for example --set array.rows=32");
    }
    var origin = Position.of("--set " + override);
    var value = YamlDocument.parse("--set " + override, override.substring(equals + 1)).tree();
    DottedPath.set(tree, override.substring(0, equals), value, origin, places);
  }
}
