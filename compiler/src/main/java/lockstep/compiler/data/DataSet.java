// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;

/**
 * Inputs of a model and, where they are known, the outputs that belong to them, each in the model's
 * order: files {@code input_0}, {@code input_1}, ..., {@code output_0}, ... that {@link TensorFile}
 * reads, as ONNX's model tests keep them.
 *
 * @param name the folder's
 * @param outputs empty where none are known
 */
public record DataSet(String name, List<Constant> inputs, List<Constant> outputs) {
  private static final String NUMBERED = "test_data_set_";

  public DataSet {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * The set in a folder, or those in its folders {@code test_data_set_0}, {@code test_data_set_1},
   * ...; none where there are no such files.
   *
   * @throws UserError if a file is there but cannot be read
   */
  public static List<DataSet> in(Path folder) {
    if (holds(folder)) {
      return List.of(read(folder));
    }
    List<DataSet> sets = new ArrayList<>();
    for (int i = 0; Files.isDirectory(folder.resolve(NUMBERED + i)); i++) {
      if (holds(folder.resolve(NUMBERED + i))) {
        sets.add(read(folder.resolve(NUMBERED + i)));
      }
    }
    return List.copyOf(sets);
  }

  private static boolean holds(Path folder) {
    return TensorFile.find(folder, "input_0").isPresent()
        || TensorFile.find(folder, "output_0").isPresent();
  }

  private static DataSet read(Path folder) {
    String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    return new DataSet(name, tensors(folder, "input_"), tensors(folder, "output_"));
  }

  private static List<Constant> tensors(Path folder, String prefix) {
    List<Constant> tensors = new ArrayList<>();
    Optional<Path> file = TensorFile.find(folder, prefix + 0);
    while (file.isPresent()) {
      tensors.add(TensorFile.read(file.get()));
      file = TensorFile.find(folder, prefix + tensors.size());
    }
    return tensors;
  }
}
