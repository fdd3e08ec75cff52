// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.onnx.OnnxWriter;

/** A model for each operator case: the node alone, its first input an input of the model. */
public final class OperatorModels {
  private OperatorModels() {}

  /** Where operators on codes have the codes that come in, and the scale of those that go out. */
  private static final Map<String, int[]> CODED =
      Map.ofEntries(
          entry("QLinearConv", new int[] {0, 6}),
          entry("QLinearMatMul", new int[] {0, 6}),
          entry("QuantizeLinear", new int[] {-1, 1}),
          entry("DequantizeLinear", new int[] {0, -1}),
          entry("com.microsoft.QGemm", new int[] {0, 7}),
          entry("com.microsoft.QLinearAdd", new int[] {0, 6}),
          entry("com.microsoft.QLinearMul", new int[] {0, 6}),
          entry("com.microsoft.QLinearSigmoid", new int[] {0, 3}),
          entry("com.microsoft.QLinearLeakyRelu", new int[] {0, 3}),
          entry("com.microsoft.QLinearAveragePool", new int[] {0, 3}),
          entry("com.microsoft.QLinearGlobalAveragePool", new int[] {0, 3}),
          entry("com.microsoft.QLinearConcat", new int[] {2, 0}));

  /**
   * A model of one node; an operator on codes stands between a quantiser and a dequantiser.
   *
   * @param operator its name, with the domain in front where it is not the default one
   * @param inputs that the operator is defined on
   */
  public record Model(String operator, Graph graph, Map<String, float[]> inputs) {
    public byte[] bytes() {
      return OnnxWriter.write(graph);
    }
  }

  public static List<Model> all() {
    CaseList others = new CaseList(1);
    others.opset(23).with("alpha", 2.0).of("Swish", others.floats(1, 3, 4, 5));
    return Stream.concat(OperatorsTest.cases().stream(), others.all().stream())
        .filter(one -> !one.inputs().isEmpty() && one.inputs().getFirst() != null)
        .map(OperatorModels::of)
        .toList();
  }

  private static Model of(OperatorCase one) {
    Map<String, ValueType> types = new HashMap<>();
    Map<String, Constant> constants = new HashMap<>(one.graph().constants());
    List<Node> nodes = new ArrayList<>(List.of(one.node()));
    Map<String, float[]> inputs = new TreeMap<>();
    List<Constant> results = one.evaluated();
    for (int i = 0; i < one.outputs(); i++) {
      types.put("o" + i, results.get(i).type());
    }
    List<Graph.Result> outputs = new ArrayList<>(one.graph().outputs());
    int[] coded = CODED.getOrDefault(one.key(), new int[] {-1, -1});
    for (int i = 0; i < one.inputs().size(); i++) {
      Constant input = one.inputs().get(i);
      boolean floats = input != null && input.element() == ElementType.FLOAT;
      boolean other = floats && i == 1 && input.shape().equals(one.inputs().getFirst().shape());
      boolean second =
          coded[0] >= 0
              && i == coded[0] + 3
              && Set.of("Add", "Mul", "Concat").contains(one.op().type().replace("QLinear", ""))
              && input.shape().equals(one.inputs().get(coded[0]).shape());
      if (i == coded[0] || second) {
        String real = "real" + i;
        nodes.addFirst(coder("QuantizeLinear", real, "i" + i, one, i + 1));
        inputs.put(real, input.floats());
        types.put(real, ValueType.floats(input.shape()));
        types.put("i" + i, input.type());
        constants.remove("i" + i);
      } else if (coded[0] <= 0 && (i == 0 || (other && coded[1] < 0))) {
        inputs.put("i" + i, finite(input.floats()));
        types.put("i" + i, input.type());
        constants.remove("i" + i);
      }
    }
    if (coded[1] >= 0 && coded[1] < one.inputs().size()) {
      nodes.add(coder("DequantizeLinear", "o0", "y", one, coded[1]));
      types.put("y", ValueType.floats(results.getFirst().shape()));
      outputs = List.of(new Graph.Result("y", "y"));
    }
    return new Model(
        one.key(),
        new Graph(
            "case",
            one.opset(),
            List.copyOf(inputs.keySet()),
            nodes,
            outputs,
            types,
            constants,
            Map.of()),
        inputs);
  }

  private static float[] finite(float[] values) {
    float[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = Float.isFinite(result[i]) ? result[i] : 0;
    }
    return result;
  }

  private static Node coder(String type, String from, String to, OperatorCase one, int scale) {
    List<String> names = new ArrayList<>(List.of(from, "i" + scale));
    boolean zero = scale + 1 < one.inputs().size() && one.inputs().get(scale + 1) != null;
    if (zero) {
      names.add("i" + (scale + 1));
    }
    SortedMap<String, Attribute> attributes = new TreeMap<>();
    for (String name : List.of("axis", "block_size")) {
      if (one.op().attributes().get(name) instanceof Attribute.Int value) {
        attributes.put(name, value);
      }
    }
    return new Node(to, new Op.Foreign(type, "", attributes), names, List.of(to), List.of());
  }
}
