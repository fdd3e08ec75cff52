// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import lockstep.arch.UserError;
import lockstep.compiler.zoo.Zoo;

/**
 * Where a model comes from.
 *
 * @param name short name for reports
 * @param where the path, or the name of a built-in model, for messages
 * @param kind how to read {@code bytes}
 * @param dims sizes of dynamic dimensions, see {@link lockstep.compiler.onnx.OnnxReader}
 */
public record ModelSource(
    String name, String where, Kind kind, byte[] bytes, Map<String, Integer> dims) {

  public enum Kind {
    ONNX,
    TOPOLOGY
  }

  public ModelSource {
    dims = Map.copyOf(dims);
  }

  /**
   * A built-in model's name, an .onnx file, or a .csv topology.
   *
   * @throws UserError if there is no such model or the file cannot be read
   */
  public static ModelSource of(String nameOrPath, Map<String, Integer> dims) {
    if (Zoo.names().contains(nameOrPath)) {
      return new ModelSource(nameOrPath, nameOrPath, Kind.ONNX, Zoo.model(nameOrPath), dims);
    }
    Path path = Path.of(nameOrPath);
    boolean topology = nameOrPath.endsWith(".csv");
    if (!topology && !nameOrPath.endsWith(".onnx")) {
      throw new UserError(
          nameOrPath
              + ": neither a built-in model ("
              + String.join(", ", Zoo.names())
              + ") nor an .onnx file nor a .csv topology");
    }
    if (!Files.isRegularFile(path)) {
      throw new UserError(nameOrPath + ": there is no such file; give the path of a model");
    }
    try {
      return new ModelSource(
          shortName(path),
          nameOrPath,
          topology ? Kind.TOPOLOGY : Kind.ONNX,
          Files.readAllBytes(path),
          new TreeMap<>(dims));
    } catch (IOException e) {
      throw new UserError(
          nameOrPath + ": cannot be read (" + e.getMessage() + "); check its rights");
    }
  }

  /** The file's name, or its folder's where every model is called model.onnx. */
  private static String shortName(Path path) {
    String file = String.valueOf(path.getFileName()).replaceFirst("\\.(onnx|csv)$", "");
    Path folder = path.toAbsolutePath().normalize().getParent();
    return file.equals("model") && folder != null && folder.getFileName() != null
        ? folder.getFileName().toString()
        : file;
  }
}
