// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lockstep.arch.FileFailure;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.onnx.OnnxReader;

/** A tensor in a file: a serialised TensorProto ({@code .pb}) or a NumPy array ({@code .npy}). */
public final class TensorFile {
  private static final List<String> ENDINGS = List.of(".pb", ".npy");

  private TensorFile() {}

  /** The file of that name, without its ending, in a folder. */
  public static Optional<Path> find(Path folder, String name) {
    return ENDINGS.stream()
        .map(e -> folder.resolve(name + e))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /**
   * @throws UserError if the file cannot be read or is no tensor of a supported element type
   */
  public static Constant read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UserError(file + ": " + FileFailure.words(e));
    }
    return file.toString().endsWith(".npy")
        ? NumpyFile.read(bytes, file.toString())
        : OnnxReader.readTensor(bytes, file.toString());
  }
}
