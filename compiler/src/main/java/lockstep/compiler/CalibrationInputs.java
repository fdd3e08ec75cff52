// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.onnx.OnnxReader;

/**
 * Inputs from folders as ONNX's test data sets: {@code input_0.pb}, {@code input_1.pb}, ... in the
 * order of the model's inputs, each a serialised TensorProto.
 */
public final class CalibrationInputs {
  private CalibrationInputs() {}

  /**
   * One run per folder, by input name.
   *
   * @param graph of the model, for the inputs' names and shapes
   * @throws UserError if a file is missing, not a tensor, or of another size than the input
   */
  public static List<Map<String, float[]>> read(Graph graph, List<Path> folders) {
    List<Map<String, float[]>> runs = new ArrayList<>();
    for (Path folder : folders) {
      Map<String, float[]> run = new TreeMap<>();
      for (int i = 0; i < graph.inputs().size(); i++) {
        String input = graph.inputs().get(i);
        run.put(
            input, read(folder.resolve("input_" + i + ".pb"), input, graph.type(input).shape()));
      }
      runs.add(run);
    }
    return runs;
  }

  private static float[] read(Path file, String input, Shape shape) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UserError(
          file + ": cannot be read; input '" + input + "' of the model needs a tensor there");
    }
    float[] values = OnnxReader.readTensor(bytes, file.toString()).floats();
    if (values.length != shape.elements()) {
      throw new UserError(
          file + ": holds " + values.length + " numbers; input '" + input + "' takes " + shape);
    }
    return values;
  }
}
