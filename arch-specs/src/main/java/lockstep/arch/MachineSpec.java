// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import lockstep.arch.quantisation.Quantisation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A machine file, checked and loaded.
 *
 * @param architecture the machine, every default filled in
 * @param quantisation how models are quantised for it, every default filled in
 * @param mapping what the user chose of the mapping of layers
 * @param without names of the compiler's passes that are left out; whether there are such passes is
 *     the compiler's to know
 * @param sweep the study block as written, checked against the schema; absent when the file has
 *     none
 * @param resolvedYaml the machine as YAML text with every default filled in, in a fixed order; a
 *     pure function of the architecture, {@code quantisation}, {@code mapping} and {@code without},
 *     fit for hashing, and itself a machine file
 * @param machine the machine as written, without defaults and without the study; read only
 * @param positions where each value came from, by JSON pointer
 */
public record MachineSpec(
    Architecture architecture,
    Quantisation quantisation,
    Mapping mapping,
    SortedSet<String> without,
    Optional<JsonNode> sweep,
    String resolvedYaml,
    ObjectNode machine,
    Map<String, Position> positions) {

  /**
   * The machine alone as YAML text: what its hardware and the layout of its programs follow from.
   */
  public String hardwareYaml() {
    return ResolvedYaml.of(architecture);
  }

  /**
   * The same machine with other values, as a sweep makes it; defaults that follow from a value (a
   * width from rows and columns, for example) follow the new one.
   *
   * @param values by dotted path, for example {@code array.rows}
   * @throws UserError when the machine with these values is not a valid one
   */
  public MachineSpec with(Map<String, JsonNode> values) {
    var tree = machine.deepCopy();
    var places = new java.util.HashMap<>(positions);
    values.forEach(
        (path, value) -> {
          var origin = Position.of("with " + path + " = " + value);
          DottedPath.set(tree, path, value, origin, places);
        });
    return SpecLoader.fromTree(tree, places);
  }
}
