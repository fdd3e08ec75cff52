// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;

/** Reads what stands in a node beside its inputs and outputs. */
record AttributeReader(TensorReader tensors) {
  /** Attributes that hold the number of an element type. */
  private static final Set<String> ELEMENT_TYPES =
      Set.of("to", "dtype", "output_dtype", "stash_type", "softmax_precision");

  /**
   * @param node the node's name for messages
   */
  SortedMap<String, Attribute> read(NodeProto proto, String node) {
    SortedMap<String, Attribute> attributes = new TreeMap<>();
    for (AttributeProto a : proto.getAttributeList()) {
      attributes.put(
          a.getName(),
          switch (a.getType()) {
            case INT -> new Attribute.Int(number(a));
            case FLOAT -> new Attribute.Real(a.getF());
            case STRING -> new Attribute.Text(a.getS().toStringUtf8());
            case INTS -> new Attribute.Ints(List.copyOf(a.getIntsList()));
            case FLOATS -> new Attribute.Reals(List.copyOf(a.getFloatsList()));
            case STRINGS ->
                new Attribute.Texts(
                    a.getStringsList().stream().map(s -> s.toStringUtf8()).toList());
            case TENSOR -> new Attribute.Tensor(tensors.read(a.getT(), node + "." + a.getName()));
            case UNDEFINED,
                GRAPH,
                SPARSE_TENSOR,
                TYPE_PROTO,
                TENSORS,
                GRAPHS,
                SPARSE_TENSORS,
                TYPE_PROTOS ->
                throw new UserError(
                    tensors.where()
                        + ": operator "
                        + proto.getOpType()
                        + " (node '"
                        + node
                        + "') is not supported: its attribute '"
                        + a.getName()
                        + "' is a "
                        + a.getType());
          });
    }
    return attributes;
  }

  /** An element type that the graph holds as FLOAT is FLOAT wherever an operator names it. */
  private static long number(AttributeProto attribute) {
    return ELEMENT_TYPES.contains(attribute.getName()) && OnnxTensors.isOtherFloat(attribute.getI())
        ? ElementType.FLOAT.onnxNumber()
        : attribute.getI();
  }

  /** The value of a Constant node. */
  Constant constant(SortedMap<String, Attribute> attributes, String node) {
    Attribute value = attributes.isEmpty() ? null : attributes.firstEntry().getValue();
    return switch (value) {
      case Attribute.Tensor tensor -> tensor.value();
      case Attribute.Int number ->
          new Constant.Integers(ElementType.INT64, Shape.SCALAR, new long[] {number.value()});
      case Attribute.Real number -> new Constant.Floats(Shape.SCALAR, new float[] {number.value()});
      case Attribute.Ints numbers ->
          new Constant.Integers(
              ElementType.INT64,
              Shape.of(numbers.values().size()),
              numbers.values().stream().mapToLong(Long::longValue).toArray());
      case Attribute.Reals numbers -> {
        float[] floats = new float[numbers.values().size()];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = numbers.values().get(i);
        }
        yield new Constant.Floats(Shape.of(floats.length), floats);
      }
      case Attribute.Text _, Attribute.Texts _ ->
          throw new UserError(
              tensors.where() + ": constant '" + node + "' is a string; not supported");
      case null ->
          throw new UserError(tensors.where() + ": constant node '" + node + "' has no value");
    };
  }
}
