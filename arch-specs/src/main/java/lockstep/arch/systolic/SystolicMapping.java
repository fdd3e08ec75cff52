// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.systolic;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lockstep.arch.FlowKeys;
import lockstep.arch.Mapping;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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
      JsonNode banks = each.path("banks");
      String dataflow = FlowKeys.word(each, "dataflow");
      String reduction = FlowKeys.word(each, "reduction");
      String outer = FlowKeys.word(each, "outer");
      String depthFirst = FlowKeys.word(each, "depth_first");
      rules.add(
          new MappingRule(
              each.path("match").asString(),
              dataflow == null ? null : Dataflow.valueOf(dataflow.toUpperCase(Locale.ROOT)),
              reduction == null ? null : Boolean.valueOf(reduction.equals("patches")),
              FlowKeys.number(each, "tile", 0),
              FlowKeys.number(each, "tile", 1),
              FlowKeys.number(each, "reduction_tiles"),
              FlowKeys.number(each, "output_blocks"),
              outer == null ? null : Boolean.valueOf(outer.equals("weights")),
              FlowKeys.number(banks, "activations"),
              FlowKeys.number(banks, "weights"),
              FlowKeys.number(banks, "residuals"),
              depthFirst == null ? null : Boolean.valueOf(depthFirst.equals("on"))));
    }
    return new SystolicMapping(rules);
  }

  /** The canonical YAML, as {@link lockstep.arch.ResolvedYaml} defines it. */
  public String yaml() {
    return "mapping: ["
        + String.join(", ", rules.stream().map(SystolicMapping::flow).toList())
        + "]\n";
  }

  private static String flow(MappingRule rule) {
    FlowKeys banks =
        new FlowKeys()
            .add("activations", rule.activationBanks())
            .add("weights", rule.weightBanks())
            .add("residuals", rule.residualBanks());
    return new FlowKeys()
        .text("match", rule.match())
        .add("dataflow", word(rule.dataflow()))
        .add("reduction", word(rule.patches(), "patches", "channels"))
        .add("tile", tile(rule.tileH(), rule.tileW()))
        .add("reduction_tiles", rule.reductionTiles())
        .add("output_blocks", rule.outputBlocks())
        .add("outer", word(rule.weightsOuter(), "weights", "pixels"))
        .group("banks", banks)
        .add("depth_first", word(rule.depthFirst(), "on", "off"))
        .toString();
  }

  private static @Nullable String word(@Nullable Dataflow dataflow) {
    return dataflow == null ? null : dataflow.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String word(@Nullable Boolean choice, String yes, String no) {
    return choice == null ? null : choice ? yes : no;
  }

  private static @Nullable String tile(@Nullable Integer h, @Nullable Integer w) {
    return h == null || w == null ? null : "[" + h + ", " + w + "]";
  }
}
