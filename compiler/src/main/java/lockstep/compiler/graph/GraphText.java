// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A graph as text, one line a value; equal graphs give equal text.
 *
 * <pre>
 * graph resnet8 opset 17
 * input  x : float[1x3x32x32]
 * const  w : float[16x3x3x3] splat 0.5
 * y : float[1x16x32x32] = Conv[window=3x3 pad 1,1,1,1](x, w)  quantised 0.02 zero -128
 * output y = y
 * </pre>
 *
 * Of large constants only the hash of their contents is shown.
 */
public final class GraphText {
  private static final int SHOWN_ELEMENTS = 8;

  private GraphText() {}

  public static String print(Graph graph) {
    StringBuilder text = new StringBuilder();
    text.append("graph ").append(graph.name()).append(" opset ").append(graph.opset());
    text.append('\n');
    for (String input : graph.inputs()) {
      text.append("input  ").append(input).append(" : ").append(graph.type(input));
      text.append(quantised(graph, input)).append('\n');
    }
    for (String name : new TreeSet<>(graph.constants().keySet())) {
      text.append("const  ").append(name).append(" : ").append(graph.type(name)).append(' ');
      Constant constant = graph.constants().get(name);
      text.append(constant == null ? "" : contents(constant)).append('\n');
    }
    for (Node node : graph.nodes()) {
      text.append(
              node.outputs().stream()
                  .map(o -> o.isEmpty() ? "_" : o + " : " + graph.type(o) + quantised(graph, o))
                  .collect(Collectors.joining(", ")))
          .append(" = ")
          .append(node.op() instanceof Op.Foreign f ? f.type() + f.attributes() : node.op())
          .append('(')
          .append(String.join(", ", node.inputs()))
          .append(")\n");
    }
    for (Graph.Result output : graph.outputs()) {
      text.append("output ").append(output.name()).append(" = ").append(output.value());
      text.append('\n');
    }
    return text.toString();
  }

  private static String quantised(Graph graph, String value) {
    Quantisation known = graph.quantisations().get(value);
    return known == null ? "" : " quantised " + known;
  }

  private static String contents(Constant constant) {
    if (constant instanceof Constant.Splat splat) {
      return "splat " + splat.value();
    }
    if (constant.shape().elements() <= SHOWN_ELEMENTS) {
      return constant instanceof Constant.Integers integers
          ? java.util.Arrays.toString(integers.values())
          : java.util.Arrays.toString(constant.floats());
    }
    String kind = constant.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    return kind + " #" + Integer.toHexString(constant.hashCode());
  }
}
