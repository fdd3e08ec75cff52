// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lockstep.arch.UserError;
import lockstep.compiler.data.TensorFile;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Shape;

/**
 * Inputs from folders as ONNX's test data sets: {@code input_0.pb}, {@code input_1.pb}, ... in the
 * order of the model's inputs, each as {@link TensorFile} reads it, {@code .npy} files, too.
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
        run.put(input, read(folder, i, input, graph.type(input).shape()));
      }
      runs.add(run);
    }
    return runs;
  }

  private static float[] read(Path folder, int index, String input, Shape shape) {
    Path file =
        TensorFile.find(folder, "input_" + index)
            .orElseThrow(
                () ->
                    new UserError(
                        folder.resolve("input_" + index + ".pb")
                            + ": cannot be read; input '"
                            + input
                            + "' of the model needs a tensor there"));
    float[] values = TensorFile.read(file).floats();
    if (values.length != shape.elements()) {
      throw new UserError(
          file + ": holds " + values.length + " numbers; input '" + input + "' takes " + shape);
    }
    return values;
  }
}
