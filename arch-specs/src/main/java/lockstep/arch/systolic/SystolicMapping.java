// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.systolic;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lockstep.arch.Mapping;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The block {@code mapping:} of a systolic machine's file.
 *
 * @param rules in the order of the file; the later ones win
 */
public record SystolicMapping(List<MappingRule> rules) implements Mapping {
  public SystolicMapping {
    rules = List.copyOf(rules);
  }

  /** The record of a block that keeps to the schema. */
  public static SystolicMapping bind(JsonNode block) {
    List<MappingRule> rules = new ArrayList<>();
    for (JsonNode each : block) {
      JsonNode tile = each.get("tile");
      JsonNode banks = each.path("banks");
      String dataflow = word(each, "dataflow");
      String reduction = word(each, "reduction");
      String outer = word(each, "outer");
      String depthFirst = word(each, "depth_first");
      rules.add(
          new MappingRule(
              each.path("match").asString(),
              dataflow == null ? null : Dataflow.valueOf(dataflow.toUpperCase(Locale.ROOT)),
              reduction == null ? null : Boolean.valueOf(reduction.equals("patches")),
              tile == null ? null : Integer.valueOf(tile.get(0).intValue()),
              tile == null ? null : Integer.valueOf(tile.get(1).intValue()),
              number(each, "reduction_tiles"),
              number(each, "output_blocks"),
              outer == null ? null : Boolean.valueOf(outer.equals("weights")),
              number(banks, "activations"),
              number(banks, "weights"),
              number(banks, "residuals"),
              depthFirst == null ? null : Boolean.valueOf(depthFirst.equals("on"))));
    }
    return new SystolicMapping(rules);
  }

  private static @Nullable String word(JsonNode keys, String key) {
    return keys.has(key) ? keys.get(key).stringValue() : null;
  }

  private static @Nullable Integer number(JsonNode keys, String key) {
    return keys.has(key) ? Integer.valueOf(keys.get(key).intValue()) : null;
  }

  /** The canonical YAML, as {@link lockstep.arch.ResolvedYaml} defines it. */
  public String yaml() {
    return "mapping: ["
        + String.join(", ", rules.stream().map(SystolicMapping::flow).toList())
        + "]\n";
  }

  private static String flow(MappingRule rule) {
    List<String> keys = new ArrayList<>();
    keys.add("match: " + JsonNodeFactory.instance.stringNode(rule.match()));
    if (rule.dataflow() != null) {
      keys.add("dataflow: " + rule.dataflow().name().toLowerCase(Locale.ROOT));
    }
    if (rule.patches() != null) {
      keys.add("reduction: " + (rule.patches() ? "patches" : "channels"));
    }
    if (rule.tileH() != null && rule.tileW() != null) {
      keys.add("tile: [" + rule.tileH() + ", " + rule.tileW() + "]");
    }
    add(keys, "reduction_tiles", rule.reductionTiles());
    add(keys, "output_blocks", rule.outputBlocks());
    if (rule.weightsOuter() != null) {
      keys.add("outer: " + (rule.weightsOuter() ? "weights" : "pixels"));
    }
    List<String> banks = new ArrayList<>();
    add(banks, "activations", rule.activationBanks());
    add(banks, "weights", rule.weightBanks());
    add(banks, "residuals", rule.residualBanks());
    if (!banks.isEmpty()) {
      keys.add("banks: {" + String.join(", ", banks) + "}");
    }
    if (rule.depthFirst() != null) {
      keys.add("depth_first: " + (rule.depthFirst() ? "on" : "off"));
    }
    return "{" + String.join(", ", keys) + "}";
  }

  private static void add(List<String> keys, String key, @Nullable Integer value) {
    if (value != null) {
      keys.add(key + ": " + value);
    }
  }
}
