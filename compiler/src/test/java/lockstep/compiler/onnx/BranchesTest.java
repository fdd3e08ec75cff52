// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.GraphCheck;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.interpreter.FloatInterpreter;
import org.junit.jupiter.api.Test;

/** Sub-graphs: what is known is taken, what is not is refused with its name. */
class BranchesTest {
  private static final Constant X = new Constant.Floats(Shape.of(1, 2), new float[] {-1, 2});

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("g");

  private static ValueInfoProto value(String name, int type, int... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int dim : dims) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }

  private static NodeProto.Builder node(String type, String output, String... inputs) {
    return NodeProto.newBuilder().setOpType(type).addOutput(output).addAllInput(List.of(inputs));
  }

  private static AttributeProto branch(String name, NodeProto.Builder... nodes) {
    GraphProto.Builder body =
        GraphProto.newBuilder()
            .setName(name)
            .addInitializer(number("k", ElementType.FLOAT, 10))
            .addOutput(ValueInfoProto.newBuilder().setName("r"));
    for (NodeProto.Builder each : nodes) {
      body.addNode(each);
    }
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(body)
        .build();
  }

  private static TensorProto.Builder number(String name, ElementType type, int value) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(type.onnxNumber());
    return switch (type) {
      case FLOAT -> tensor.addFloatData(value);
      case INT64 -> tensor.addInt64Data(value);
      case BOOL, INT8, UINT8, INT16, UINT16, INT32 -> tensor.addInt32Data(value);
    };
  }

  /** Adds ten, or takes the negative of twice the value: both branches use the same names. */
  private static NodeProto.Builder either(String name, String output, String condition, String x) {
    return node("If", output, condition)
        .setName(name)
        .addAttribute(branch("then_branch", node("Add", "r", x, "k")))
        .addAttribute(branch("else_branch", node("Add", "t", x, x), node("Neg", "r", "t")));
  }

  private byte[] model(String output) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(
            graph
                .addInput(value("x", 1, 1, 2))
                .addOutput(ValueInfoProto.newBuilder().setName(output)))
        .build()
        .toByteArray();
  }

  private void check(String output, float... expected) {
    byte[] bytes = model(output);
    Graph raw = OnnxReader.read(bytes, "m.onnx", Map.of());
    assertThat(FloatInterpreter.run(raw, Map.of("x", X)).get(output).floats())
        .containsExactly(expected);
    Graph resolved = GraphCheck.require(ResolveOperators.apply(raw), "reading");
    assertThat(FloatInterpreter.run(resolved, Map.of("x", X)).get(output).floats())
        .containsExactly(expected);
    assertThat(resolved.nodes())
        .extracting(Node::op)
        .noneMatch(op -> op instanceof Op.Foreign foreign && foreign.type().equals("If"));
    try (HostSession session = HostSession.open(bytes, "the model")) {
      assertThat(session.run(Map.of("x", X)).get(output).floats()).containsExactly(expected);
    }
  }

  @Test
  void constantConditions() {
    graph
        .addInitializer(number("yes", ElementType.BOOL, 1))
        .addInitializer(number("no", ElementType.BOOL, 0))
        .addNode(either("first", "a", "yes", "x"))
        .addNode(either("second", "b", "no", "a"));
    check("b", -18, -24);
  }

  /** As PyTorch exports a squeeze: whether the dimension is 1 is asked of the shape. */
  @Test
  void conditionsOnShapes() {
    graph
        .addInitializer(number("one", ElementType.INT64, 1))
        .addInitializer(number("zero", ElementType.INT64, 0))
        .addNode(node("Relu", "r0", "x"))
        .addNode(node("Shape", "shape", "r0"))
        .addNode(
            node("Gather", "dim", "shape", "zero")
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(0)))
        .addNode(node("Equal", "is", "dim", "one"))
        .addNode(
            node("If", "y", "is")
                .addAttribute(branch("then_branch", node("Squeeze", "r", "r0")))
                .addAttribute(branch("else_branch", node("Identity", "r", "r0"))));
    check("y", 0, 2);
  }

  @Test
  void branchesWithinBranches() {
    graph
        .addInitializer(number("yes", ElementType.BOOL, 1))
        .addInitializer(number("no", ElementType.BOOL, 0))
        .addNode(
            node("If", "y", "yes")
                .setName("outer")
                .addAttribute(
                    branch(
                        "then_branch", node("Add", "u", "x", "k"), either("inner", "r", "no", "u")))
                .addAttribute(branch("else_branch", node("Neg", "r", "x"))));
    check("y", -18, -24);
  }

  private void refused(String reason) {
    byte[] bytes = model("y");
    assertThatThrownBy(() -> OnnxReader.read(bytes, "m.onnx", Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("m.onnx: operator ")
        .hasMessageContaining(reason);
  }

  @Test
  void conditionsOnInputsAreRefused() {
    graph
        .addInitializer(number("zero", ElementType.FLOAT, 0))
        .addNode(node("ReduceMax", "most", "x"))
        .addNode(node("Greater", "c", "most", "zero"))
        .addNode(either("which", "y", "c", "x"));
    refused(
        "If (node 'which') is not supported: which branch runs depends on the inputs (condition"
            + " 'c'); export the model for one of them");
  }

  @Test
  void conditionsOfNobodyAreRefused() {
    graph.addNode(either("which", "y", "nothing", "x"));
    refused("If (node 'which') is not supported: its condition 'nothing' is not known");
  }

  @Test
  void loopsAreRefused() {
    graph
        .addInitializer(number("n", ElementType.INT64, 3))
        .addInitializer(number("go", ElementType.BOOL, 1))
        .addNode(
            node("Loop", "y", "n", "go", "x")
                .setName("again")
                .addAttribute(branch("body", node("Relu", "r", "x"))));
    refused("Loop (node 'again') is not supported: it repeats a part of the model");
  }
}
