// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.ValueType;

/**
 * Reads the nodes of a graph: Constant nodes become constants, an If whose condition does not
 * depend on the inputs becomes the branch that it takes, its values called by the node's name and
 * their own. A Loop, a Scan and any other If are refused.
 */
final class NodeReader {
  private final TensorReader tensors;
  private final AttributeReader attributes;
  private final int opset;
  private final List<String> inputs;
  private final Map<String, ValueType> types;
  private final Map<String, Constant> constants;
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /**
   * @param constants of the graph; those of the nodes are added
   */
  NodeReader(
      TensorReader tensors,
      int opset,
      List<String> inputs,
      Map<String, ValueType> types,
      Map<String, Constant> constants) {
    this.tensors = tensors;
    this.attributes = new AttributeReader(tensors);
    this.opset = opset;
    this.inputs = inputs;
    this.types = types;
    this.constants = constants;
  }

  List<Node> read(GraphProto graph) {
    graph.getNodeList().forEach(proto -> add(proto, UnaryOperator.identity()));
    return nodes;
  }

  /**
   * @param scope what a name in the file is called here
   */
  private void add(NodeProto proto, UnaryOperator<String> scope) {
    String given = proto.getName().isEmpty() ? firstOutput(proto) : proto.getName();
    String name = scope.apply(given);
    for (int i = 2; !names.add(name); i++) {
      name = scope.apply(given) + "." + i;
    }
    List<String> outputs = trimmed(proto.getOutputList(), scope);
    boolean own = domain(proto).isEmpty();
    if (own && proto.getOpType().equals("If")) {
      addBranch(proto, name, scope);
    } else if (own && Set.of("Loop", "Scan").contains(proto.getOpType())) {
      throw unsupported(
          proto, name, "it repeats a part of the model; export the model with its loops unrolled");
    } else if (own && proto.getOpType().equals("Constant") && !outputs.isEmpty()) {
      constants.put(outputs.getFirst(), attributes.constant(attributes.read(proto, name), name));
    } else {
      SortedMap<String, Attribute> read = attributes.read(proto, name);
      Op op = new Op.Foreign(proto.getOpType(), domain(proto), read);
      nodes.add(new Node(name, op, trimmed(proto.getInputList(), scope), outputs, List.of(name)));
    }
  }

  private void addBranch(NodeProto proto, String name, UnaryOperator<String> outer) {
    if (proto.getInputCount() != 1) {
      throw unsupported(proto, name, "it has " + proto.getInputCount() + " conditions");
    }
    String condition = outer.apply(proto.getInput(0));
    boolean holds = condition(proto, name, condition);
    GraphProto branch = branch(proto, name, holds ? "then_branch" : "else_branch");
    Map<String, String> inner = new HashMap<>();
    for (TensorProto tensor : branch.getInitializerList()) {
      inner.put(tensor.getName(), name + "/" + tensor.getName());
      constants.put(name + "/" + tensor.getName(), tensors.read(tensor, tensor.getName()));
    }
    for (NodeProto node : branch.getNodeList()) {
      node.getOutputList().stream()
          .filter(o -> !o.isEmpty())
          .forEach(o -> inner.put(o, name + "/" + o));
    }
    UnaryOperator<String> scope =
        value -> inner.containsKey(value) ? inner.get(value) : outer.apply(value);
    branch.getNodeList().forEach(node -> add(node, scope));
    if (branch.getOutputCount() < proto.getOutputCount()) {
      throw unsupported(proto, name, "its branch has " + branch.getOutputCount() + " outputs");
    }
    for (int i = 0; i < proto.getOutputCount(); i++) {
      String output = outer.apply(proto.getOutput(i));
      String copy = output;
      for (int j = 2; !names.add(copy); j++) {
        copy = output + "." + j;
      }
      nodes.add(
          new Node(
              copy,
              new Op.Foreign("Identity", "", new TreeMap<>()),
              List.of(scope.apply(branch.getOutput(i).getName())),
              List.of(output),
              List.of(name)));
    }
  }

  private boolean condition(NodeProto proto, String name, String condition) {
    Graph before =
        new Graph(
            name,
            opset,
            inputs,
            nodes,
            List.of(new Graph.Result(condition, condition)),
            types,
            constants,
            Map.of());
    Constant constant;
    try {
      constant = ResolveOperators.constant(before, condition);
    } catch (UserError e) {
      throw unsupported(
          proto, name, "its condition '" + condition + "' is not known: " + e.getMessage());
    }
    if (!(constant instanceof Constant.Integers truth) || truth.values().length != 1) {
      throw unsupported(
          proto,
          name,
          "which branch runs depends on the inputs (condition '"
              + condition
              + "'); export the model for one of them");
    }
    return truth.values()[0] != 0;
  }

  private GraphProto branch(NodeProto proto, String name, String which) {
    return proto.getAttributeList().stream()
        .filter(a -> a.getName().equals(which) && a.getType() == AttributeProto.AttributeType.GRAPH)
        .findFirst()
        .orElseThrow(() -> unsupported(proto, name, "it has no " + which))
        .getG();
  }

  private UserError unsupported(NodeProto proto, String name, String reason) {
    return new UserError(
        tensors.where()
            + ": operator "
            + proto.getOpType()
            + " (node '"
            + name
            + "') is not supported: "
            + reason);
  }

  private static String domain(NodeProto proto) {
    return proto.getDomain().equals("ai.onnx") ? "" : proto.getDomain();
  }

  private static String firstOutput(NodeProto proto) {
    return proto.getOpType() + ":" + (proto.getOutputCount() > 0 ? proto.getOutput(0) : "");
  }

  /** Without the absent ("") inputs or outputs at the end. */
  private static List<String> trimmed(List<String> names, UnaryOperator<String> scope) {
    int end = names.size();
    while (end > 0 && names.get(end - 1).isEmpty()) {
      end--;
    }
    return names.subList(0, end).stream().map(n -> n.isEmpty() ? n : scope.apply(n)).toList();
  }
}
