// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.vliw;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lockstep.arch.FlowKeys;
import lockstep.arch.Mapping;
import lockstep.arch.vliw.MappingRule.Innermost;
import lockstep.arch.vliw.MappingRule.Size;
import tools.jackson.databind.JsonNode;

/**
 * The block {@code mapping:} of a VLIW machine's file.
 *
 * @param rules in the order of the file; the later ones win
 */
public record VliwMapping(List<MappingRule> rules) implements Mapping {
  public VliwMapping {
    rules = List.copyOf(rules);
  }

  /** The record of a block that keeps to the schema. */
  public static VliwMapping bind(JsonNode block) {
    List<MappingRule> rules = new ArrayList<>();
    for (JsonNode each : block) {
      JsonNode unroll = each.path("unroll");
      JsonNode tile = each.get("tile");
      String innermost = FlowKeys.word(each, "innermost");
      String outer = FlowKeys.word(each, "outer");
      rules.add(
          new MappingRule(
              each.path("match").asString(),
              FlowKeys.number(unroll, "pixels"),
              FlowKeys.number(unroll, "channels"),
              innermost == null ? null : Innermost.valueOf(innermost.toUpperCase(Locale.ROOT)),
              tile == null ? null : new Size(tile.get(0).intValue(), tile.get(1).intValue()),
              FlowKeys.number(each, "output_blocks"),
              outer == null ? null : Boolean.valueOf(outer.equals("pixels")),
              FlowKeys.number(each, "buffers")));
    }
    return new VliwMapping(rules);
  }

  /** The canonical YAML, as {@link lockstep.arch.ResolvedYaml} defines it. */
  public String yaml() {
    return "mapping: [" + String.join(", ", rules.stream().map(MappingRule::yaml).toList()) + "]\n";
  }
}
