// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * Reads an ONNX file into a graph whose nodes are all {@link Op.Foreign}; Constant nodes become
 * constants. Only the inputs have types yet: {@link lockstep.compiler.passes.ResolveOperators} does
 * the rest. With {@link OnnxWriter} the only place that knows ONNX's protobuf classes.
 */
public final class OnnxReader {
  /** Versions of the file format that ONNX Runtime 1.29 reads: onnx/common, IR_VERSION. */
  private static final int NEWEST_IR = 13;

  private static final int OLDEST_IR = 3;

  private final String where;
  private final Map<String, Integer> dims;
  private final List<Shape> shapes;
  private final ExternalData external;
  private final Map<String, Constant> constants = new HashMap<>();

  private OnnxReader(
      String where, Map<String, Integer> dims, List<Shape> shapes, ExternalData external) {
    this.where = where;
    this.dims = dims;
    this.shapes = shapes;
    this.external = external;
  }

  /**
   * @param where the file's name for messages
   * @param dims sizes of dynamic dimensions: by the model's name for the dimension, by {@code
   *     input:index}, or {@code batch} for the first dimension of any input; elements of an integer
   *     input that is to be a constant by {@code input[index]}
   * @throws UserError for a file that is not a whole ONNX model, for sparse or external data,
   *     weights that are not numbers, and dynamic dimensions without a size
   */
  public static Graph read(byte[] bytes, String where, Map<String, Integer> dims) {
    return new OnnxReader(where, dims, List.of(), ExternalData.NONE).read(parse(bytes, where));
  }

  /**
   * As {@link #read(byte[], String, Map)}, from a file and with its external data; a dynamic
   * dimension without a size has that of the shape given.
   *
   * @param file the model's, whose folder may hold external data
   * @param shapes of the model's inputs in order; may be fewer
   */
  public static Graph read(byte[] bytes, Path file, Map<String, Integer> dims, List<Shape> shapes) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return new OnnxReader(file.toString(), dims, shapes, new ExternalData(folder))
        .read(parse(bytes, file.toString()));
  }

  /**
   * The files beside a model in which it keeps data.
   *
   * @throws UserError if it is not an ONNX model, or names a file outside of its folder
   */
  public static Set<Path> dataFiles(byte[] bytes, Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return new ExternalData(folder).files(parse(bytes, file.toString()).getGraph());
  }

  /** Reads the floats of a serialised TensorProto, as in ONNX's test data sets. */
  public static Constant readTensor(byte[] bytes, String where) {
    try {
      return OnnxTensors.read(TensorProto.parseFrom(bytes), where, ExternalData.NONE);
    } catch (IOException e) {
      throw new UserError(where + ": not a serialised ONNX tensor; export it again");
    }
  }

  private static ModelProto parse(byte[] bytes, String where) {
    ModelProto model;
    try {
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      in.enableAliasing(true);
      model = ModelProto.parseFrom(in);
      in.checkLastTagWas(0);
    } catch (IOException e) {
      throw new UserError(
          where + ": not an ONNX model, or a truncated one; export or download it again");
    }
    if (!model.hasGraph() || model.getGraph().getOutputCount() == 0) {
      throw new UserError(where + ": not an ONNX model (it has no graph with outputs)");
    }
    return model;
  }

  private Graph read(ModelProto model) {
    if (model.getIrVersion() < OLDEST_IR || model.getIrVersion() > NEWEST_IR) {
      throw new UserError(
          where
              + ": version "
              + model.getIrVersion()
              + " of the file format (its ir_version) is not supported; export the model with one"
              + " from "
              + OLDEST_IR
              + " to "
              + NEWEST_IR);
    }
    int opset = 0;
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx")) {
        opset = (int) Math.clamp(set.getVersion(), 0, Integer.MAX_VALUE);
      }
    }
    if (opset < 6 || opset > 23) {
      throw new UserError(
          where
              + ": operator set "
              + opset
              + " is not supported; export the model with one from 6"
              + " to 23");
    }
    GraphProto graph = model.getGraph();
    if (graph.getSparseInitializerCount() > 0) {
      throw new UserError(where + ": sparse weights are not supported; export dense ones");
    }
    TensorReader tensors = new TensorReader(where, external);
    for (TensorProto tensor : graph.getInitializerList()) {
      constants.put(tensor.getName(), tensors.read(tensor, tensor.getName()));
    }
    Map<String, ValueType> types = new HashMap<>();
    List<String> inputs = new ArrayList<>();
    for (ValueInfoProto input : graph.getInputList()) {
      if (!constants.containsKey(input.getName())) {
        ValueType type = inputType(input, inputs.size());
        if (type.element() != ElementType.FLOAT && dims.containsKey(input.getName() + "[0]")) {
          constants.put(input.getName(), given(input.getName(), type));
        } else {
          inputs.add(input.getName());
          types.put(input.getName(), type);
        }
      }
    }
    List<Node> nodes = new NodeReader(tensors, opset, inputs, types, constants).read(graph);
    List<Graph.Result> outputs =
        graph.getOutputList().stream()
            .map(o -> new Graph.Result(o.getName(), o.getName()))
            .toList();
    return new Graph(graph.getName(), opset, inputs, nodes, outputs, types, constants, Map.of());
  }

  /** An integer input whose elements are given like dimensions, as of a shape. */
  private Constant given(String input, ValueType type) {
    long[] values = new long[Math.toIntExact(type.shape().elements())];
    for (int i = 0; i < values.length; i++) {
      Integer value = dims.get(input + "[" + i + "]");
      if (value == null) {
        throw new UserError(
            where
                + ": input '"
                + input
                + "' has "
                + values.length
                + " elements; give all or none of them, here --dim "
                + input
                + "["
                + i
                + "]=N");
      }
      values[i] = value;
    }
    return new Constant.Integers(type.element(), type.shape(), values);
  }

  private ValueType inputType(ValueInfoProto input, int position) {
    int number = input.getType().getTensorType().getElemType();
    ElementType element = OnnxTensors.element(number);
    if (!input.getType().hasTensorType() || element == null) {
      throw new UserError(
          where
              + ": input '"
              + input.getName()
              + "' is "
              + (input.getType().hasTensorType()
                  ? "of element type " + OnnxTensors.typeName(number)
                  : "not a tensor")
              + "; inputs are tensors of "
              + Arrays.toString(ElementType.values()));
    }
    TensorShapeProto shape = input.getType().getTensorType().getShape();
    long[] sizes = new long[shape.getDimCount()];
    for (int i = 0; i < sizes.length; i++) {
      TensorShapeProto.Dimension dim = shape.getDim(i);
      sizes[i] =
          dim.hasDimValue() && dim.getDimValue() > 0
              ? dim.getDimValue()
              : dynamic(input.getName(), position, i, dim.getDimParam());
    }
    try {
      return new ValueType(element, Shape.of(sizes));
    } catch (IllegalArgumentException e) {
      throw new UserError(where + ": input '" + input.getName() + "' has " + e.getMessage());
    }
  }

  private int dynamic(String input, int position, int index, String parameter) {
    Integer size = parameter.isEmpty() ? null : dims.get(parameter);
    size = size != null ? size : dims.get(input + ":" + index);
    size = size != null || index > 0 ? size : dims.get("batch");
    if (size == null && position < shapes.size() && index < shapes.get(position).rank()) {
      size = shapes.get(position).dim(index);
    }
    if (size == null) {
      String key = parameter.isEmpty() ? input + ":" + index : parameter;
      throw new UserError(
          where
              + ": input '"
              + input
              + "' has the dynamic dimension "
              + (parameter.isEmpty()
                  ? "number " + index
                  : "'" + parameter + "' (number " + index + ")")
              + "; give its size with "
              + (index == 0 ? "--batch N or " : "")
              + "--dim "
              + key
              + "=N");
    }
    return size;
  }
}
