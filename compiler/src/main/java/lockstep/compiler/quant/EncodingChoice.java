// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;

/**
 * Chooses the encodings of a graph's values: bits and calibration as each value's layer has them. A
 * group that shares an encoding takes the most bits that any of its values has, and the calibration
 * of the first of them in the graph's order.
 */
final class EncodingChoice {
  private EncodingChoice() {}

  static Encodings of(Graph graph, Calibration calibration, Quantisation quantisation) {
    EncodingGroups groups = calibration.groups();
    Map<String, Integer> bits = new HashMap<>();
    Map<String, lockstep.arch.quantisation.Calibration> methods = new HashMap<>();
    BiConsumer<String, LayerQuantisation> add =
        (value, choices) -> {
          String root = groups.root(value);
          bits.merge(root, choices.activationBits(), Math::max);
          methods.putIfAbsent(root, choices.calibration());
        };
    graph.inputs().forEach(input -> add.accept(input, quantisation.of(input, List.of())));
    for (Node node : graph.nodes()) {
      LayerQuantisation choices = quantisation.of(node.name(), node.source());
      node.outputs().forEach(output -> add.accept(output, choices));
    }
    Map<String, CodeWidth> codes = new HashMap<>();
    Map<String, Calibration.Range> ranges = new HashMap<>();
    calibration
        .ranges()
        .forEach(
            (root, range) -> {
              var width =
                  new CodeWidth(
                      Objects.requireNonNull(bits.get(root), root), groups.symmetric(root));
              codes.put(root, width);
              RangeChoice choice = RangeChoice.of(Objects.requireNonNull(methods.get(root), root));
              ranges.put(
                  root,
                  choice instanceof WholeRange
                      ? range
                      : choice.of(
                          Objects.requireNonNull(calibration.histograms().get(root), root), width));
            });
    return new Encodings(groups, ranges, codes);
  }
}
