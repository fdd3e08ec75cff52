// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.fuzz;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import lockstep.compiler.operators.Operators;

/** Well-formed files that mean something else than an exporter ever wrote. */
record ModelDamage(Random random) {
  private static final List<String> OPERATORS = List.copyOf(Operators.table().keySet());
  private static final long[] ODD = {
    0,
    1,
    2,
    3,
    5,
    -1,
    -2,
    7,
    64,
    1 << 16,
    1 << 20,
    1 << 30,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final float[] ODD_REALS = {
    0, -0f, 1, -1, 1e-38f, 3e38f, Float.NaN, Float.POSITIVE_INFINITY, 0.3f
  };

  byte[] apply(ModelProto whole) {
    ModelProto.Builder model = whole.toBuilder();
    for (int i = 0; i <= random.nextInt(2); i++) {
      change(model);
    }
    return model.build().toByteArray();
  }

  private void change(ModelProto.Builder model) {
    GraphProto.Builder graph = model.getGraphBuilder();
    int kind = random.nextInt(16);
    switch (kind) {
      case 0 -> model.getOpsetImportBuilder(0).setVersion(random.nextInt(4, 26));
      case 1 -> model.setIrVersion(random.nextInt(14));
      case 2, 3 -> input(graph);
      case 4, 5, 6 -> tensor(graph);
      case 7 -> output(graph);
      default -> {
        if (graph.getNodeCount() > 0) {
          node(graph, kind);
        }
      }
    }
  }

  private long odd() {
    return random.nextInt(3) == 0 ? random.nextInt(-4, 12) : ODD[random.nextInt(ODD.length)];
  }

  private String anyName(GraphProto.Builder graph) {
    List<String> names = new ArrayList<>(List.of("", "nobody"));
    graph.getInputList().forEach(i -> names.add(i.getName()));
    graph.getInitializerList().forEach(i -> names.add(i.getName()));
    graph.getNodeList().forEach(n -> names.addAll(n.getOutputList()));
    return names.get(random.nextInt(names.size()));
  }

  private void input(GraphProto.Builder graph) {
    if (graph.getInputCount() == 0) {
      return;
    }
    int at = random.nextInt(graph.getInputCount());
    TypeProto.Tensor.Builder type =
        graph.getInputBuilder(at).getTypeBuilder().getTensorTypeBuilder();
    TensorShapeProto.Builder shape = type.getShapeBuilder();
    switch (random.nextInt(6)) {
      case 0 -> graph.getInputBuilder(at).setName(anyName(graph));
      case 1 -> type.setElemType(random.nextInt(24));
      case 2 -> graph.removeInput(at);
      case 3 -> shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(odd()));
      default -> {
        if (shape.getDimCount() > 0) {
          shape.getDimBuilder(random.nextInt(shape.getDimCount())).setDimValue(odd());
        }
      }
    }
  }

  private void output(GraphProto.Builder graph) {
    if (graph.getOutputCount() == 0) {
      return;
    }
    int at = random.nextInt(graph.getOutputCount());
    switch (random.nextInt(3)) {
      case 0 -> graph.removeOutput(at);
      case 1 -> graph.addOutput(graph.getOutput(at).toBuilder().setName(anyName(graph)));
      default -> graph.getOutputBuilder(at).setName(anyName(graph));
    }
  }

  private void tensor(GraphProto.Builder graph) {
    if (graph.getInitializerCount() == 0) {
      return;
    }
    TensorProto.Builder tensor =
        graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount()));
    switch (random.nextInt(8)) {
      case 0 -> tensor.setName(anyName(graph));
      case 1 -> tensor.setDataType(random.nextInt(24));
      case 2 -> tensor.addDims(odd());
      case 3 -> tensor.setRawData(tensor.getRawData().substring(tensor.getRawData().size() / 2));
      case 4 -> tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL);
      case 5 -> numbers(tensor);
      default -> {
        if (tensor.getDimsCount() > 0) {
          tensor.setDims(random.nextInt(tensor.getDimsCount()), odd());
        }
      }
    }
  }

  /** Other numbers in the tensor: sizes, axes and weights that do not belong there. */
  private void numbers(TensorProto.Builder tensor) {
    byte[] raw = tensor.getRawData().toByteArray();
    if (raw.length >= 8 && tensor.getDataType() == 7) {
      int at = random.nextInt(raw.length / 8) * 8;
      java.nio.ByteBuffer.wrap(raw).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(at, odd());
    } else if (raw.length >= 4) {
      int at = random.nextInt(raw.length / 4) * 4;
      java.nio.ByteBuffer.wrap(raw)
          .order(java.nio.ByteOrder.LITTLE_ENDIAN)
          .putFloat(at, ODD_REALS[random.nextInt(ODD_REALS.length)]);
    }
    tensor.setRawData(com.google.protobuf.ByteString.copyFrom(raw));
  }

  private void node(GraphProto.Builder graph, int kind) {
    int at = random.nextInt(graph.getNodeCount());
    NodeProto.Builder node = graph.getNodeBuilder(at);
    switch (kind) {
      case 8 -> {
        String type = OPERATORS.get(random.nextInt(OPERATORS.size()));
        int dot = type.lastIndexOf('.');
        node.setOpType(type.substring(dot + 1)).setDomain(type.substring(0, Math.max(0, dot)));
      }
      case 9 -> {
        if (node.getInputCount() > 0) {
          node.setInput(random.nextInt(node.getInputCount()), anyName(graph));
        }
      }
      case 10 -> {
        List<String> inputs = new ArrayList<>(node.getInputList());
        if (!inputs.isEmpty()) {
          inputs.remove(random.nextInt(inputs.size()));
        }
        node.clearInput().addAllInput(inputs);
      }
      case 11 -> {
        switch (random.nextInt(4)) {
          case 0 -> node.addInput(anyName(graph));
          case 1 -> node.addOutput(anyName(graph));
          case 2 -> node.clearOutput();
          default -> node.clearOutput().addOutput(anyName(graph));
        }
      }
      case 12 -> {
        switch (random.nextInt(3)) {
          case 0 -> graph.removeNode(at);
          case 1 -> graph.addNode(node.build());
          default -> {
            NodeProto other = graph.getNode(random.nextInt(graph.getNodeCount()));
            graph.setNode(at, other);
          }
        }
      }
      default -> attribute(node);
    }
  }

  private void attribute(NodeProto.Builder node) {
    if (node.getAttributeCount() == 0) {
      node.addAttribute(
          AttributeProto.newBuilder()
              .setName(random.nextBoolean() ? "axis" : "axes")
              .setType(AttributeProto.AttributeType.INT)
              .setI(odd()));
      return;
    }
    int at = random.nextInt(node.getAttributeCount());
    AttributeProto.Builder attribute = node.getAttributeBuilder(at);
    switch (random.nextInt(6)) {
      case 0 -> node.removeAttribute(at);
      case 1 ->
          attribute.setType(
              AttributeProto.AttributeType.values()[
                  random.nextInt(AttributeProto.AttributeType.values().length)]);
      case 2 -> attribute.setName(random.nextBoolean() ? "axis" : "mode");
      default -> {
        switch (attribute.getType()) {
          case INT -> attribute.setI(odd());
          case FLOAT -> attribute.setF(ODD_REALS[random.nextInt(ODD_REALS.length)]);
          case INTS -> {
            if (attribute.getIntsCount() > 0 && random.nextInt(3) > 0) {
              attribute.setInts(random.nextInt(attribute.getIntsCount()), odd());
            } else {
              attribute.addInts(odd());
            }
          }
          case STRING -> attribute.setS(com.google.protobuf.ByteString.copyFromUtf8("SAME_LOWER"));
          case TENSOR -> attribute.getTBuilder().addDims(odd());
          default -> attribute.clearType();
        }
      }
    }
  }
}
