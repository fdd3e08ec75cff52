// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.quantisation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lockstep.arch.Mistakes;
import lockstep.arch.ResolvedYaml;
import lockstep.arch.quantisation.LayerQuantisation.Granularity;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The text form of {@link Quantisation}: from a checked tree to the record, and back to YAML. */
public final class QuantisationSpec {
  private static final String BLOCK = "/quantisation";

  private QuantisationSpec() {}

  /**
   * Makes the record.
   *
   * @param block keeps to the schema, the schema's defaults filled in
   * @param mistakes gets the conditions between values that do not hold
   */
  public static Quantisation bind(JsonNode block, Mistakes mistakes) {
    conditions(block, BLOCK, mistakes);
    LayerRule all = rule("*", block);
    List<LayerRule> layers = new ArrayList<>();
    for (JsonNode each : block.path("layers")) {
      conditions(each, BLOCK + "/layers/" + layers.size(), mistakes);
      layers.add(rule(each.path("match").asString(), each));
    }
    return new Quantisation(all.over(LayerQuantisation.DEFAULT), layers);
  }

  private static LayerRule rule(String match, JsonNode keys) {
    return new LayerRule(
        match,
        calibration(keys),
        keys.has("weights")
            ? Granularity.valueOf(keys.get("weights").stringValue().toUpperCase(Locale.ROOT))
            : null,
        keys.has("weight_bits") ? Integer.valueOf(keys.get("weight_bits").intValue()) : null,
        keys.has("activation_bits")
            ? Integer.valueOf(keys.get("activation_bits").intValue())
            : null,
        keys.has("pruning") ? pruning(keys.get("pruning")) : null);
  }

  private static @Nullable Calibration calibration(JsonNode keys) {
    JsonNode word = keys.get("calibration");
    if (word == null) {
      return null;
    }
    double percent = keys.path("percentile").asDouble(Calibration.DEFAULT_PERCENTILE);
    List<Calibration> all =
        List.of(
            new Calibration.MinMax(),
            new Calibration.Percentile(percent),
            new Calibration.MeanSquaredError(),
            new Calibration.Entropy());
    return all.stream()
        .filter(each -> each.word().equals(word.stringValue()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the schema lets through " + word));
  }

  private static Pruning pruning(JsonNode keys) {
    String kind = keys.path("kind").asString("none");
    return switch (kind) {
      case "none" -> new Pruning.None();
      case "magnitude" -> new Pruning.Magnitude(keys.path("sparsity").asDouble(0.5));
      case "n-of-m" -> new Pruning.NOfM(keys.path("n").asInt(2), keys.path("m").asInt(4));
      default -> throw new IllegalStateException("the schema lets through " + kind);
    };
  }

  private static void conditions(JsonNode keys, String pointer, Mistakes mistakes) {
    if (pruning(keys.path("pruning")) instanceof Pruning.NOfM(int n, int m) && n > m) {
      mistakes.at(
          pointer + "/pruning/n",
          "%d of %d weights cannot stay; write at most %d".formatted(n, m, m));
    }
  }

  /** The canonical YAML, as {@link ResolvedYaml} defines it. */
  public static String yaml(Quantisation quantisation) {
    LayerQuantisation all = quantisation.all();
    var text = new StringBuilder("quantisation:\n");
    text.append("  calibration: ").append(all.calibration().word()).append('\n');
    if (all.calibration() instanceof Calibration.Percentile(double percent)) {
      text.append("  percentile: ").append(ResolvedYaml.number(percent)).append('\n');
    }
    text.append("  weights: ").append(word(all.weights())).append('\n');
    text.append("  weight_bits: ").append(all.weightBits()).append('\n');
    text.append("  activation_bits: ").append(all.activationBits()).append('\n');
    text.append("  pruning: ").append(flow(all.pruning())).append('\n');
    text.append("  layers: [");
    text.append(
        String.join(", ", quantisation.layers().stream().map(QuantisationSpec::flow).toList()));
    return text.append("]\n").toString();
  }

  private static String word(Granularity granularity) {
    return granularity.name().toLowerCase(Locale.ROOT);
  }

  private static String flow(Pruning pruning) {
    return switch (pruning) {
      case Pruning.None _ -> "{kind: none}";
      case Pruning.Magnitude(double sparsity) ->
          "{kind: magnitude, sparsity: " + ResolvedYaml.number(sparsity) + "}";
      case Pruning.NOfM(int n, int m) -> "{kind: n-of-m, n: " + n + ", m: " + m + "}";
    };
  }

  private static String flow(LayerRule rule) {
    var keys = new ArrayList<String>();
    keys.add("match: " + JsonNodeFactory.instance.stringNode(rule.match()));
    if (rule.calibration() != null) {
      keys.add("calibration: " + rule.calibration().word());
      if (rule.calibration() instanceof Calibration.Percentile(double percent)) {
        keys.add("percentile: " + ResolvedYaml.number(percent));
      }
    }
    if (rule.weights() != null) {
      keys.add("weights: " + word(rule.weights()));
    }
    if (rule.weightBits() != null) {
      keys.add("weight_bits: " + rule.weightBits());
    }
    if (rule.activationBits() != null) {
      keys.add("activation_bits: " + rule.activationBits());
    }
    if (rule.pruning() != null) {
      keys.add("pruning: " + flow(rule.pruning()));
    }
    return "{" + String.join(", ", keys) + "}";
  }
}
