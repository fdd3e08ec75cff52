// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.onnx.OnnxReader;

/** Models beside the repository, for tests only; tests are skipped where they are absent. */
public final class Workloads {
  private Workloads() {}

  /** The folder of a workload, or the end of the test with the reason. */
  public static Path folder(String name) {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("shared/workloads"))) {
      at = at.getParent();
    }
    Path folder = at == null ? null : at.resolve("shared/workloads").resolve(name);
    assumeTrue(
        folder != null && Files.exists(folder),
        "skipped: workload " + name + " is not in ../shared/workloads");
    return folder;
  }

  public static ModelSource model(String name) {
    return ModelSource.of(folder(name).resolve("model.onnx").toString(), Map.of());
  }

  /** Inputs of a data set by input name. */
  public static Map<String, float[]> inputs(String name, Graph graph, int set) throws IOException {
    Map<String, float[]> inputs = new HashMap<>();
    List<String> names = graph.inputs();
    for (int i = 0; i < names.size(); i++) {
      inputs.put(names.get(i), tensor(name, "test_data_set_" + set + "/input_" + i + ".pb"));
    }
    return inputs;
  }

  public static float[] tensor(String name, String file) throws IOException {
    Path path = folder(name).resolve(file);
    return OnnxReader.readTensor(Files.readAllBytes(path), path.toString()).floats();
  }

  /** A model that copies its input, whose first dimension has a name instead of a size. */
  public static byte[] dynamic(String input, String dimension, int... others) {
    TensorShapeProto.Builder shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(dimension));
    for (int size : others) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
    }
    TypeProto type =
        TypeProto.newBuilder()
            .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape))
            .build();
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(
            GraphProto.newBuilder()
                .setName("dynamic")
                .addInput(ValueInfoProto.newBuilder().setName(input).setType(type))
                .addOutput(ValueInfoProto.newBuilder().setName("y").setType(type))
                .addNode(NodeProto.newBuilder().setOpType("Relu").addInput(input).addOutput("y")))
        .build()
        .toByteArray();
  }

  public static Map<String, Constant> feeds(Graph graph, Map<String, float[]> inputs) {
    Map<String, Constant> feeds = new HashMap<>();
    inputs.forEach(
        (name, values) -> feeds.put(name, new Constant.Floats(graph.type(name).shape(), values)));
    return feeds;
  }
}
