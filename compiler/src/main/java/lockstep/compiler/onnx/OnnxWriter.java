// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.FloatTensor;

/** Writes a float graph as an ONNX model, fused operators as the chains they stand for. */
public final class OnnxWriter {
  /** Operator set of models without operators in their own ONNX form. */
  public static final int OPSET = 17;

  private static final int IR_VERSION = 8;

  private static final int DETACHED_ELEMENTS = 1 << 14;

  private final Graph graph;
  private final int opset;
  private final GraphProto.Builder out = GraphProto.newBuilder();
  private final Set<String> written = new HashSet<>();
  private final Set<String> invented = new HashSet<>();
  private final Map<String, FloatTensor> detached = new HashMap<>();
  private final boolean detaches;

  private OnnxWriter(Graph graph) {
    this(graph, opset(graph), false);
  }

  /**
   * @param detaches whether large weights are kept beside the model
   */
  OnnxWriter(Graph graph, int opset, boolean detaches) {
    this.graph = graph;
    this.opset = opset;
    this.detaches = detaches;
  }

  /** The operator set that a graph is written in. */
  static int opset(Graph graph) {
    boolean foreign = graph.nodes().stream().anyMatch(n -> n.op() instanceof Op.Foreign);
    return foreign ? Math.max(graph.opset(), 7) : OPSET;
  }

  /**
   * A model whose large weights are kept beside it, so that they need not be copied into a file.
   *
   * @param weights by name of the initializers that hold no data
   */
  public record Detached(byte[] model, Map<String, FloatTensor> weights) {}

  /** The graph with its own inputs and outputs. */
  public static byte[] write(Graph graph) {
    OnnxWriter writer = new OnnxWriter(graph);
    writer.body();
    for (Graph.Result result : graph.outputs()) {
      if (!result.name().equals(result.value())) {
        writer.node("Identity", List.of(result.value()), result.name(), attributes());
      }
      ValueType type = graph.types().get(result.value());
      writer.out.addOutput(
          type == null && !graph.constants().containsKey(result.value())
              ? ValueInfoProto.newBuilder().setName(result.name()).build()
              : valueInfo(result.name(), graph.type(result.value())));
    }
    return writer.model();
  }

  private void body() {
    head();
    graph.nodes().forEach(this::node);
  }

  void output(String name, ValueType type) {
    out.addOutput(valueInfo(name, type));
  }

  Detached detached() {
    return new Detached(model(), detached);
  }

  /** Name, inputs and constants: what the nodes come after. */
  void head() {
    out.setName(graph.name().isEmpty() ? "graph" : graph.name());
    for (String input : graph.inputs()) {
      out.addInput(valueInfo(input, graph.type(input)));
    }
    graph.nodes().forEach(n -> n.inputs().forEach(this::constant));
    graph.outputs().forEach(o -> constant(o.value()));
  }

  private byte[] model() {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("lockstep")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset));
    out.getNodeList().stream()
        .map(NodeProto::getDomain)
        .filter(d -> !d.isEmpty())
        .distinct()
        .sorted()
        .forEach(
            d -> model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(d).setVersion(1)));
    return model.setGraph(out).build().toByteArray();
  }

  private void constant(String name) {
    Constant constant = graph.constants().get(name);
    if (constant != null && written.add(name)) {
      constant(name, constant);
    }
  }

  String constant(String name, Constant constant) {
    if (constant instanceof Constant.Splat splat && opset >= 9 && splat.shape().elements() > 64) {
      long[] dims = splat.shape().toLongs();
      String shape =
          constant(
              fresh(name + "/shape"),
              new Constant.Integers(ElementType.INT64, Shape.of(dims.length), dims));
      Constant value = new Constant.Floats(Shape.of(1), new float[] {splat.value()});
      node(
          "ConstantOfShape",
          List.of(shape),
          name,
          attributes("value", new Attribute.Tensor(value)));
    } else if (detaches
        && constant.element() == ElementType.FLOAT
        && constant.shape().elements() >= DETACHED_ELEMENTS) {
      detached.put(name, new FloatTensor(constant.shape(), constant.floats()));
      out.addInitializer(OnnxTensors.writeDetached(name, constant));
    } else {
      out.addInitializer(OnnxTensors.write(name, constant));
    }
    return name;
  }

  void node(Node node) {
    List<String> in = node.inputs();
    String output = node.outputs().getFirst();
    switch (node.op()) {
      case Op.Conv conv -> conv(node, conv);
      case Op.Linear _ -> {
        String product = in.size() > 2 ? fresh(output + "/product") : output;
        node("MatMul", in.subList(0, 2), product, attributes());
        if (in.size() > 2) {
          node("Add", List.of(product, in.get(2)), output, attributes());
        }
      }
      case Op.Gemm gemm ->
          node(
              "Gemm",
              in,
              output,
              attributes(
                  "alpha", new Attribute.Real(gemm.alpha()),
                  "beta", new Attribute.Real(gemm.beta()),
                  "transA", new Attribute.Int(gemm.transA() ? 1 : 0),
                  "transB", new Attribute.Int(gemm.transB() ? 1 : 0)));
      case Op.MatMul _ -> node("MatMul", in, output, attributes());
      case Op.Product _ -> node("MatMul", in.reversed(), output, attributes());
      case Op.Affine _ -> {
        String scale =
            perChannel(in.get(1), fresh(output + "/scale"), graph.type(in.get(0)).shape());
        String shift =
            perChannel(in.get(2), fresh(output + "/shift"), graph.type(in.get(0)).shape());
        String scaled = fresh(output + "/scaled");
        node("Mul", List.of(in.get(0), scale), scaled, attributes());
        node("Add", List.of(scaled, shift), output, attributes());
      }
      case Op.BatchNormalization norm ->
          node(
              "BatchNormalization",
              in,
              output,
              attributes("epsilon", new Attribute.Real(norm.epsilon())));
      case Op.Add _ -> node(in.size() == 2 ? "Add" : "Sum", in, output, attributes());
      case Op.Mul _ -> node("Mul", in, output, attributes());
      case Op.Activate a ->
          new WindowForms(this, opset).activation(a.activation(), in.get(0), output);
      case Op.MaxPool pool ->
          new WindowForms(this, opset).maxPool(pool.window(), rank(in), in.get(0), output);
      case Op.AveragePool pool ->
          new WindowForms(this, opset).averagePool(pool.window(), rank(in), in.get(0), output);
      case Op.Concat concat ->
          node("Concat", in, output, attributes("axis", new Attribute.Int(concat.axis())));
      case Op.Pad pad -> new WindowForms(this, opset).pad(pad, in.get(0), output);
      case Op.Reshape reshape -> {
        long[] dims = reshape.shape().toLongs();
        String shape =
            constant(
                fresh(output + "/dims"),
                new Constant.Integers(ElementType.INT64, Shape.of(dims.length), dims));
        node("Reshape", List.of(in.get(0), shape), output, attributes());
      }
      case Op.Transpose transpose ->
          node(
              "Transpose",
              in,
              output,
              attributes(
                  "perm",
                  new Attribute.Ints(
                      transpose.permutation().stream().map(Integer::longValue).toList())));
      case Op.Identity _ -> node("Identity", in, output, attributes());
      case Op.ConstantOfShape fill ->
          node(
              "ConstantOfShape",
              in,
              output,
              attributes(
                  "value",
                  new Attribute.Tensor(
                      new Constant.Floats(Shape.of(1), new float[] {fill.value()}))));
      case Op.Quantise q -> quantiser("QuantizeLinear", node, q.axis(), node.output());
      case Op.Dequantise q -> quantiser("DequantizeLinear", node, q.axis(), node.input());
      case Op.Foreign foreign when WindowForms.unknownHardSwish(foreign, opset) ->
          new WindowForms(this, opset).hardSwish(in.get(0), output);
      case Op.Foreign foreign ->
          out.addNode(
              proto(foreign.type(), in, node.outputs(), foreign.attributes())
                  .setName(node.name())
                  .setDomain(foreign.domain()));
    }
  }

  /** Before opset 21 only ONNX Runtime's own operators know codes of 16 bits. */
  private void quantiser(String type, Node node, int axis, String codes) {
    Constant known = graph.constants().get(codes);
    ElementType element = known == null ? graph.type(codes).element() : known.element();
    NodeProto.Builder quantiser = proto(type, node.inputs(), node.outputs(), axis(axis));
    boolean wide = element.bytes() == Short.BYTES && opset < 21;
    out.addNode(wide ? quantiser.setDomain(OperatorForms.CONTRIBUTED) : quantiser);
  }

  private SortedMap<String, Attribute> axis(int axis) {
    return opset < 13 ? attributes() : attributes("axis", new Attribute.Int(axis));
  }

  private int rank(List<String> inputs) {
    return graph.type(inputs.getFirst()).shape().rank();
  }

  private void conv(Node node, Op.Conv conv) {
    List<String> in = node.inputs();
    int plain = conv.residual() ? in.size() - 1 : in.size();
    String output = node.outputs().getFirst();
    WindowForms forms = new WindowForms(this, opset);
    if (conv.bare()) {
      forms.conv(conv, rank(in), in, output);
      return;
    }
    String value = fresh(output + "/conv");
    forms.conv(conv, rank(in), in.subList(0, plain), value);
    if (conv.pool() != null) {
      String pooled = fresh(output + "/pool");
      forms.maxPool(conv.pool(), rank(in), value, pooled);
      value = pooled;
    }
    if (conv.residual()) {
      String sum = fresh(output + "/sum");
      node("Add", List.of(value, in.getLast()), sum, attributes());
      value = sum;
    }
    forms.activation(conv.activation(), value, output);
  }

  private String perChannel(String constant, String name, Shape value) {
    int[] dims = new int[value.rank()];
    java.util.Arrays.fill(dims, 1);
    dims[1] = value.dim(1);
    return constant(
        name, Objects.requireNonNull(graph.constants().get(constant)).reshaped(Shape.of(dims)));
  }

  /** Adds an initializer under a fresh name. */
  String addConstant(String hint, Constant constant) {
    return constant(fresh(hint), constant);
  }

  /** A name that no value of the graph has and that was not given out before. */
  String fresh(String hint) {
    String name = hint;
    for (int i = 2;
        graph.types().containsKey(name)
            || graph.constants().containsKey(name)
            || !invented.add(name);
        i++) {
      name = hint + "." + i;
    }
    return name;
  }

  void node(
      String type, List<String> inputs, String output, SortedMap<String, Attribute> attributes) {
    out.addNode(proto(type, inputs, List.of(output), attributes));
  }

  private static NodeProto.Builder proto(
      String type,
      List<String> inputs,
      List<String> outputs,
      SortedMap<String, Attribute> attributes) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setName(outputs.getFirst())
            .setOpType(type)
            .addAllInput(inputs)
            .addAllOutput(outputs);
    attributes.forEach((name, value) -> node.addAttribute(attribute(name, value)));
    return node;
  }

  static SortedMap<String, Attribute> attributes(Object... pairs) {
    SortedMap<String, Attribute> attributes = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      attributes.put((String) pairs[i], (Attribute) pairs[i + 1]);
    }
    return attributes;
  }

  private static AttributeProto attribute(String name, Attribute value) {
    AttributeProto.Builder a = AttributeProto.newBuilder().setName(name);
    switch (value) {
      case Attribute.Int i -> a.setType(AttributeProto.AttributeType.INT).setI(i.value());
      case Attribute.Real f -> a.setType(AttributeProto.AttributeType.FLOAT).setF(f.value());
      case Attribute.Text s ->
          a.setType(AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(s.value()));
      case Attribute.Ints l -> a.setType(AttributeProto.AttributeType.INTS).addAllInts(l.values());
      case Attribute.Reals l ->
          a.setType(AttributeProto.AttributeType.FLOATS).addAllFloats(l.values());
      case Attribute.Texts l -> {
        a.setType(AttributeProto.AttributeType.STRINGS);
        l.values().forEach(s -> a.addStrings(ByteString.copyFromUtf8(s)));
      }
      case Attribute.Tensor t ->
          a.setType(AttributeProto.AttributeType.TENSOR).setT(OnnxTensors.write("", t.value()));
    }
    return a.build();
  }

  private static ValueInfoProto valueInfo(String name, ValueType type) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    type.shape()
        .dims()
        .forEach(d -> shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(d)));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(type.element().onnxNumber())
                        .setShape(shape)))
        .build();
  }
}
